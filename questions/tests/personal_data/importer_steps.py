"""Steps that tests of the import share."""

import json
from datetime import timedelta

from questions.accounts.owners import Owner
from questions.personal_data import importer
from questions.personal_data.archive_reader import read
from questions.tests.factories import UserFactory
from questions.tests.personal_data.test_exporter import data_of, exported
from questions.tests.personal_data_factories import AT

LATER = AT + timedelta(days=10)


def owner_of_a_user() -> Owner:
    return Owner(user_id=UserFactory().pk)


def download(owner: Owner, at=LATER) -> dict:
    """What data.json of the owner says, as JSON."""
    return data_of(exported(owner, at=at))


def import_data(owner: Owner, document: dict, at=LATER) -> importer.ImportSummary:
    return importer.import_data(owner=owner, data=read(json.dumps(document).encode()), at=at)
