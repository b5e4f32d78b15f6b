"""Rounding of shares and forecasts to whole percent."""

import pytest

from questions.scheduling.readiness import Range
from questions.study.percentages import MIN_ANSWERS, Forecast, Share


def test_a_share_of_nothing_has_no_percentage() -> None:
    assert Share(0, 0).percent is None
    assert Share(1, 3).percent == 33


@pytest.mark.parametrize(("of", "conclusive"), [(MIN_ANSWERS - 1, False), (MIN_ANSWERS, True)])
def test_a_share_is_conclusive_from_the_minimum_sample(of: int, conclusive: bool) -> None:
    assert Share(1, of).has_enough_answers is conclusive


def test_a_forecast_rounds_its_range() -> None:
    forecast = Forecast.from_range(Range(0.706, 0.77, 0.834), seen=7, of=10)
    assert (forecast.low, forecast.middle, forecast.high, forecast.unseen) == (71, 77, 83, 3)
    assert not forecast.is_point
    assert forecast.label == "71–83\N{NO-BREAK SPACE}%"


def test_labels_of_a_point_forecast_and_of_an_empty_one() -> None:
    point = Forecast.from_range(Range(0.0, 0.0, 0.0), seen=0, of=10)
    assert point.is_point
    assert point.label == "0\N{NO-BREAK SPACE}%"
    assert Forecast.from_range(Range(0.0, 0.0, 0.0), seen=0, of=0).label == "–"
