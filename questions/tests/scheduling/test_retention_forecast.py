"""Forecast of the days ahead for a plan without an interview date."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.retention_forecast import forecast_without_deadline
from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import Costs

DAY = date(2026, 3, 2)  # a Monday
COSTS = Costs(new=60, right=30, wrong=30)


def days(
    due_dates: list[int], *, unseen: int = 0, minutes: float = 10, today: tuple[int, int] = (0, 0), **calendar
) -> list[DayAhead]:
    new, reviews = today
    return forecast_without_deadline(
        [DAY + timedelta(days=number) for number in due_dates],
        calendar=Calendar(DAY, **calendar),
        day=DAY,
        unseen=unseen,
        minutes=minutes,
        costs=COSTS,
        today=DayAhead(DAY, new, reviews, off=False, minutes=new + reviews / 2),
    )


def test_reviews_fall_on_their_due_date_and_overdue_ones_on_today() -> None:
    assert [day.reviews for day in days([-5, 0, 0, 3], today=(0, 3))][:5] == [3, 0, 0, 1, 0]


def test_reviews_that_do_not_fit_move_to_the_next_study_day() -> None:
    found = days([0] * 45, today=(0, 20), weekdays_off=frozenset({1}))
    assert [(day.reviews, day.off) for day in found[:4]] == [(20, False), (0, True), (20, False), (5, False)]


def test_new_questions_get_the_time_left_by_reviews() -> None:
    found = days([1] * 10, unseen=12)
    assert [(day.reviews, day.new, day.minutes) for day in found[1:4]] == [(10, 5, 10.0), (0, 7, 7.0), (0, 0, 0.0)]


def test_today_is_the_session_that_was_given() -> None:
    first, second, *_ = days([0] * 10, unseen=3, today=(1, 2))
    assert (first.new, first.reviews) == (1, 2)
    assert (second.new, second.reviews) == (2, 8)


def test_a_day_has_at_least_one_question() -> None:
    assert [(day.new, day.reviews) for day in days([1], unseen=1, minutes=0.1)[1:4]] == [(0, 1), (1, 0), (0, 0)]


@given(st.lists(st.integers(-10, 13), max_size=80), st.integers(0, 50), st.integers(1, 60))
def test_no_day_exceeds_its_time_and_nothing_counts_twice(due_dates, unseen, minutes) -> None:
    found = days(due_dates, unseen=unseen, minutes=minutes)
    assert all(day.minutes <= minutes + 1e-9 for day in found)
    assert sum(day.reviews for day in found) <= len(due_dates)
    assert sum(day.new for day in found) <= unseen
