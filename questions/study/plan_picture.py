"""The days of a study plan as a picture: a bar for each day, in weeks, with the topics that the day covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from questions.bank.models.topics import Topic
from questions.scheduling.day_ahead import DayAhead
from questions.study.activity import monday_of
from questions.study.agenda import Agenda
from questions.study.calendar_feed import workload_text


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day of the plan with the topics of its new questions, for today those of all questions. `row` is None on the
    day of the interview. `most` is the number of questions on the fullest day, whose bar has the full height."""

    day: date
    row: DayAhead | None
    topics: tuple[Topic, ...]
    is_today: bool
    most: int

    WIDTH: ClassVar[int] = 28
    BASELINE: ClassVar[int] = 92
    FULL: ClassVar[int] = 66
    LEFT: ClassVar[int] = 4
    BAR_WIDTH: ClassVar[int] = 20

    @property
    def anchor(self) -> str:
        """Return the id of the day's row in the table."""
        return f"day-{self.day.isoformat()}"

    @property
    def workload(self) -> str:
        """Return the day's workload in words; empty if there is none."""
        return workload_text(self.row) if self.row and self.row.has_work else ""

    @property
    def has_interview(self) -> bool:
        """Return whether a mock interview is planned for the day."""
        return bool(self.row and self.row.interview_minutes)

    @property
    def reviews_path(self) -> str:
        """Return the SVG path of the reviews, which stand on the baseline; empty if there are none."""
        return self._box(0, self.row.reviews) if self.row else ""

    @property
    def new_path(self) -> str:
        """Return the SVG path of the new questions, on top of the reviews; empty if there are none."""
        return self._box(self.row.reviews, self.row.new) if self.row else ""

    @property
    def mark_y(self) -> int:
        """Return the y coordinate of the middle of the mark for a mock interview, above the bar."""
        return self.BASELINE - self._height(self.row.questions if self.row else 0) - 13

    def _height(self, questions: int) -> int:
        return round(self.FULL * questions / self.most) if self.most else 0

    def _box(self, below: int, questions: int) -> str:
        if not questions:
            return ""
        bottom = self._height(below)
        height = max(2, self._height(below + questions) - bottom)
        return f"M{self.LEFT} {self.BASELINE - bottom - height}h{self.BAR_WIDTH}v{height}h-{self.BAR_WIDTH}z"


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """Monday to Sunday of a week; None for days before today and after the interview."""

    monday: date
    days: tuple[PlanDay | None, ...]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def plan_days(agenda: Agenda) -> list[PlanDay]:
    """Return the days of the agenda's forecast, and the day of the interview if it is ahead."""
    most = max((row.questions for row in agenda.ahead), default=0)
    days = [
        PlanDay(row.day, row, _topics(agenda, asked), row.day == agenda.day, most)
        for row, asked in zip(agenda.ahead, agenda.asked_ahead, strict=True)
    ]
    if agenda.calendar.deadline:
        days.append(PlanDay(agenda.calendar.deadline, None, (), is_today=False, most=most))
    return days


def plan_weeks(days: Sequence[PlanDay]) -> list[PlanWeek]:
    """Return consecutive days as weeks."""
    by_day = {day.day: day for day in days}
    mondays = sorted({monday_of(day) for day in by_day})
    return [
        PlanWeek(monday, tuple(by_day.get(monday + timedelta(days=number)) for number in range(7)))
        for monday in mondays
    ]


def _topics(agenda: Agenda, asked: Iterable[int]) -> tuple[Topic, ...]:
    """Return the topics of the questions in the order of the plan."""
    found = {agenda.topic_of[key] for key in asked}
    return tuple(topic for pk, topic in agenda.topics.items() if pk in found)
