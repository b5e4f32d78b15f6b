"""What fits into a day, in which sequence it is asked, what the days ahead hold, and whether the time is enough."""

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import ceil
from typing import Literal

from questions.scheduling.days import Calendar
from questions.scheduling.memory import Memory, recall
from questions.scheduling.policies import Key, share_of_new

Kind = Literal["new", "right", "wrong"]
LONGEST = 600  # seconds: after a longer gap somebody was away
PRIOR = 20  # answers for which the defaults count
REVIEWS = 2  # reviews that carry a question to the interview


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that an answer takes: to something new, right and wrong."""

    new: float = 60.0
    right: float = 20.0
    wrong: float = 45.0

    def review(self, recall: float = 0.8) -> float:
        """The seconds to expect of a review at that recall."""
        return recall * self.right + (1 - recall) * self.wrong

    def times(self, effort: float) -> "Costs":
        """The seconds of answers that take that much more."""
        return Costs(self.new * effort, self.right * effort, self.wrong * effort)


def costs_from(gaps: Iterable[tuple[Kind, float]]) -> Costs:
    """A candidate's own mean seconds, drawn towards the defaults as if those were PRIOR answers."""
    seconds: dict[str, list[float]] = {field.name: [] for field in fields(Costs)}
    for kind, gap in gaps:
        if gap <= LONGEST:
            seconds[kind].append(gap)
    usual = Costs()
    return Costs(
        **{kind: (PRIOR * getattr(usual, kind) + sum(own)) / (PRIOR + len(own)) for kind, own in seconds.items()}
    )


def chosen(
    order: Sequence[Key],
    *,
    unseen: Container[Key],
    known: Mapping[Key, Memory],
    day: date,
    costs: Costs,
    seconds: float,
    effort: Mapping[Key, float] | None = None,
) -> list[Key]:
    """The head of the order that fits into the time by what its answers are expected to take; at least one question
    as long as there is time and any question. An answer of `effort` 3 takes three times as long; 1 where none is
    given."""
    taken, left = 0, seconds
    for key in order:
        expected = costs.new if key in unseen else costs.review(recall(known[key], day))
        left -= expected * (effort or {}).get(key, 1.0)
        if left < 0:
            break
        taken += 1
    return list(order[: max(taken, 1)]) if seconds > 0 else []


def interleaved(keys: Sequence[Key], *, group: Mapping[Key, Hashable], unseen: Container[Key]) -> list[Key]:
    """The same questions with new ones spread evenly among reviews and as few neighbours of one group as can be;
    otherwise in the order given."""
    rest, result = list(keys), list[Key]()
    groups = Counter(group[key] for key in keys)
    new, new_taken, last = sum(key in unseen for key in keys), 0, None
    while rest:
        # A group with more than half of what is left must come now, or it will have to stand beside itself.
        most, count = groups.most_common(1)[0]
        crowded = 2 * count > len(rest) and (not result or most != last)
        allowed = [key for key in rest if (group[key] == most if crowded else not result or group[key] != last)]
        new_is_next = (2 * new_taken + 1) * len(keys) <= (2 * len(result) + 1) * new
        candidates = allowed or rest
        key = next((key for key in candidates if (key in unseen) == new_is_next), candidates[0])
        rest.remove(key)
        result.append(key)
        last = group[key]
        groups[last] -= 1
        new_taken += key in unseen
    return result


@dataclass(frozen=True, slots=True)
class DayAhead:
    """What a day is going to hold: new questions, reviews, and the minutes that they take."""

    day: date
    new: int
    reviews: int
    off: bool
    minutes: float


def forecast(
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    known: int,
    minutes: float,
    costs: Costs,
    seconds_left_today: float | None = None,
) -> list[DayAhead]:
    """The days ahead, by the pacing of the policy: a day's share of what is new, reviews, and more that is new."""
    days = []
    for ahead in calendar.ahead(day):
        off = not calendar.is_on(ahead)
        seconds = seconds_left_today if ahead == day and seconds_left_today is not None else minutes * 60
        new = reviews = 0
        if not off:
            new = min(share_of_new(calendar, ahead, unseen), int(seconds / costs.new))
            reviews = min(known, int((seconds - new * costs.new) / costs.review()))
            new += min(unseen - new, int((seconds - new * costs.new - reviews * costs.review()) / costs.new))
        unseen, known = unseen - new, known + new
        days.append(DayAhead(ahead, new, reviews, off, (new * costs.new + reviews * costs.review()) / 60))
    return days


@dataclass(frozen=True, slots=True)
class TopicLoad:
    """How much a topic counts, and how many of its questions are new and known."""

    key: Hashable
    weight: float
    unseen: int
    known: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the questions fit into the time, how many minutes a day more would do, or which topics to drop."""

    questions: int
    fits: int
    minutes_more: int
    drop: tuple[Hashable, ...]

    @property
    def enough(self) -> bool:
        """Whether the time is enough for all."""
        return self.fits >= self.questions


def fit(topics: Sequence[TopicLoad], *, calendar: Calendar, day: date, minutes: float, costs: Costs) -> Fit:
    """Whether the study days left are enough; always, where there is no deadline."""
    questions = sum(topic.unseen + topic.known for topic in topics)
    if calendar.deadline is None:
        return Fit(questions, questions, 0, ())
    days = calendar.days_on(day, calendar.deadline)
    review = REVIEWS * costs.review()
    unseen, known = sum(topic.unseen for topic in topics), sum(topic.known for topic in topics)
    needed, seconds = known * review + unseen * (costs.new + review), days * minutes * 60
    fits_known = min(known, int(seconds / review))
    fits_new = min(unseen, int((seconds - fits_known * review) / (costs.new + review)))
    more = ceil((needed - seconds) / 60 / days) if days and needed > seconds else 0
    drop = []
    for topic in sorted(topics, key=lambda topic: topic.weight):
        if needed <= seconds:
            break
        needed -= topic.known * review + topic.unseen * (costs.new + review)
        drop.append(topic.key)
    return Fit(questions, fits_known + fits_new, more, tuple(drop))
