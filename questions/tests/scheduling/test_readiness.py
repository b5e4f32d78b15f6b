"""Readiness forecast and its prediction interval."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.fsrs_memory import recall_after
from questions.scheduling.readiness import MISSED_RECALL, Range, Record, expected_recall, forecast_range

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


@given(st.floats(0.001, 1000), st.integers(0, 400), st.booleans())
def test_nothing_is_certain_and_a_missed_question_counts_as_a_guess(stability: float, days: int, missed: bool) -> None:
    found = expected_recall(stability=stability, reviewed=DAY, day=DAY + timedelta(days=days), missed=missed)
    assert 0 < found < 1
    assert found <= (MISSED_RECALL if missed else recall_after(max(1, days), stability))


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
