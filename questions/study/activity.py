"""On which days somebody studied, and for how long; a day off ends no streak."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from questions.scheduling.study_day import Calendar

WEEKS = 26
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """How many answers a study day had, and the time that they took."""

    answers: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Streak:
    """Days of study between which none was missed."""

    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Week:
    """Answers on each day from Monday on; None for days that are still to come."""

    monday: date
    answers: tuple[int | None, ...]

    @property
    def days(self) -> list[date]:
        """Its days."""
        return [self.monday + number * DAY for number in range(7)]

    @property
    def labels(self) -> list[str]:
        """The numbers as text, which templates render many times faster; a dash for days to come."""
        return ["–" if number is None else str(number) for number in self.answers]

    @property
    def total(self) -> int:
        """Answers of the week."""
        return sum(number or 0 for number in self.answers)


def streaks(days: Iterable[date], calendar: Calendar) -> list[Streak]:
    """The runs among the days, the oldest first. A day off that was studied on counts like any other."""
    found: list[Streak] = []
    for day in sorted(set(days)):
        following = found[-1].last + DAY if found else None
        if following and (following == day or calendar.study_days_between(following, day) == 0):
            found[-1] = Streak(found[-1].first, day, found[-1].days + 1)
        else:
            found.append(Streak(day, day, 1))
    return found


def monday_of(day: date) -> date:
    """The Monday of the week of that day."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Activity:
    """Every study day up to today, which may be one that has nothing yet."""

    days: Mapping[date, Day]
    today: date
    calendar: Calendar

    @property
    def answers(self) -> int:
        """Answers in all."""
        return sum(day.answers for day in self.days.values())

    @property
    def minutes(self) -> int:
        """Whole minutes in all."""
        return _minutes(self.days.values())

    @property
    def minutes_of_week(self) -> int:
        """Whole minutes in the last seven days, today being the last."""
        return _minutes(self.days[day] for day in self._last_days(7) if day in self.days)

    @property
    def days_this_week(self) -> int:
        """Days of study since Monday."""
        return sum(day in self.days for day in self._last_days(self.today.weekday() + 1))

    @property
    def longest_streak(self) -> Streak | None:
        """The longest run, the latest where there are several; None without a day."""
        return max(streaks(self.days, self.calendar), key=lambda streak: (streak.days, streak.last), default=None)

    @property
    def missed_this_week(self) -> list[date]:
        """Days since Monday, before today, that were to be studied on and were not; none before the first of all."""
        first = min(self.days, default=self.today)
        past = [day for day in reversed(self._last_days(self.today.weekday() + 1)) if first < day < self.today]
        return [day for day in past if day not in self.days and self.calendar.is_study_day(day)]

    @property
    def weeks(self) -> list[Week]:
        """The last WEEKS weeks, the current one last."""
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
