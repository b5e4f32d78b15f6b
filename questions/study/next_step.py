"""The one thing that a candidate should do next, as the dashboard and Progress name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from questions.attempts.models import Attempt
from questions.scheduling.day_ahead import DayAhead
from questions.study.progress import TopicReport


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next: "resume" the attempt, do today's "session", take a mock "interview", practise the "topic", or
    start a "quiz"."""

    kind: Literal["resume", "session", "interview", "topic", "quiz"]
    attempt: Attempt | None = None
    topic: TopicReport | None = None


def next_step(*, running: Sequence[Attempt], today: DayAhead, weakest: TopicReport | None) -> NextStep:
    """Return the next step: first what has a deadline, the nearest first; then today's work; then an attempt without a
    deadline; then the topic with the lowest forecast.

    `running` holds the attempts with time left, except today's session, the latest first.
    """
    timed = [(attempt.deadline_at, attempt) for attempt in running if attempt.deadline_at]
    if timed:
        return NextStep("resume", attempt=min(timed, key=lambda pair: pair[0])[1])
    if today.questions:
        return NextStep("session")
    if today.interview_minutes:
        return NextStep("interview")
    if running:
        return NextStep("resume", attempt=running[0])
    return NextStep("topic", topic=weakest) if weakest else NextStep("quiz")
