"""The rule by which keys, grades and outcomes are revealed, held against a table that is written out."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.attempts.results import scored
from questions.bank import item_statistics
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.enums import AttemptMode, AttemptStatus
from questions.secrecy import revealed
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNANSWERED: dict[str, Any] = {"answer": None, "fraction": None, "answered_at": None}
ANSWERS = [
    UNANSWERED,
    *({"answer": {"chosen": [0]}, "fraction": fraction, "answered_at": AT} for fraction in (None, 0.0, 0.5, 1.0)),
]
SHOWN_AT_ONCE = {"practice": True, "today": True, "exam": False, "interview": False, "placement": True}
CASES = list(product(AttemptMode.values, AttemptStatus.values, ANSWERS))


@pytest.fixture
def responses() -> list[Response]:
    """A response for each mode of an attempt, each status and each kind of answer, all to one question."""
    item = (question := make_question()).item()
    revision = QuestionRevision.objects.create(
        question=question, number=1, content=item.to_json(), digest=item.digest(), created_at=AT
    )
    owner = Owner(user_id=UserFactory().pk)
    made = []
    for mode, status, answer in CASES:
        ended = None if status == AttemptStatus.IN_PROGRESS else AT + timedelta(hours=1)
        attempt = Attempt.objects.create(
            **owner.fields, title="T", mode=mode, status=status, seed=1, started_at=AT, submitted_at=ended
        )
        made.append(Response.objects.create(attempt=attempt, position=1, revision=revision, **answer))
    return made


def expected(response: Response) -> bool:
    """What the rule says in words: after the end, or at once where the mode explains an answer that is in."""
    attempt = response.attempt
    return attempt.status != "in_progress" or (SHOWN_AT_ONCE[attempt.mode] and response.answered_at is not None)


def test_python_and_sql_agree_on_every_mode_status_and_answer(responses: list[Response]) -> None:
    shown = {response.pk for response in responses if expected(response)}
    assert {response.pk for response in responses if response.is_revealed} == shown
    assert set(Response.objects.revealed().values_list("pk", flat=True)) == shown
    assert 0 < len(shown) < len(responses) == len(CASES)


def test_the_condition_says_the_same_along_every_path(responses: list[Response]) -> None:
    shown = {response.pk for response in responses if expected(response)}
    attempts = Attempt.objects.filter(revealed("responses__", attempt="")).values_list("responses", flat=True)
    revisions = QuestionRevision.objects.filter(revealed("responses__")).values_list("responses", flat=True)
    questions = Question.objects.filter(revealed("revisions__responses__"))
    assert set(attempts) == set(revisions) == shown
    assert set(questions.values_list("revisions__responses", flat=True)) == shown


def test_scores_are_of_what_is_revealed(responses: list[Response]) -> None:
    by_attempt = {response.attempt_id: response for response in responses}
    for attempt, score in scored(Attempt.objects.with_progress()):
        response = by_attempt[attempt.pk]
        shown = expected(response)
        assert score.asked == shown
        assert score.unmarked == (shown and response.is_answered and response.fraction is None)
        assert score.earned == ((response.fraction or 0.0) if shown else 0.0)


def test_what_was_missed_is_told_of_what_is_revealed(responses: list[Response]) -> None:
    for response in responses:
        missed = expected(response) and response.fraction != 1
        assert Question.objects.missed_in(response.attempt).count() == missed


def test_statistics_are_of_what_is_revealed(responses: list[Response]) -> None:
    item_statistics.rebuild(at=AT)
    graded = [response.fraction for response in responses if expected(response) and response.fraction is not None]
    found = ItemStatistics.objects.get(revision=None)
    assert (found.n, found.facility) == (len(graded), pytest.approx(sum(graded) / len(graded)))
    assert found.choice_counts == [len(graded), 0, 0]
