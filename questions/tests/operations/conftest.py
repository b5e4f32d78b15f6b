"""What tests of backups stand on."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from questions.models import Attempt, Mode, Owner, Question
from questions.services import attempts
from questions.tests.operations.databases import Place

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    """A place for a database where none is."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    found = Place(folder)
    yield found
    found.remove()


def take(questions: list[Question]) -> Attempt:
    """An exam of a new visitor, answered and handed in, in one transaction."""
    with transaction.atomic():
        owner = Owner(visitor=uuid.uuid4())
        attempt = attempts.start(owner=owner, questions=questions, mode=Mode.EXAM, title="T", at=NOW)
        for position in range(1, len(questions) + 1):
            attempts.record_response(attempt=attempt, position=position, answer={"chosen": [0]}, at=NOW)
        return attempts.submit(attempt=attempt, at=NOW)
