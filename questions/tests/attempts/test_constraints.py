"""Constraints of attempts and responses in the database."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptStatus
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"visitor": None}, "attempt_has_one_owner"),
        ({"status": "lost"}, "attempt_status_known"),
        ({"mode": "dream"}, "attempt_mode_known"),
        ({"status": AttemptStatus.SUBMITTED}, "attempt_submitted_when_ended"),
        ({"submitted_at": NOW}, "attempt_submitted_when_ended"),
        ({"deadline_at": NOW}, "attempt_deadline_after_start"),
    ],
)
def test_database_refuses_an_invalid_attempt(change: dict, name: str) -> None:
    attempt = visitor_attempt(Client(), make_question("true_false"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(**change)


def test_database_refuses_two_owners() -> None:
    attempt = visitor_attempt(Client(), make_question("true_false"))
    with pytest.raises(IntegrityError, match="attempt_has_one_owner"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(user=UserFactory())


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"fraction": 1.1}, "response_fraction_in_range"),
        ({"fraction": -0.1}, "response_fraction_in_range"),
        ({"confidence": "very"}, "response_confidence_known"),
        ({"answered_at": None}, "response_answered_or_not"),
    ],
)
def test_database_refuses_an_invalid_response(change: dict, name: str) -> None:
    response = visitor_attempt(Client(), make_question("true_false")).responses.get()
    attempts.record_response(response=response, answer={"chosen": [0]}, at=NOW)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(**change)


def test_position_has_one_response() -> None:
    response = visitor_attempt(Client(), make_question("true_false")).responses.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(attempt=response.attempt, position=1, revision=response.revision)
