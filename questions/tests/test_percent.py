"""Whole percent that claim neither everything nor nothing where there is something between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.attempts.results import Score
from questions.percent import percent


@given(st.floats(0, 1))
def test_all_is_everything_and_nothing_is_0(share: float) -> None:
    assert (percent(share) == 100) == (share == 1)
    assert (percent(share) == 0) == (share == 0)
    assert abs(percent(share) - 100 * share) <= 1


@pytest.mark.parametrize(
    ("score", "told"),
    [(Score(0), None), (Score(2, unmarked=2), None), (Score(1000, earned=999.9), 99), (Score(1000, earned=0.1), 1)],
)
def test_a_score_is_rounded_likewise(score: Score, told: int | None) -> None:
    assert score.percent == told
