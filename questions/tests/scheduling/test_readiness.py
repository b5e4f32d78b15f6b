"""The forecast for the day of the interview, as a range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.readiness import Range, Record, forecast_range

NONE = Record(0, 0, 0, 0)
shares = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def record(predicted: float, remembered: int, answers: int) -> Record:
    """Past reviews that were all predicted at that recall."""
    return Record(answers, answers * predicted, remembered, answers * predicted * (1 - predicted))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any past."""
    predicted = draw(st.lists(st.floats(0, 1), max_size=60))
    remembered = draw(st.integers(0, len(predicted)))
    return Record(len(predicted), sum(predicted), remembered, sum(share * (1 - share) for share in predicted))


@given(shares, st.integers(0, 100), records())
def test_the_range_is_one_of_shares_and_holds_its_middle(recalls, unseen: int, past) -> None:
    total = len(recalls) + unseen
    told = forecast_range(recalls, total=total, record=past)
    assert 0 <= told.low <= told.middle + 1e-9
    assert told.middle <= told.high + 1e-9
    assert told.high <= len(recalls) / total


@given(shares, records())
def test_what_was_never_seen_counts_as_not_known(recalls, past) -> None:
    alone = forecast_range(recalls, total=len(recalls), record=past)
    among = forecast_range(recalls, total=4 * len(recalls), record=past)
    assert among.middle == pytest.approx(alone.middle / 4)


@given(shares)
def test_who_remembers_as_predicted_gets_the_mean(recalls) -> None:
    told = forecast_range(recalls, total=len(recalls), record=record(0.8, 80, 100))
    assert told.middle == pytest.approx(sum(recalls) / len(recalls))


def test_one_s_own_past_moves_the_middle_and_a_little_of_it_moves_it_little() -> None:
    recalls = [0.8] * 100
    worse, better, hardly = (
        forecast_range(recalls, total=100, record=past).middle
        for past in (record(0.8, 60, 100), record(0.8, 95, 100), record(0.8, 0, 1))
    )
    assert 0.6 < worse < hardly < 0.8 < better < 0.95
    assert hardly > 0.7


def test_more_reviews_that_went_as_predicted_make_it_narrower_down_to_what_the_model_and_the_draw_leave() -> None:
    told = [
        forecast_range([0.8] * 100, total=100, record=record(0.8, answers * 4 // 5, answers))
        for answers in (0, 50, 100, 1000, 10**6)
    ]
    widths = [one.high - one.low for one in told]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0.3
    assert 0.1 < widths[-1] < widths[-2]


def test_a_past_that_went_otherwise_makes_it_wider_even_if_it_went_better() -> None:
    as_told, otherwise = (
        forecast_range([0.8] * 1000, total=1000, record=record(0.8, 8 * share, 2000)) for share in (200, 240)
    )
    assert otherwise.high - otherwise.low > as_told.high - as_told.low


def test_more_questions_make_the_draw_matter_less() -> None:
    few, many = (forecast_range([0.8] * count, total=count, record=record(0.8, 3200, 4000)) for count in (20, 2000))
    assert many.high - many.low < few.high - few.low


def test_where_nothing_was_seen_nothing_is_known() -> None:
    assert forecast_range([], total=50, record=NONE) == forecast_range([], total=0, record=NONE) == Range(0, 0, 0)


def test_what_is_all_but_certain_has_a_range_too() -> None:
    for past in (record(0.8, 100, 100), record(0.8, 41, 100)):
        for recall in (1.0, 1 - 2**-53, 2**-1074, 0.0):
            told = forecast_range([recall], total=1, record=past)
            assert 0 <= told.low <= told.middle <= told.high <= 1
