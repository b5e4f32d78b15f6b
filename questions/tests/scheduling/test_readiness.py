"""Readiness forecast and its prediction interval."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.fsrs_memory import recall_after
from questions.scheduling.readiness import (
    MIN_MISSED,
    MISSED_RECALL,
    Range,
    Record,
    expected_recall,
    forecast_range,
    missed_recall,
)

DAY = date(2026, 3, 2)
NONE = Record(0, 0, 0, 0)
shares = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def record(predicted: float, remembered: int, answers: int) -> Record:
    """Return a record of reviews that all had the same predicted recall."""
    return Record(answers, answers * predicted, remembered, answers * predicted * (1 - predicted))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Draw any record."""
    predicted = draw(st.lists(st.floats(0, 1), max_size=60))
    remembered = draw(st.integers(0, len(predicted)))
    return Record(len(predicted), sum(predicted), remembered, sum(share * (1 - share) for share in predicted))


@st.composite
def after_misses(draw: st.DrawFn) -> dict[str, int]:
    """Draw a number of reviews after a miss, large enough for an estimate, and how many were remembered."""
    reviews = draw(st.integers(MIN_MISSED, 10**6))
    return {"reviews": reviews, "remembered": draw(st.integers(0, reviews))}


@given(st.floats(0.001, 1000), st.integers(0, 400), st.none() | st.floats(0.01, 0.99))
def test_nothing_is_certain_and_a_missed_question_has_a_limit(stability, days: int, at_most: float | None) -> None:
    found = expected_recall(stability=stability, reviewed=DAY, day=DAY + timedelta(days=days), at_most=at_most)
    remembered = recall_after(max(1, days), stability)
    assert 0 < found < 1
    assert found == (remembered if at_most is None else min(remembered, at_most))


class TestMissedRecall:
    @given(st.data())
    def test_too_few_reviews_give_the_default(self, data: st.DataObject) -> None:
        reviews = data.draw(st.integers(0, MIN_MISSED - 1))
        assert missed_recall(reviews=reviews, remembered=data.draw(st.integers(0, reviews))) == MISSED_RECALL

    @given(after_misses())
    def test_it_lies_between_the_default_and_what_was_observed(self, counts: dict[str, int]) -> None:
        observed = counts["remembered"] / counts["reviews"]
        low, high = sorted([observed, MISSED_RECALL])
        assert 0 < missed_recall(**counts) < 1
        assert low - 1e-12 <= missed_recall(**counts) <= high + 1e-12

    @given(after_misses())
    def test_it_rises_with_a_remembered_review_and_falls_with_a_missed_one(self, counts: dict[str, int]) -> None:
        reviews, remembered = counts["reviews"] + 1, counts["remembered"]
        missed_again = missed_recall(reviews=reviews, remembered=remembered)
        assert missed_again < missed_recall(**counts) < missed_recall(reviews=reviews, remembered=remembered + 1)

    def test_a_large_site_says_nearly_what_it_observed(self) -> None:
        assert missed_recall(reviews=MIN_MISSED, remembered=MIN_MISSED * 3 // 5) == pytest.approx(145 / 300)
        assert missed_recall(reviews=10**5, remembered=60_000) == pytest.approx(0.6, abs=0.001)


@given(shares, st.integers(0, 100), records())
def test_the_range_contains_its_middle_and_stays_between_0_and_1(recalls, unseen: int, past) -> None:
    total = len(recalls) + unseen
    found = forecast_range(recalls, total=total, record=past)
    assert 0 <= found.low <= found.middle + 1e-9
    assert found.middle <= found.high + 1e-9
    assert found.high <= len(recalls) / total


@given(shares, records())
def test_unseen_questions_count_as_not_remembered(recalls, past) -> None:
    alone = forecast_range(recalls, total=len(recalls), record=past)
    among = forecast_range(recalls, total=4 * len(recalls), record=past)
    assert among.middle == pytest.approx(alone.middle / 4)


@given(shares)
def test_a_calibrated_past_gives_the_mean_recall(recalls) -> None:
    found = forecast_range(recalls, total=len(recalls), record=record(0.8, 80, 100))
    assert found.middle == pytest.approx(sum(recalls) / len(recalls))


def test_past_reviews_move_the_middle_in_proportion_to_their_number() -> None:
    recalls = [0.8] * 100
    worse, better, hardly = (
        forecast_range(recalls, total=100, record=past).middle
        for past in (record(0.8, 60, 100), record(0.8, 95, 100), record(0.8, 0, 1))
    )
    assert 0.6 < worse < hardly < 0.8 < better < 0.95
    assert hardly > 0.7


def test_more_calibrated_reviews_narrow_the_range_down_to_a_limit() -> None:
    found = [
        forecast_range([0.8] * 100, total=100, record=record(0.8, answers * 4 // 5, answers))
        for answers in (0, 50, 100, 1000, 10**6)
    ]
    widths = [one.high - one.low for one in found]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0.3
    assert 0.1 < widths[-1] < widths[-2]


def test_a_miscalibrated_past_widens_the_range() -> None:
    as_told, otherwise = (
        forecast_range([0.8] * 1000, total=1000, record=record(0.8, 8 * share, 2000)) for share in (200, 240)
    )
    assert otherwise.high - otherwise.low > as_told.high - as_told.low


def test_more_questions_narrow_the_range() -> None:
    few, many = (forecast_range([0.8] * count, total=count, record=record(0.8, 3200, 4000)) for count in (20, 2000))
    assert many.high - many.low < few.high - few.low


def test_without_seen_questions_the_range_is_zero() -> None:
    assert forecast_range([], total=50, record=NONE) == forecast_range([], total=0, record=NONE) == Range(0, 0, 0)


def test_extreme_recalls_have_a_valid_range() -> None:
    for past in (record(0.8, 100, 100), record(0.8, 41, 100)):
        for recall in (1.0, 1 - 2**-53, 2**-1074, 0.0):
            found = forecast_range([recall], total=1, record=past)
            assert 0 <= found.low <= found.middle <= found.high <= 1
