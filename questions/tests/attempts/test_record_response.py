"""`record_response` saves answer and flag together, also with concurrent requests."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.enums import Mode
from questions.scheduling import reviews
from questions.scheduling.models import Review
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIGHT, WRONG = {"chosen": [0]}, {"chosen": [1]}


def start(mode: str = Mode.PRACTICE, **options) -> Attempt:
    owner, question = Owner(visitor=uuid.uuid4()), make_question("single_choice")
    return attempts.start(owner=owner, questions=[question], mode=mode, title="T", at=NOW, **options)


def stored(attempt: Attempt) -> Response:
    return Response.objects.select_related("attempt", "revision").get(attempt=attempt)


def test_answer_and_flag_are_saved_together() -> None:
    attempt = start()
    attempts.record_response(response=stored(attempt), answer=RIGHT, flagged=True, at=NOW)
    response = stored(attempt)
    assert (response.answer, response.fraction, response.flagged) == (RIGHT, 1, True)


def test_failure_saves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_options) -> None:
        raise ZeroDivisionError

    attempt = start()
    monkeypatch.setattr(reviews, "record_reviews", fail)
    with pytest.raises(ZeroDivisionError):
        attempts.record_response(response=stored(attempt), answer=RIGHT, flagged=True, at=NOW)
    response = stored(attempt)
    assert (response.is_answered, response.flagged) == (False, False)


def test_flag_is_saved_without_an_answer() -> None:
    attempt = start()
    for flagged in (True, False):
        attempts.record_response(response=stored(attempt), flagged=flagged, at=NOW)
        assert stored(attempt).flagged is flagged
    assert not stored(attempt).is_answered
    assert not Review.objects.exists()


def test_nothing_to_save_needs_no_query(django_assert_num_queries) -> None:
    response = stored(start())
    with django_assert_num_queries(0):
        attempts.record_response(response=response, flagged=False, at=NOW)


def test_response_has_the_stored_values_afterwards() -> None:
    attempt = start(Mode.EXAM)
    response = stored(attempt)
    attempts.record_response(
        response=response, answer=WRONG, confidence="sure", duration=timedelta(seconds=5), flagged=True, at=NOW
    )
    for name in attempts.RESPONSE_FIELDS:
        assert getattr(response, name) == getattr(stored(attempt), name), name


class TestConcurrentRequest:
    """Another request has changed the row since this one read it."""

    def test_practice_keeps_the_first_answer_and_saves_the_flag(self) -> None:
        attempt = start()
        late = stored(attempt)
        attempts.record_response(response=stored(attempt), answer=RIGHT, at=NOW)
        with pytest.raises(attempts.AlreadyAnswered):
            attempts.record_response(response=late, answer=WRONG, flagged=True, at=NOW)
        assert (stored(attempt).answer, stored(attempt).flagged) == (RIGHT, True)
        assert (late.answer, late.flagged) == (RIGHT, True)
        assert Review.objects.count() == 1

    def test_exam_keeps_the_last_answer_and_adds_durations(self) -> None:
        attempt, spent = start(Mode.EXAM), timedelta(seconds=7)
        late = stored(attempt)
        attempts.record_response(response=stored(attempt), answer=RIGHT, duration=spent, at=NOW)
        attempts.record_response(response=late, answer=WRONG, duration=spent, at=NOW)
        assert (stored(attempt).answer, stored(attempt).duration) == (WRONG, 2 * spent)

    @pytest.mark.parametrize("end", [attempts.submit, attempts.abandon])
    def test_nothing_is_saved_after_the_end(self, end) -> None:
        attempt = start(Mode.EXAM)
        late = stored(attempt)
        end(attempt=attempt, at=NOW)
        with pytest.raises(attempts.AttemptClosed):
            attempts.record_response(response=late, answer=RIGHT, flagged=True, at=NOW)
        assert (stored(attempt).is_answered, stored(attempt).flagged) == (False, False)
