"""Study days across time zones, daylight saving and travel, and the calendar of study days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.study_day import Calendar, study_day

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati"]
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("hour", "day"), [(3, 9), (4, 10), (23, 10)])
def test_the_study_day_begins_at_four(hour: int, day: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert study_day(datetime(2026, 5, 10, hour, 59 if hour == 3 else 0, tzinfo=berlin), berlin) == date(2026, 5, day)


def test_the_local_clock_counts_across_daylight_saving_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    assert study_day(spring + timedelta(hours=1, minutes=59), berlin) == date(2026, 3, 28)  # 03:59 summer time
    assert study_day(spring + timedelta(hours=2), berlin) == date(2026, 3, 29)
    assert study_day(autumn + timedelta(hours=2, minutes=59), berlin) == date(2026, 10, 24)  # 03:59 winter time
    assert study_day(autumn + timedelta(hours=3), berlin) == date(2026, 10, 25)


def test_the_study_day_depends_on_the_zone() -> None:
    at = datetime(2026, 5, 10, 12, tzinfo=UTC)
    assert study_day(at, ZoneInfo("Pacific/Kiritimati")) == date(2026, 5, 10)
    assert study_day(at, ZoneInfo("Pacific/Honolulu")) == date(2026, 5, 9)


@given(times, zones, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_study_days_never_go_back_except_within_the_repeated_hour(at, zone, later) -> None:
    assert study_day(at + later, zone) >= study_day(at, zone) or later <= timedelta(hours=1)


@given(times, zones)
def test_24_hours_later_is_at_most_two_study_days_later(at, zone) -> None:
    assert 0 <= (study_day(at + timedelta(days=1), zone) - study_day(at, zone)).days <= 2


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time with a zone"):
        study_day(datetime(2026, 5, 10), ZoneInfo("UTC"))  # noqa: DTZ001


dates = st.dates(date(2026, 1, 1), date(2027, 1, 1))
calendars = st.builds(
    Calendar,
    begin=dates,
    deadline=st.none() | dates,
    weekdays_off=st.frozensets(st.integers(0, 6)),
    dates_off=st.frozensets(dates, max_size=40),
)


def test_days_off_are_not_study_days() -> None:
    sunday = date(2026, 3, 1)
    calendar = Calendar(sunday, weekdays_off=frozenset({6}), dates_off=frozenset({date(2026, 3, 3), date(2026, 3, 8)}))
    week = [sunday + timedelta(days=number) for number in range(8)]
    assert [calendar.is_study_day(day) for day in week] == [False, True, False, True, True, True, True, False]
    assert calendar.study_days_between(sunday, week[-1]) == 5


@given(calendars, dates, dates)
def test_the_number_of_study_days_matches_a_count(calendar, first: date, last: date) -> None:
    between = [first + timedelta(days=number) for number in range((last - first).days)]
    assert calendar.study_days_between(first, last) == sum(calendar.is_study_day(day) for day in between)


@given(calendars, dates, st.integers(0, 500))
def test_the_days_ahead_end_before_the_interview(calendar, day: date, most: int) -> None:
    ahead = calendar.days_from(day, most)
    assert ahead == [day + timedelta(days=number) for number in range(len(ahead))]
    left = most if calendar.deadline is None else max(0, (calendar.deadline - day).days)
    assert len(ahead) == min(most, left)
