"""What is remembered: FSRS-6 through the `fsrs` package, counted in study days.

The package counts whole periods of 24 hours, so that a review 23 hours later would be of the same day; here each review
stands at noon UTC of its study day. Its fuzz is off. The algorithm: github.com/open-spaced-repetition, FSRS-6.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from math import exp

from fsrs import Card, Scheduler, State
from fsrs import Rating as FsrsRating

ALGORITHM = "FSRS-6"
DEFAULT_RETENTION = 0.9
WEIGHTS: tuple[float, ...] = tuple(Scheduler().parameters)
MAX_INTERVAL_DAYS = Scheduler().maximum_interval  # days
MIN_STABILITY = 0.001  # days of stability
_DECAY = -WEIGHTS[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1
_RECALL_FACTOR = exp(WEIGHTS[8])
_LAPSE_FACTOR = exp(WEIGHTS[17] * WEIGHTS[18])


class ReviewOutOfOrder(ValueError):
    """A review is dated before the one it follows."""


class Rating(IntEnum):
    """How well something was remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of one question's trace: `stability` in days, `difficulty` 1..10, when it was last reviewed, and
    when its recall will have fallen to the retention wanted."""

    stability: float
    difficulty: float
    reviewed: date
    due: date
    state: int
    step: int | None = None


def memory_after(memory: Memory | None, rating: Rating, day: date, *, retention: float = DEFAULT_RETENTION) -> Memory:
    """The memory after a review on that study day; None is something never seen.

    Raises ReviewOutOfOrder for a day before the last review.
    """
    if memory and day < memory.reviewed:
        raise ReviewOutOfOrder(f"{day} is before the last review on {memory.reviewed}.")
    card, _log = _scheduler(retention).review_card(_card(memory), FsrsRating(rating), _noon(day))
    if card.stability is None or card.difficulty is None:
        raise TypeError("The scheduler left a reviewed card without a memory.")
    return Memory(card.stability, card.difficulty, day, card.due.date(), card.state.value, card.step)


def recall(memory: Memory, day: date) -> float:
    """The probability, 0..1, of remembering on that study day; 1 on the day of the review itself."""
    return recall_of(memory.stability, memory.reviewed, day)


def recall_of(stability: float, reviewed: date, day: date) -> float:
    """The same, of something of that stability, reviewed on that day: all that has to be read of thousands of cards."""
    # Ordinals, since this is called for every card and a timedelta takes longer to make.
    return recall_after(max(0, day.toordinal() - reviewed.toordinal()), stability)


def recall_after(days: int, stability: float) -> float:
    """The probability of remembering so many days after a review that left that stability (FSRS-6's power curve)."""
    return (1 + _FACTOR * days / stability) ** _DECAY


def stability_after_recall(stability: float, difficulty: float, recall: float) -> float:
    """The stability that a review at that recall leaves when it is rated Good: what `after` comes to, without its dates
    and many times as fast (FSRS-6's stability after recall)."""
    growth = (11 - difficulty) * stability ** -WEIGHTS[9] * (exp((1 - recall) * WEIGHTS[10]) - 1)
    return stability * (1 + _RECALL_FACTOR * growth)


def stability_after_lapse(stability: float, difficulty: float, recall: float) -> float:
    """The same when it is rated Again (FSRS-6's stability after forgetting)."""
    relearned = ((stability + 1) ** WEIGHTS[13] - 1) * exp((1 - recall) * WEIGHTS[14])
    return max(MIN_STABILITY, min(WEIGHTS[11] * difficulty ** -WEIGHTS[12] * relearned, stability / _LAPSE_FACTOR))


def due_date(memory: Memory, retention: float) -> date:
    """The day on which recall has fallen to that retention, as the `fsrs` package rounds it; the day that the package
    set for what is still being learned."""
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
        return Card(card_id=1)  # without an id it would wait a millisecond to make one
    return Card(
        card_id=1,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_noon(memory.due),
        last_review=_noon(memory.reviewed),
    )
