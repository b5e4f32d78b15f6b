"""Readiness: the share of questions that a candidate would answer correctly at the interview, with an 80 % prediction
interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from statistics import NormalDist

from questions.scheduling.fsrs_memory import recall_after

LOOK_AHEAD_DAYS = 7  # without an interview date, readiness is for that many days from today
MISSED_RECALL = 0.25  # at most, for a question whose last answer was wrong or a guess
# Errors are in log-odds.
PRIOR_SD = 1.0  # standard deviation of a candidate's own error before any review
CARRY_OVER = 0.6  # share of the error in past reviews that is found again at the interview
CARRY_OVER_SD = 0.4  # standard deviation of CARRY_OVER
MODEL_SD = 0.2  # standard deviation of the error that past reviews do not reveal
UNTESTED_SD = 1.2  # standard deviation of the error in questions that were never reviewed
Z_80 = NormalDist().inv_cdf(0.9)  # standard deviations to either side of the mean that contain 80 %


@dataclass(frozen=True, slots=True)
class Record:
    """Totals over a candidate's past reviews, without first answers: the number of reviews, the sum of the predicted
    recalls, how many were remembered, and the sum of p(1 - p)."""

    answers: int
    predicted: float
    remembered: float
    variance: float


@dataclass(frozen=True, slots=True)
class Range:
    """A share, 0 to 1, with the bounds of its 80 % prediction interval."""

    low: float
    middle: float
    high: float


def expected_recall(*, stability: float, reviewed: date, day: date, missed: bool) -> float:
    """Return the probability that a question is answered correctly on that day, from what is stored of its card.

    At least one night lies between the last answer and the day: on the same day FSRS gives 100 %, which says only that
    the explanation was just read. `missed` means that the last answer was rated Again. The `fsrs` package assumes that
    such a card is relearned minutes later, and gives 58 % a week after a wrong first answer. This site explains the
    answer and asks again on a later day, so the question counts as a guess among four options instead. That is a
    cautious default; it is not measured.
    """
    recall = recall_after(max(1, day.toordinal() - reviewed.toordinal()), stability)
    return min(recall, MISSED_RECALL) if missed else recall


def forecast_range(recalls: Sequence[float], *, total: int, record: Record) -> Range:
    """Return the share of `total` questions that the candidate would remember if each were asked once at the interview.
    `recalls` holds the predicted recall of each question that was seen; unseen questions count as not remembered.

    The candidate's own error is modelled as one shift of all predictions in log-odds ("recalibration in the large"). It
    is estimated from past reviews with a single Newton step of the logistic likelihood with a normal prior: (remembered
    - predicted) / (variance + 1 / PRIOR_SD²). The width of the range comes from the delta method: it adds the variances
    of that estimate, of the part of it that carries over to the interview, of the model, and of the draw (a sum of
    Bernoulli variances).

    The constants are chosen so that, on the eve of the interview, the range contains the share remembered for about 80
    % of the simulated candidates in both worlds of `make bench-learning`. PRIOR_SD covers the errors of both worlds:
    about 0.2 in log-odds in A, little more than chance, and up to 1 in B. In B the error is measured on the weak
    questions that are reviewed, and 0.6 ± 0.4 of it is found again at the interview. Questions that were seen but never
    reviewed can be off by more than 1 in B without any sign of it, so UNTESTED_SD keeps the range wide until there are
    as many reviews as questions seen.
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
