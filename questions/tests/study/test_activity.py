"""Streaks, weekly totals and missed days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from questions.scheduling.study_day import Calendar
from questions.study.activity import WEEKS, Activity, Day, Streak, streaks

MONDAY = date(2026, 3, 2)
EVERY_DAY = Calendar(MONDAY)
DATES = st.dates(date(2026, 1, 1), date(2026, 4, 30))
CALENDARS = st.builds(
    Calendar,
    begin=st.just(MONDAY),
    weekdays_off=st.frozensets(st.integers(0, 6), max_size=6),
    dates_off=st.frozensets(DATES, max_size=10),
)


def day(number: int) -> date:
    """Return the day that many days after the first Monday."""
    return MONDAY + timedelta(days=number)


def activity(*numbers: int, today: int, calendar: Calendar = EVERY_DAY) -> Activity:
    """Return the activity of a candidate with two answers in one minute on each of these days."""
    return Activity({day(number): Day(2, timedelta(minutes=1)) for number in numbers}, day(today), calendar)


def between(first: date, last: date) -> list[date]:
    """Return the days between the two, excluding both."""
    return [first + timedelta(days=number) for number in range(1, (last - first).days)]


class TestStreaks:
    @given(st.lists(DATES, max_size=60), CALENDARS)
    def test_every_day_belongs_to_one_streak(self, days: list[date], calendar: Calendar) -> None:
        found = streaks(days, calendar)
        assert sum(streak.days for streak in found) == len(set(days))
        assert all(before.last < after.first for before, after in pairwise(found))

    @given(st.lists(DATES, max_size=60), CALENDARS)
    def test_only_a_missed_study_day_ends_a_streak(self, days: list[date], calendar: Calendar) -> None:
        found = streaks(days, calendar)
        for streak in found:
            missed = set(between(streak.first, streak.last)) - set(days)
            assert not any(calendar.is_study_day(one) for one in missed)
        for before, after in pairwise(found):
            assert any(calendar.is_study_day(one) for one in between(before.last, after.first))

    @given(st.lists(DATES, min_size=1, max_size=60), CALENDARS, DATES)
    def test_another_day_off_never_shortens_the_longest_streak(
        self, days: list[date], calendar: Calendar, off: date
    ) -> None:
        assume(off not in days)
        more = Calendar(calendar.begin, None, calendar.weekdays_off, calendar.dates_off | {off})
        assert max(streak.days for streak in streaks(days, more)) >= max(
            streak.days for streak in streaks(days, calendar)
        )

    def test_a_day_off_that_was_studied_on_counts(self) -> None:
        sundays_off = Calendar(MONDAY, weekdays_off=frozenset({6}))
        assert streaks([day(5), day(6), day(7)], sundays_off) == [Streak(day(5), day(7), 3)]
        assert streaks([day(5), day(7)], sundays_off) == [Streak(day(5), day(7), 2)]
        assert streaks([day(5), day(7)], EVERY_DAY) == [Streak(day(5), day(5), 1), Streak(day(7), day(7), 1)]

    def test_the_longest_streak_is_the_latest_of_equals(self) -> None:
        assert activity(0, 1, 4, 5, 9, today=10).longest_streak == Streak(day(4), day(5), 2)
        assert activity(today=10).longest_streak is None


class TestDays:
    def test_the_week_begins_on_monday(self) -> None:
        assert activity(5, 6, 7, 8, today=9).days_this_week == 2
        assert activity(5, 6, today=7).days_this_week == 0

    def test_missed_days_are_past_study_days_of_this_week(self) -> None:
        assert activity(0, 7, 9, today=10).missed_this_week == [day(8)]
        tuesdays_off = Calendar(MONDAY, weekdays_off=frozenset({1}))
        assert activity(0, 7, 9, today=10, calendar=tuesdays_off).missed_this_week == []
        assert activity(0, 7, 8, 9, today=10).missed_this_week == []

    def test_nothing_is_missed_before_the_first_day(self) -> None:
        assert activity(9, today=11).missed_this_week == [day(10)]
        assert activity(today=11).missed_this_week == []

    def test_the_last_seven_days_end_today(self) -> None:
        found = activity(1, 2, 3, 8, today=8)
        assert (found.minutes_of_week, found.minutes, found.answers) == (3, 4, 8)


class TestWeeks:
    def test_weeks_end_with_the_current_one_and_exclude_future_days(self) -> None:
        weeks = activity(0, 8, today=9).weeks
        assert len(weeks) == WEEKS
        assert [week.monday for week in weeks[-2:]] == [day(0), day(7)]
        assert weeks[-2].answers == (2, 0, 0, 0, 0, 0, 0)
        assert weeks[-1].answers == (0, 2, 0, None, None, None, None)
        assert weeks[-1].labels == ["0", "2", "0", "–", "–", "–", "–"]
        assert [week.total for week in weeks[-3:]] == [0, 2, 2]
        assert weeks[-1].days == [day(number) for number in range(7, 14)]

    @given(DATES)
    def test_every_day_up_to_today_is_in_the_weeks_once(self, today: date) -> None:
        weeks = Activity({}, today, EVERY_DAY).weeks
        days = [
            one for week in weeks for one, number in zip(week.days, week.answers, strict=True) if number is not None
        ]
        assert days == sorted(set(days))
        assert days[-1] == today
        assert days[0].weekday() == 0
        assert len(days) == 7 * (WEEKS - 1) + today.weekday() + 1
