"""Calibration groups and the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.readiness import Record
from questions.study.calibration import BOUNDS, Calibration

NOTHING = Record(0, 0.0, 0.0, 0.0)


def calibration(**groups: Record) -> Calibration:
    """Return the calibration with these records in the groups `from_0`, `from_50`, `from_70`, `from_80` and
    `from_90`."""
    names = [f"from_{round(100 * low)}" for low, _high in BOUNDS]
    assert set(groups) <= set(names)
    return Calibration.from_records([groups.get(name, NOTHING) for name in names])


def of(number: int, predicted: float, remembered: int) -> Record:
    """Return a record of that many reviews with the same predicted recall."""
    return Record(number, number * predicted, remembered, number * predicted * (1 - predicted))


@given(st.floats(0, 1))
def test_each_prediction_belongs_to_one_group(predicted: float) -> None:
    assert sum(low <= predicted and (high is None or predicted < high) for low, high in BOUNDS) == 1


def test_a_group_has_expected_and_remembered_percentages() -> None:
    groups = calibration(from_70=of(40, 0.76, 29), from_90=of(3, 0.95, 3)).groups
    assert [(group.low, group.high) for group in groups] == [(0, 50), (50, 70), (70, 80), (80, 90), (90, None)]
    assert [group.expected for group in groups] == [None, None, 76, None, 95]
    assert [group.remembered.percent for group in groups] == [None, None, 72, None, 100]
    assert [group.remembered.has_enough_answers for group in groups] == [False, False, True, False, False]


def test_only_groups_with_reviews_are_plotted() -> None:
    found = calibration(from_70=of(40, 0.76, 29), from_90=of(3, 0.95, 3))
    assert found.points == [(76, 72, 40), (95, 100, 3)]


def test_overall_is_the_sum_of_the_groups() -> None:
    overall = calibration(from_70=of(40, 0.75, 29), from_90=of(10, 0.95, 9)).overall
    assert (overall.expected, overall.remembered.part, overall.remembered.of) == (79, 38, 50)
    assert overall.record.variance == pytest.approx(40 * 0.75 * 0.25 + 10 * 0.95 * 0.05)


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        (NOTHING, "none"),
        (of(19, 0.8, 0), "too few"),
        (of(20, 0.8, 0), "less"),
        (of(100, 0.8, 72), "less"),
        (of(100, 0.8, 73), "right"),
        (of(100, 0.8, 87), "right"),
        (of(100, 0.8, 88), "more"),
    ],
)
def test_the_verdict_allows_for_chance_and_for_few_answers(record: Record, verdict: str) -> None:
    assert calibration(from_80=record).verdict == verdict
