"""Memory model: FSRS-6 through the `fsrs` package, counted in study days.

The package counts periods of 24 hours, so a review 23 hours after another would belong to the same day. Each review is
therefore dated at noon UTC of its study day. Fuzzing is off. The algorithm is described at
github.com/open-spaced-repetition (FSRS-6).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from math import exp, inf

from fsrs import Card, Scheduler, State
from fsrs import Rating as FsrsRating

ALGORITHM = "FSRS-6"
DEFAULT_RETENTION = 0.9  # probability of recall at which a card becomes due
WEIGHTS: tuple[float, ...] = tuple(Scheduler().parameters)
MAX_INTERVAL_DAYS = Scheduler().maximum_interval
MIN_STABILITY = 0.001  # days of stability
MIN_RECALL = 1e-6  # below it, floats are too short for the stability
_DECAY = -WEIGHTS[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1
_RECALL_FACTOR = exp(WEIGHTS[8])
_LAPSE_FACTOR = exp(WEIGHTS[17] * WEIGHTS[18])


class ReviewOutOfOrder(ValueError):
    """A review is dated before the previous review of the same card."""


class Rating(IntEnum):
    """FSRS rating of a review."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """FSRS state of a card: `stability` in days, `difficulty` from 1 to 10, the day of the last review, and the day on
    which recall will have fallen to the desired retention."""

    stability: float
    difficulty: float
    reviewed: date
    due: date
    state: int
    step: int | None = None


def memory_after(memory: Memory | None, rating: Rating, day: date, *, retention: float = DEFAULT_RETENTION) -> Memory:
    """Return the memory after a review on that study day; pass None for a card without reviews.

    Raise ReviewOutOfOrder if `day` is before the last review.
    """
    if memory and day < memory.reviewed:
        raise ReviewOutOfOrder(f"Review on {day} precedes the last one on {memory.reviewed}. Check the clock.")
    card, _log = _scheduler(retention).review_card(_card(memory), FsrsRating(rating), _noon(day))
    if card.stability is None or card.difficulty is None:
        raise TypeError("fsrs returned a reviewed card without stability or difficulty. Check the version of fsrs.")
    return Memory(card.stability, card.difficulty, day, card.due.date(), card.state.value, card.step)


def recall(memory: Memory, day: date) -> float:
    """Return the probability of recall, 0 to 1, on that study day (FSRS: retrievability); it is 1 on the day of the
    review."""
    return recall_of(memory.stability, memory.reviewed, day)


def recall_of(stability: float, reviewed: date, day: date) -> float:
    """Return the probability of recall from the two columns that it depends on, so that thousands of cards can be read
    cheaply."""
    # Called for every card: subtracting ordinals is faster than creating a timedelta.
    return recall_after(max(0, day.toordinal() - reviewed.toordinal()), stability)


def recall_after(days: int, stability: float) -> float:
    """Return the probability of recall that many days after a review that left this stability (FSRS-6's power
    curve)."""
    return (1 + _FACTOR * days / stability) ** _DECAY


def stability_at(recall: float, days: int) -> float:
    """Return the stability with which recall falls to `recall` after that many days, at least one: the inverse of
    `recall_after`. It is infinite for a recall of 1."""
    growth = max(recall, MIN_RECALL) ** (1 / _DECAY) - 1
    return _FACTOR * days / growth if growth > 0 else inf


def stability_after_recall(stability: float, difficulty: float, recall: float) -> float:
    """Return the stability, in days, after a review that was rated Good at this probability of recall.

    This is FSRS-6's "stability after recall": the same result as `memory_after` gives, without dates and many times as
    fast.
    """
    growth = (11 - difficulty) * stability ** -WEIGHTS[9] * (exp((1 - recall) * WEIGHTS[10]) - 1)
    return stability * (1 + _RECALL_FACTOR * growth)


def stability_after_lapse(stability: float, difficulty: float, recall: float) -> float:
    """Return the stability, in days, after a review that was rated Again (FSRS-6's "stability after forgetting")."""
    relearned = ((stability + 1) ** WEIGHTS[13] - 1) * exp((1 - recall) * WEIGHTS[14])
    return max(MIN_STABILITY, min(WEIGHTS[11] * difficulty ** -WEIGHTS[12] * relearned, stability / _LAPSE_FACTOR))


def due_date(memory: Memory, retention: float) -> date:
    """Return the day on which recall has fallen to `retention`, rounded as the `fsrs` package rounds it. A card that is
    still in its learning steps keeps the due date that the package set."""
    if memory.state != State.Review:
        return memory.due
    interval = round(memory.stability / _FACTOR * (retention ** (1 / _DECAY) - 1))
    return memory.reviewed + timedelta(days=min(max(interval, 1), MAX_INTERVAL_DAYS))


@lru_cache(maxsize=8)
def _scheduler(retention: float) -> Scheduler:
    return Scheduler(parameters=WEIGHTS, desired_retention=retention, enable_fuzzing=False)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _card(memory: Memory | None) -> Card:
    if memory is None:
        return Card(card_id=1)  # without an id, fsrs sleeps for a millisecond to generate one
    return Card(
        card_id=1,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_noon(memory.due),
        last_review=_noon(memory.reviewed),
    )
