"""What tests of the import share: a bank, and a download of somebody who has left."""

import uuid

import pytest

from questions.accounts.owners import Owner
from questions.tests.personal_data.importer_steps import download
from questions.tests.personal_data_factories import Bank, fill, make_bank


@pytest.fixture
def bank() -> Bank:
    return make_bank()


@pytest.fixture
def document(bank: Bank) -> dict:
    """What somebody who has left for another site has downloaded here."""
    leaver = Owner(visitor=uuid.uuid4())
    fill(leaver, bank)
    return download(leaver)
