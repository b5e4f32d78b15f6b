"""The study day: it ends when a candidate sleeps, not at midnight."""

from datetime import date, datetime, timedelta, tzinfo

ROLLOVER_HOUR = 4


def study_day(at: datetime, zone: tzinfo, rollover_hour: int = ROLLOVER_HOUR) -> date:
    """The day to which an aware time belongs for somebody in that zone, by the clock on their wall: before the
    roll-over hour it is still the day before. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone belongs to no day.")
    return (at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=rollover_hour)).date()
