"""The next step: one thing, the most urgent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.scheduling.day_ahead import DayAhead
from questions.study.next_step import next_step
from questions.study.percentages import Forecast, Share
from questions.study.progress import TopicReport

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEAKEST = TopicReport(Topic(title="Caching"), Share(1, 2), 0, 0, 0, Forecast(10, 20, 30, 1, 2))


def running(*minutes: int | None) -> list[Attempt]:
    """Return attempts with that many minutes left; None means no deadline."""
    return [Attempt(deadline_at=NOON + timedelta(minutes=left) if left else None) for left in minutes]


def day(questions: int = 0, interview: int = 0) -> DayAhead:
    return DayAhead(date(2026, 3, 2), questions, 0, off=False, minutes=questions, interview_minutes=interview)


@pytest.mark.parametrize(
    ("attempts", "today", "kind"),
    [
        (running(None, 20), day(5, 30), "resume"),
        (running(None), day(5, 30), "session"),
        (running(None), day(0, 30), "interview"),
        (running(None), day(), "resume"),
        ([], day(), "topic"),
    ],
)
def test_most_urgent_comes_first(attempts: list[Attempt], today: DayAhead, kind: str) -> None:
    assert next_step(running=attempts, today=today, weakest=WEAKEST).kind == kind


def test_without_a_forecast_it_is_a_quiz() -> None:
    assert next_step(running=[], today=day(), weakest=None).kind == "quiz"


@given(st.lists(st.none() | st.integers(1, 90)), st.integers(0, 3), st.sampled_from([0, 30]))
def test_nearest_deadline_is_never_behind_anything_else(left: list[int | None], questions: int, minutes: int) -> None:
    attempts = running(*left)
    step = next_step(running=attempts, today=day(questions, minutes), weakest=WEAKEST)
    assert (step.attempt is not None) == (step.kind == "resume")
    assert (step.topic is not None) == (step.kind == "topic")
    if timed := [one for one in left if one]:
        assert step.attempt is attempts[left.index(min(timed))]
