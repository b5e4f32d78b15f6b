"""Readiness on each of the past days, computed from the reviews: how much of what was learned by then would be left on
the day of the present forecast."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from questions.accounts.owners import Owner
from questions.scheduling.fsrs_memory import Rating, stability_at
from questions.scheduling.models import Card, CardStatus, Review
from questions.scheduling.readiness import Record, expected_recall, range_of_sums, shifted_recalls
from questions.study.percentages import Forecast
from questions.study.progress import ProgressReport

DAYS = 30  # before today


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review of one question, with the recall that was predicted for it; None for the first review."""

    day: date
    predicted: float | None
    missed: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """What the card of a question says after its last review."""

    stability: float
    reviewed: date
    missed: bool


@dataclass(frozen=True, slots=True)
class ReadinessPoint:
    """Readiness at the end of a day."""

    day: date
    forecast: Forecast


def recalls_over_time(
    reviews: Sequence[PastReview], learned: Learned, *, day: date, missed_recall: float
) -> Iterator[tuple[date, float]]:
    """Yield each day of review of a question with the recall that it left for `day`, the oldest first.

    A review does not store the stability that it left. But the recall predicted for the next one follows from it, so it
    is computed from that; the stability after the last review is in the card.
    """
    for one, following in pairwise(reviews):
        if following.predicted is not None:
            stability = stability_at(following.predicted, (following.day - one.day).days)
            yield one.day, _recall(stability, one.day, one.missed, day, missed_recall)
    yield learned.reviewed, _recall(learned.stability, learned.reviewed, learned.missed, day, missed_recall)


def _recall(stability: float, reviewed: date, missed: bool, day: date, missed_recall: float) -> float:
    return expected_recall(stability=stability, reviewed=reviewed, day=day, at_most=missed_recall if missed else None)


def readiness_on(
    days: Sequence[date], questions: Iterable[Iterable[tuple[date, float]]], *, total: int, record: Record
) -> list[ReadinessPoint]:
    """Return the readiness at the end of each of the days, which are in order. `questions` has `recalls_over_time` of
    each question that was seen; a question without a review up to a day counts as not recalled."""
    changes = [(0.0, 0.0, 0)] * len(days)  # since the day before: of the sums of p and p(1 - p), and of the questions
    for recalls in questions:
        reviewed, left = zip(*recalls, strict=True)
        before = (0.0, 0.0, 0)
        for day, recall in zip(reviewed, shifted_recalls(left, record), strict=True):
            now, place = (recall, recall * (1 - recall), 1), bisect_left(days, day)
            if place < len(days):
                expected, drawn, seen = changes[place]
                changes[place] = (expected + now[0] - before[0], drawn + now[1] - before[1], seen + now[2] - before[2])
            before = now
    points = []
    sums = zip(*(accumulate(column) for column in zip(*changes, strict=True)), strict=True)
    for day, (expected, drawn, seen) in zip(days, sums, strict=True):
        found = range_of_sums(expected, max(0.0, drawn), seen=seen, total=total, record=record)
        points.append(ReadinessPoint(day, Forecast.from_range(found, seen=seen, of=total)))
    return points


def readiness_history(owner: Owner, report: ProgressReport) -> list[ReadinessPoint]:
    """Return the readiness on each of the last DAYS days from the first with an answer on, and that of the report for
    today, in two queries. It is as if the questions, the day of the forecast and the record had always been the
    present ones."""
    today = report.activity.today
    begin = max(today - timedelta(days=DAYS), min(report.activity.days, default=today))
    days = [begin + timedelta(days=number) for number in range((today - begin).days)]
    now = ReadinessPoint(today, report.forecast)
    if not days or not report.forecast.of:
        return [now]
    recent = defaultdict[int, list[PastReview]](list)
    rows = Review.objects.owned_by(owner).counting().since(begin).order_by("day", "pk")
    for question, day, predicted, rating in rows.values_list("question", "day", "predicted", "rating"):
        recent[question].append(PastReview(day, predicted, rating == Rating.AGAIN))
    questions = []
    for card in _cards(owner, report, begin):
        question, stability, reviewed, missed, share, before, rating = card
        earlier = [PastReview(before, None, rating == Rating.AGAIN)] if before else []
        learned = Learned(stability, reviewed, missed is not None)
        questions.append(
            recalls_over_time([*earlier, *recent[question]], learned, day=report.forecast_on, missed_recall=share)
        )
    return [*readiness_on(days, questions, total=report.forecast.of, record=report.calibration.record), now]


def _cards(owner: Owner, report: ProgressReport, begin: date) -> Iterable[tuple[Any, ...]]:
    """Return the cards that the report's forecast counts, each with its last review before `begin`."""
    cards = Card.objects.owned_by(owner).to_published().remembered().of_topics(entry.topic for entry in report.topics)
    counted = cards.exclude(status__in=[CardStatus.KNOWN, CardStatus.SUSPENDED]).order_by()
    fields = ("question", "stability", "reviewed_on", "missed_recall", "missed_share", "day_before", "rating_before")
    return counted.with_missed_recall(owner).with_review_before(begin, owner).values_list(*fields)
