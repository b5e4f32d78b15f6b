"""Cards and reviews for the tests of the progress report."""

from datetime import UTC, date, datetime
from typing import Any

from questions.accounts.owners import Owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.scheduling.fsrs_memory import Memory, recall
from questions.scheduling.models import Review
from questions.study import ProgressReport, progress_report
from questions.tests.factories import CardFactory, QuestionFactory, ReviewFactory

TODAY = date(2026, 3, 12)  # a Thursday
NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
LEARNED = date(2026, 3, 1)
STABILITY = 20.0


def report(user, at: datetime = NOON) -> ProgressReport:
    return progress_report(Owner(user_id=user.pk), at=at)


def cards(user, topic: Topic, number: int, **fields: Any) -> list[Question]:
    """Create that many published questions of the topic, with cards reviewed on LEARNED."""
    questions = QuestionFactory.create_batch(number, topic=topic)
    fields = {"stability": STABILITY, "reviewed_on": LEARNED} | fields
    for question in questions:
        CardFactory(user=user, question=question, **fields)
    return questions


def without_memory() -> dict[str, None]:
    """Return the fields of a card that was set aside before any review."""
    return dict.fromkeys(["stability", "difficulty", "reviewed_on", "due_on", "state"])


def reviews(user, number: int, **fields: Any) -> list[Review]:
    """Create that many reviews, each of its own question and on TODAY unless the fields say otherwise."""
    fields = {"day": TODAY, "at": NOON} | fields
    return [ReviewFactory(user=user, **fields) for _ in range(number)]


def expected_recall(day: date) -> float:
    return recall(Memory(STABILITY, 2.1, LEARNED, LEARNED, 2), day)
