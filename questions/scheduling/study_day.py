"""Study days: which day a point in time belongs to, and the calendar of study days up to an interview."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

ROLLOVER_HOUR = 4


def study_day(at: datetime, zone: tzinfo, rollover_hour: int = ROLLOVER_HOUR) -> date:
    """Return the study day of an aware time in that time zone. The study day ends at the roll-over hour by the local
    clock, when candidates sleep, not at midnight. Raise ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("A study day needs a time with a zone. Pass an aware datetime.")
    return (at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=rollover_hour)).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Study days from `begin` up to, but not including, `deadline`, the day of the interview; None means no date."""

    begin: date
    deadline: date | None = None
    weekdays_off: frozenset[int] = frozenset()  # 0 is Monday
    dates_off: frozenset[date] = frozenset()

    def is_study_day(self, day: date) -> bool:
        """Return whether `day` is neither a weekly nor a dated day off."""
        return day.weekday() not in self.weekdays_off and day not in self.dates_off

    def study_days_between(self, first: date, last: date) -> int:
        """Return the number of study days from `first` up to, but not including, `last`."""
        weeks, rest = divmod(max(0, (last - first).days), 7)
        by_weekday = weeks * sum(weekday not in self.weekdays_off for weekday in range(7)) + sum(
            (first.weekday() + number) % 7 not in self.weekdays_off for number in range(rest)
        )
        return by_weekday - sum(
            first <= day < last and day.weekday() not in self.weekdays_off for day in self.dates_off
        )

    def days_from(self, day: date, limit: int = 366) -> list[date]:
        """Return every calendar day from `day` to the day before the deadline, days off included, at most `limit`
        days."""
        count = limit if self.deadline is None else min(limit, (self.deadline - day).days)
        return [day + timedelta(days=number) for number in range(count)]
