"""Percentages that do not claim more than their numbers."""

import pytest

from questions.scheduling.readiness import Range
from questions.study.percentages import TOO_FEW, Forecast, Share


def test_a_share_of_nothing_has_no_percentage() -> None:
    assert Share(0, 0).percent is None
    assert Share(1, 3).percent == 33


@pytest.mark.parametrize(("of", "telling"), [(TOO_FEW - 1, False), (TOO_FEW, True)])
def test_a_share_tells_something_from_20_on(of: int, telling: bool) -> None:
    assert Share(1, of).is_telling is telling


def test_a_forecast_says_what_its_range_says() -> None:
    forecast = Forecast.from_range(Range(0.706, 0.77, 0.834), seen=7, of=10)
    assert (forecast.low, forecast.middle, forecast.high, forecast.unseen) == (71, 77, 83, 3)
    assert not forecast.is_point
    assert forecast.told == "71–83\N{NO-BREAK SPACE}%"


def test_a_forecast_without_a_width_is_one_number_and_one_of_nothing_is_none() -> None:
    point = Forecast.from_range(Range(0.0, 0.0, 0.0), seen=0, of=10)
    assert point.is_point
    assert point.told == "0\N{NO-BREAK SPACE}%"
    assert Forecast.from_range(Range(0.0, 0.0, 0.0), seen=0, of=0).told == "–"
