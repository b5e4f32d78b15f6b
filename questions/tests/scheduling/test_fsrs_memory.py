"""The memory model matches the published figures and the `fsrs` package."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from fsrs import Card, Scheduler, State
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.fsrs_memory import (
    Memory,
    Rating,
    ReviewOutOfOrder,
    due_date,
    memory_after,
    recall,
    stability_after_lapse,
    stability_after_recall,
)

DAY = date(2026, 3, 1)
ratings = st.sampled_from(list(Rating))
gaps = st.integers(0, 400)


def reviewed(*steps: tuple[Rating, int]) -> Memory:
    memory, day = None, DAY
    for rating, gap in steps:
        day += timedelta(days=gap if memory else 0)
        memory = memory_after(memory, rating, day)
    assert memory is not None
    return memory


def test_intervals_match_the_published_ones() -> None:
    memory, day, intervals = None, DAY, []
    for rating in [Rating.GOOD] * 6 + [Rating.AGAIN] * 2 + [Rating.GOOD] * 5:
        memory = memory_after(memory, rating, day)
        intervals.append((memory.due - day).days)
        day = memory.due
    assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=8), gaps)
def test_recall_matches_the_package(steps, gap: int) -> None:
    memory = reviewed(*steps)
    day = memory.reviewed + timedelta(days=gap)
    card = Card(
        card_id=1,
        state=State(memory.state),
        stability=memory.stability,
        last_review=datetime.combine(memory.reviewed, time(12), UTC),
    )
    expected = Scheduler().get_card_retrievability(card, datetime.combine(day, time(12), UTC))
    assert recall(memory, day) == pytest.approx(expected)


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=8), gaps, gaps)
def test_recall_falls_from_1_and_stays_a_probability(steps, near: int, more: int) -> None:
    memory = reviewed(*steps)
    first = memory.reviewed + timedelta(days=near)
    assert recall(memory, memory.reviewed) == 1
    assert 0 < recall(memory, first + timedelta(days=more)) <= recall(memory, first) <= 1


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=6), st.integers(1, 400))
def test_a_better_rating_is_never_due_sooner(steps, gap: int) -> None:
    memory = reviewed(*steps)
    day = memory.reviewed + timedelta(days=gap)
    dues = [memory_after(memory, rating, day).due for rating in Rating]
    assert dues == sorted(dues)


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=6))
def test_more_retention_is_never_due_later(steps) -> None:
    memory = reviewed(*steps)
    day = memory.reviewed + timedelta(days=3)
    assert (
        memory_after(memory, Rating.GOOD, day, retention=0.95).due
        <= memory_after(memory, Rating.GOOD, day, retention=0.8).due
    )


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=6), st.floats(0.7, 0.99))
def test_the_due_date_matches_the_package_for_any_retention(steps, retention: float) -> None:
    memory = reviewed(*steps)
    day = memory.reviewed + timedelta(days=3)
    for rating in Rating:
        expected = memory_after(memory, rating, day, retention=retention)
        assert due_date(expected, retention) == expected.due
        if expected.state == State.Review:
            assert due_date(memory_after(memory, rating, day), retention) == expected.due


def test_a_learning_card_keeps_the_due_date_of_the_package() -> None:
    learning = reviewed((Rating.GOOD, 0))
    assert learning.state == State.Learning
    assert [due_date(learning, retention) for retention in (0.5, 0.99)] == [learning.due, learning.due]


@given(st.lists(st.tuples(ratings, gaps), min_size=1, max_size=6), st.integers(1, 400))
def test_stability_after_a_review_matches_the_package(steps, gap: int) -> None:
    memory = reviewed(*steps)
    day = memory.reviewed + timedelta(days=gap)
    known = memory.stability, memory.difficulty, recall(memory, day)
    assert stability_after_recall(*known) == pytest.approx(memory_after(memory, Rating.GOOD, day).stability)
    assert stability_after_lapse(*known) == pytest.approx(memory_after(memory, Rating.AGAIN, day).stability)


def test_a_review_before_the_last_one_is_refused() -> None:
    memory = reviewed((Rating.GOOD, 0))
    with pytest.raises(ReviewOutOfOrder):
        memory_after(memory, Rating.GOOD, DAY - timedelta(days=1))
