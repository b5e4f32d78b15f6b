"""Readiness: the share of questions that a candidate would answer correctly at the interview, with an 80 % prediction
interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from statistics import NormalDist

from questions.scheduling.fsrs_memory import recall_after

LOOK_AHEAD_DAYS = 7  # without an interview date, readiness is for that many days from today
MISSED_RECALL = 0.25  # default for `missed_recall`: a guess among four options
MIN_MISSED = 200  # reviews after a miss from which the site's own share is used
MISSED_PRIOR = 100  # number of such reviews that the default counts for
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


def missed_recall(*, reviews: int, remembered: int) -> float:
    """Return the share of missed questions that are remembered at the next review, on a later study day. `reviews` and
    `remembered` count such reviews of all candidates.

    Below MIN_MISSED reviews it is the default. From there on it is the mean of a beta distribution whose prior has the
    default as its mean and the weight of MISSED_PRIOR reviews. That prior is heavy because reviews of one candidate
    resemble each other, so that 200 of them say less than 200 people would.

    One share holds for any number of days between the two reviews. The plan asks missed questions again within days, so
    long gaps would have few reviews; FSRS, which falls with each day, bounds the recall as well (`expected_recall`).
    """
    if reviews < MIN_MISSED:
        return MISSED_RECALL
    return (remembered + MISSED_PRIOR * MISSED_RECALL) / (reviews + MISSED_PRIOR)


def expected_recall(*, stability: float, reviewed: date, day: date, at_most: float | None = None) -> float:
    """Return the probability that a question is answered correctly on that day, from what is stored of its card.

    At least one night lies between the last answer and the day: on the same day FSRS gives 100 %, which says only that
    the explanation was just read. `at_most` is the site's `missed_recall` if the last answer was rated Again. The
    `fsrs` package assumes that such a card is relearned minutes later, and gives 58 % a week after a wrong first
    answer. This site explains the answer and asks again on a later day.
    """
    recall = recall_after(max(1, day.toordinal() - reviewed.toordinal()), stability)
    return recall if at_most is None else min(recall, at_most)


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
    shifted = shifted_recalls(recalls, record)
    drawn = sum(recall * (1 - recall) for recall in shifted)
    return range_of_sums(sum(shifted), drawn, seen=len(recalls), total=total, record=record)


def shifted_recalls(recalls: Iterable[float], record: Record) -> list[float]:
    """Return the recalls, corrected by the share of the candidate's own error that carries over."""
    odds = exp(CARRY_OVER * _error(record))
    return [recall * odds / (recall * odds + (1 - recall)) for recall in recalls]


def range_of_sums(expected: float, drawn: float, *, seen: int, total: int, record: Record) -> Range:
    """Return `forecast_range` from sums over the `seen` questions: `expected` of their shifted recalls p, `drawn` of
    p(1 - p)."""
    if not seen:
        return Range(0.0, 0.0, 0.0)
    untested = max(0.0, 1 - record.answers / seen)
    shift = (
        CARRY_OVER**2 / _information(record)
        + (CARRY_OVER_SD * _error(record)) ** 2
        + MODEL_SD**2
        + (UNTESTED_SD * untested) ** 2
    )
    middle, half = expected / total, Z_80 * sqrt(max(0.0, shift * drawn**2 + drawn)) / total
    return Range(max(0.0, middle - half), middle, min(seen / total, middle + half))


def _information(record: Record) -> float:
    return record.variance + 1 / PRIOR_SD**2


def _error(record: Record) -> float:
    return (record.remembered - record.predicted) / _information(record)
