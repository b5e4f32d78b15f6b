"""Study activity: minutes and answers per day, weekly totals, and streaks that days off do not break."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, F, Sum, When

from questions.scheduling.models import ReviewQuerySet
from questions.scheduling.study_day import Calendar

MAX_ANSWER_TIME = timedelta(minutes=5)  # longer answers count as this: the candidate was away
WEEKS = 26
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """Number of answers on a study day, and the time that they took."""

    answers: int = 0
    time: timedelta = timedelta()

    @property
    def minutes(self) -> int:
        """Return the minutes, rounded."""
        return _minutes([self])


def counted_time(duration: str) -> Case:
    """Return the expression for the time of one answer that counts as study, from the name of its duration."""
    return Case(When(**{f"{duration}__gt": MAX_ANSWER_TIME}, then=MAX_ANSWER_TIME), default=F(duration))


def days_of(reviews: ReviewQuerySet) -> dict[date, Day]:
    """Return the days of study among the reviews, in one query. Wherever the site shows the time that somebody studied,
    it comes from here."""
    grouped = reviews.order_by("day").values("day").annotate(answers=Count("*"), time=Sum(counted_time("duration")))
    return {
        day: Day(answers, time or timedelta()) for day, answers, time in grouped.values_list("day", "answers", "time")
    }


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive days of study; days off in between do not end it."""

    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Week:
    """Number of answers on each day from Monday on; None for days in the future."""

    monday: date
    answers: tuple[int | None, ...]

    @property
    def days(self) -> list[date]:
        return [self.monday + number * DAY for number in range(7)]

    @property
    def by_day(self) -> list[tuple[date, int | None]]:
        """Return each day with its number of answers."""
        return list(zip(self.days, self.answers, strict=True))

    @property
    def labels(self) -> list[str]:
        """Return the numbers as text, which templates render many times faster than integers; a dash for days in the
        future."""
        return ["–" if number is None else str(number) for number in self.answers]

    @property
    def total(self) -> int:
        return sum(number or 0 for number in self.answers)


def streaks(days: Iterable[date], calendar: Calendar) -> list[Streak]:
    """Return the streaks among the days, the oldest first. A day off on which somebody studied counts like any other
    day."""
    found: list[Streak] = []
    for day in sorted(set(days)):
        following = found[-1].last + DAY if found else None
        if following and (following == day or calendar.study_days_between(following, day) == 0):
            found[-1] = Streak(found[-1].first, day, found[-1].days + 1)
        else:
            found.append(Streak(day, day, 1))
    return found


def monday_of(day: date) -> date:
    """Return the Monday of the week of that day."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Activity:
    """All days of study up to `today`, which may have no answers yet."""

    days: Mapping[date, Day]
    today: date
    calendar: Calendar

    @property
    def answers(self) -> int:
        """Return the number of answers on all days."""
        return sum(day.answers for day in self.days.values())

    @property
    def minutes(self) -> int:
        """Return the minutes studied on all days, rounded."""
        return _minutes(self.days.values())

    @property
    def hours(self) -> float:
        """Return the hours studied on all days, to a tenth."""
        return round(self.minutes / 60, 1)

    @property
    def minutes_of_week(self) -> int:
        """Return the minutes studied in the last seven days, including today, rounded."""
        return _minutes(self.days[day] for day in self._last_days(7) if day in self.days)

    @property
    def days_this_week(self) -> int:
        """Return the number of days of study since Monday."""
        return sum(day in self.days for day in self._last_days(self.today.weekday() + 1))

    @property
    def longest_streak(self) -> Streak | None:
        """Return the longest streak, the latest of equals, or None if there is none."""
        return max(streaks(self.days, self.calendar), key=lambda streak: (streak.days, streak.last), default=None)

    @property
    def missed_this_week(self) -> list[date]:
        """Return the study days since Monday, before today, without an answer; none before the first day of study."""
        first = min(self.days, default=self.today)
        past = [day for day in reversed(self._last_days(self.today.weekday() + 1)) if first < day < self.today]
        return [day for day in past if day not in self.days and self.calendar.is_study_day(day)]

    @property
    def weeks(self) -> list[Week]:
        """Return the last WEEKS weeks, the current one last."""
        mondays = [monday_of(self.today) - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        return [
            Week(monday, tuple(self._answers_on(monday + number * DAY) for number in range(7))) for monday in mondays
        ]

    def _last_days(self, number: int) -> list[date]:
        return [self.today - back * DAY for back in range(number)]

    def _answers_on(self, day: date) -> int | None:
        if day > self.today:
            return None
        return self.days[day].answers if day in self.days else 0


def _minutes(days: Iterable[Day]) -> int:
    return round(sum((day.time for day in days), timedelta()) / timedelta(minutes=1))
