"""The study day across zones, daylight saving and travel."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.days import study_day

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Kiritimati"]
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("hour", "day"), [(3, 9), (4, 10), (23, 10)])
def test_the_day_begins_at_four(hour: int, day: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert study_day(datetime(2026, 5, 10, hour, 59 if hour == 3 else 0, tzinfo=berlin), berlin) == date(2026, 5, day)


def test_it_is_the_wall_clock_that_counts_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    assert study_day(spring + timedelta(hours=1, minutes=59), berlin) == date(2026, 3, 28)  # 03:59 summer time
    assert study_day(spring + timedelta(hours=2), berlin) == date(2026, 3, 29)
    assert study_day(autumn + timedelta(hours=2, minutes=59), berlin) == date(2026, 10, 24)  # 03:59 winter time
    assert study_day(autumn + timedelta(hours=3), berlin) == date(2026, 10, 25)


def test_a_traveller_has_the_day_of_where_they_are() -> None:
    at = datetime(2026, 5, 10, 12, tzinfo=UTC)
    assert study_day(at, ZoneInfo("Pacific/Kiritimati")) == date(2026, 5, 10)
    assert study_day(at, ZoneInfo("Pacific/Honolulu")) == date(2026, 5, 9)


@given(times, zones, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_later_is_never_an_earlier_day_but_by_the_hour_that_is_given_back(at, zone, later) -> None:
    assert study_day(at + later, zone) >= study_day(at, zone) or later <= timedelta(hours=1)


@given(times, zones)
def test_a_day_later_is_the_next_day_but_for_the_hours_of_a_change(at, zone) -> None:
    assert 0 <= (study_day(at + timedelta(days=1), zone) - study_day(at, zone)).days <= 2


def test_a_time_without_a_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        study_day(datetime(2026, 5, 10), ZoneInfo("UTC"))  # noqa: DTZ001
