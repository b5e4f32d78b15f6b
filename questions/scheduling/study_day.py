"""The study day, which ends when a candidate sleeps, not at midnight; and the days of a preparation."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

ROLLOVER_HOUR = 4


def study_day(at: datetime, zone: tzinfo, rollover_hour: int = ROLLOVER_HOUR) -> date:
    """The day to which an aware time belongs for somebody in that zone, by the clock on their wall: before the
    roll-over hour it is still the day before. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone belongs to no day.")
    return (at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=rollover_hour)).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a preparation: from `begin` on, up to and not including `deadline`, the day of the interview; None
    where there is no date."""

    begin: date
    deadline: date | None = None
    weekdays_off: frozenset[int] = frozenset()  # 0 is Monday
    dates_off: frozenset[date] = frozenset()

    def is_study_day(self, day: date) -> bool:
        """Whether that is a study day."""
        return day.weekday() not in self.weekdays_off and day not in self.dates_off

    def study_days_between(self, first: date, last: date) -> int:
        """The number of study days from `first` up to and not including `last`."""
        weeks, rest = divmod(max(0, (last - first).days), 7)
        by_weekday = weeks * sum(weekday not in self.weekdays_off for weekday in range(7)) + sum(
            (first.weekday() + number) % 7 not in self.weekdays_off for number in range(rest)
        )
        return by_weekday - sum(
            first <= day < last and day.weekday() not in self.weekdays_off for day in self.dates_off
        )

    def days_from(self, day: date, most: int = 366) -> list[date]:
        """Every calendar day from `day` on to before the deadline, off or not, but no more than `most` of them."""
        count = most if self.deadline is None else min(most, (self.deadline - day).days)
        return [day + timedelta(days=number) for number in range(count)]
