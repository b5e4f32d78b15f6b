"""Mock interviews of a plan: on study days, with time between them, the last two days before the interview."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.interviews.selection import SIZES
from questions.scheduling.mock_interviews import (
    CARRY_OVER_DAYS,
    MIN_GAP_DAYS,
    MINUTES,
    REST_DAYS,
    is_due,
    mock_interview_days,
)
from questions.scheduling.study_day import Calendar

BEGIN = date(2026, 3, 2)  # a Monday


def days(*numbers: int) -> list[date]:
    return [BEGIN + timedelta(days=number) for number in numbers]


def rest_after(calendar: Calendar) -> date:
    assert calendar.deadline
    return calendar.deadline - timedelta(days=REST_DAYS)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    length = draw(st.integers(1, 120))
    off = draw(st.lists(st.integers(0, length), max_size=20))
    return Calendar(
        BEGIN,
        BEGIN + timedelta(days=length),
        frozenset(draw(st.lists(st.integers(0, 6), max_size=6))),
        frozenset(days(*off)),
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, []),
        (2, []),
        (3, [1]),
        (5, [3]),
        (9, [7]),
        (12, [3, 10]),
        (24, [15, 22]),
        (25, [12, 16, 23]),
        (60, [30, 51, 58]),
    ],
)
def test_a_week_apart_at_the_end_and_one_in_the_middle(length: int, expected: list[int]) -> None:
    assert mock_interview_days(Calendar(BEGIN, BEGIN + timedelta(days=length))) == days(*expected)


def test_none_without_a_date() -> None:
    assert mock_interview_days(Calendar(BEGIN)) == []


def test_a_day_off_moves_it_to_the_study_day_before() -> None:
    assert mock_interview_days(Calendar(BEGIN, BEGIN + timedelta(days=8), frozenset({5, 6}))) == days(4)


@given(calendar=calendars())
def test_they_are_on_study_days_and_leave_room(calendar: Calendar) -> None:
    found = mock_interview_days(calendar)
    assert len(found) <= 3
    assert all(calendar.is_study_day(day) for day in found)
    assert all((later - earlier).days >= MIN_GAP_DAYS for earlier, later in pairwise(found))
    assert all(calendar.begin < day <= rest_after(calendar) for day in found)


@given(calendar=calendars(), held=st.none() | st.integers(0, 120), number=st.integers(0, 120))
def test_one_is_due_until_it_was_held_or_is_long_past(calendar: Calendar, held: int | None, number: int) -> None:
    planned, day = mock_interview_days(calendar), BEGIN + timedelta(days=number)
    held_on = None if held is None or held > number else BEGIN + timedelta(days=held)
    due = is_due(planned, calendar=calendar, day=day, held_on=held_on)
    if day in planned:
        assert due is (held_on != day)
    if due:
        latest = max(one for one in planned if one <= day)
        assert calendar.is_study_day(day)
        assert held_on is None or held_on < latest
        assert day - latest <= timedelta(days=CARRY_OVER_DAYS)
        assert day <= rest_after(calendar)


def test_a_missed_one_stays_due_for_some_days_except_on_days_off_and_before_the_interview() -> None:
    calendar = Calendar(BEGIN, BEGIN + timedelta(days=12), frozenset({5}))
    planned = mock_interview_days(calendar)
    due = [day for day in calendar.days_from(BEGIN) if is_due(planned, calendar=calendar, day=day, held_on=None)]
    assert planned == days(3, 10)
    assert due == days(3, 4, 6, 10)


def test_the_planned_minutes_are_those_of_the_shortest_interview() -> None:
    assert min(SIZES) == MINUTES
