"""Recent reviews of a candidate, with the time from one answer to the next: the sample for their pace."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from questions import types
from questions.accounts.owners import Owner
from questions.scheduling import workload
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review

RECENT_REVIEWS = 300  # the sample for the candidate's pace; it includes today's reviews


@dataclass(frozen=True, slots=True)
class RecentReview:
    """A past review with the time that it took."""

    day: date
    at: datetime
    kind: workload.Kind
    seconds: float | None
    time_factor: float


def recent_reviews_of(owner: Owner) -> list[RecentReview]:
    """Return the owner's recent reviews, the latest first, each with the seconds since the previous answer in its
    attempt."""
    columns = ["day", "at", "rating", "predicted", "duration", "question__type"]
    latest = Review.objects.owned_by(owner).counting().latest_first()
    rows = latest.values_list(*columns, "response__attempt")[:RECENT_REVIEWS]
    found, before = [], dict[Any, datetime]()
    for day, at, rating, predicted, duration, type_name, attempt in reversed(rows):
        since = before.get(attempt) if attempt else None
        took = at - since if since else duration
        before[attempt] = at
        kind: workload.Kind = "new" if predicted is None else "right" if rating > Rating.AGAIN else "wrong"
        seconds = took.total_seconds() if took is not None else None
        found.append(RecentReview(day, at, kind, seconds, types.get(type_name).time_factor))
    return found[::-1]
