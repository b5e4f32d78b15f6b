"""How much will be remembered on the day of the interview, as a range that means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist

# Errors are in log-odds; all but CARRY_OVER are standard deviations.
PRIOR_SD = 1.0  # of a candidate's own error, before anything is known of it
CARRY_OVER = 0.6  # how much of the error in past reviews is found again at the interview
CARRY_OVER_SD = 0.4  # standard deviation of that share
MODEL_SD = 0.2  # of the error that past reviews say nothing of
UNTESTED_SD = 1.2  # of the error in questions that were never asked again
Z_80 = NormalDist().inv_cdf(0.9)  # standard deviations to either side that hold 80 %


@dataclass(frozen=True, slots=True)
class Record:
    """A candidate's past reviews, first sights left out: how many, the sum of the recall predicted for each, how many
    were remembered, and the sum of p(1 - p)."""

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
    """The share of `total` questions that would be remembered, were all asked once at the interview, given the recall
    that is predicted for those seen.

    The candidate's own error is one shift of all predictions in log-odds ("recalibration in the large"): its estimate
    from past reviews is a single Newton step of the logistic likelihood with a normal prior, so (remembered -
    predicted) / (variance + 1 / PRIOR²). The range is the delta method's: it adds the variances of that estimate, of
    how much of it is carried over to the interview, of the model, and of the draw (a sum of Bernoulli variances).

    The constants are fixed so that, on the eve of the interview, the range holds the share remembered for about 80 %
    of the simulated candidates in both worlds of `make bench-learning`. PRIOR_SD covers the errors of both: about 0.2 in
    log-odds in A, little more than chance, and up to 1 in B. There they were measured on the weak questions that are
    reviewed, and 0.6 ± 0.4 of them is found again at the interview. What was seen but never asked again can be off by
    more than 1 in B without a sign of it: UNTESTED_SD keeps the range wide until there are as many reviews as questions
    seen.
    """
    if not recalls:
        return Range(0.0, 0.0, 0.0)
    information = record.variance + 1 / PRIOR_SD**2
    error = (record.remembered - record.predicted) / information
    odds = exp(CARRY_OVER * error)
    shifted = [recall * odds / (recall * odds + (1 - recall)) for recall in recalls]
    drawn = sum(recall * (1 - recall) for recall in shifted)
    untested = max(0.0, 1 - record.answers / len(recalls))
    shift = CARRY_OVER**2 / information + (CARRY_OVER_SD * error) ** 2 + MODEL_SD**2 + (UNTESTED_SD * untested) ** 2
    middle, half = sum(shifted) / total, Z_80 * sqrt(shift * drawn**2 + drawn) / total
    return Range(max(0.0, middle - half), middle, min(len(recalls) / total, middle + half))
