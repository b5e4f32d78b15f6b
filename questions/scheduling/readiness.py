"""How much will be remembered on the day of the interview, as a range that means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

OWN_ERROR = 0.08  # standard deviation, among candidates, of how far the model is off
MODEL_ERROR = 0.03  # standard deviation of what past reviews cannot tell of the interview
WITHIN = NormalDist().inv_cdf(0.9)  # 80 % lie so many standard deviations around the middle


@dataclass(frozen=True, slots=True)
class Record:
    """A candidate's past reviews: how many, the sum of the recall predicted for each, how many were remembered, and
    the sum of p(1 - p)."""

    answers: int
    predicted: float
    remembered: float
    variance: float


@dataclass(frozen=True, slots=True)
class Range:
    """A share, 0..1, and the 80 % range around it."""

    low: float
    middle: float
    high: float


def forecast_range(recalls: Sequence[float], *, total: int, record: Record) -> Range:
    """The share of `total` questions that will be remembered, given the predicted recall of those seen."""
    if not recalls or not total:
        return Range(0.0, 0.0, 0.0)
    error, error_variance = _own_error(record)
    seen = len(recalls) / total
    middle = min(seen, max(0.0, sum(recalls) / total + seen * error))
    drawn = sum(recall * (1 - recall) for recall in recalls) / total**2
    half = WITHIN * sqrt(seen**2 * (error_variance + MODEL_ERROR**2) + drawn)
    return Range(max(0.0, middle - half), middle, min(seen, middle + half))


def _own_error(record: Record) -> tuple[float, float]:
    """Mean and variance of how far the model is off for this candidate (normal-normal conjugate posterior)."""
    if not record.answers or not record.variance:
        return 0.0, OWN_ERROR**2
    measured = (record.remembered - record.predicted) / record.answers
    noise = record.variance / record.answers**2
    trust = OWN_ERROR**2 / (OWN_ERROR**2 + noise)
    return trust * measured, (1 - trust) * OWN_ERROR**2
