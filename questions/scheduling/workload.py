"""What fits into a day, in which sequence it is asked, what the days ahead hold, and whether the time is enough."""

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import ceil
from typing import Literal

from questions.scheduling.fsrs_memory import Memory, recall
from questions.scheduling.question_order import Key, new_questions_due
from questions.scheduling.study_day import Calendar

Kind = Literal["new", "right", "wrong"]
MAX_GAP_SECONDS = 600  # seconds: after a longer gap somebody was away
PRIOR_ANSWERS = 20  # answers for which the defaults count


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that an answer takes: to something new, right and wrong."""

    new: float = 60.0
    right: float = 20.0
    wrong: float = 45.0

    def review(self, recall: float = 0.8) -> float:
        """The seconds to expect of a review at that recall."""
        return recall * self.right + (1 - recall) * self.wrong

    def scaled(self, effort: float) -> "Costs":
        """The seconds of answers that take that much more."""
        return Costs(self.new * effort, self.right * effort, self.wrong * effort)


def costs_from(gaps: Iterable[tuple[Kind, float]]) -> Costs:
    """A candidate's own mean seconds, drawn towards the defaults as if those were PRIOR_ANSWERS answers."""
    seconds: dict[str, list[float]] = {field.name: [] for field in fields(Costs)}
    for kind, gap in gaps:
        if gap <= MAX_GAP_SECONDS:
            seconds[kind].append(gap)
    usual = Costs()
    return Costs(
        **{
            kind: (PRIOR_ANSWERS * getattr(usual, kind) + sum(own)) / (PRIOR_ANSWERS + len(own))
            for kind, own in seconds.items()
        }
    )


def fill_session(
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


def interleave(keys: Sequence[Key], *, group: Mapping[Key, Hashable], unseen: Container[Key]) -> list[Key]:
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


def forecast_until_deadline(
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    known: int,
    minutes: float,
    costs: Costs,
    seconds_left_today: float | None = None,
) -> list[DayAhead]:
    """The days until the interview by the pacing of the policy, in sums alone: a day's share of what is new, reviews,
    more that is new. `forecast_without_deadline` has the days of somebody without a date."""
    days, review = [], costs.review()
    for ahead in calendar.days_from(day):
        off = not calendar.is_study_day(ahead)
        left = minutes * 60 if ahead > day or seconds_left_today is None else seconds_left_today
        left = 0 if off else max(0, left)
        share = min(new_questions_due(calendar, ahead, unseen), int(left / costs.new))
        reviews = min(known, int((left - share * costs.new) / review))
        more = min(unseen - share, int((left - share * costs.new - reviews * review) / costs.new))
        new = share + more
        unseen, known = unseen - new, known + new
        days.append(DayAhead(ahead, new, reviews, off, (new * costs.new + reviews * review) / 60))
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
    """Whether the study days left are enough to carry every question to about 90 % recall: what is known first, since
    it takes less. They are where there is no deadline; where no study day is left, nothing fits and nothing helps."""
    questions = sum(topic.unseen + topic.known for topic in topics)
    if calendar.deadline is None:
        return Fit(questions, questions, 0, ())
    days = calendar.study_days_between(day, calendar.deadline)
    if not days:
        return Fit(questions, 0, 0, ())
    reviews = reviews_needed((calendar.deadline - day).days)
    known = min(reviews, days) * costs.review()
    unseen = costs.new + min(reviews, days - 1) * costs.review()  # one review a day, from the day after the first

    def needed(topics: Sequence[TopicLoad]) -> int:
        return round(sum(topic.known * known + topic.unseen * unseen for topic in topics))

    seconds = round(days * minutes * 60)
    if needed(topics) <= seconds:
        return Fit(questions, questions, 0, ())
    fits_known = min(sum(topic.known for topic in topics), int(seconds / known))
    fits = fits_known + int((seconds - fits_known * known) / unseen)
    more = ceil((needed(topics) - seconds) / (days * 60))
    kept = sorted((topic for topic in topics if needed([topic])), key=lambda topic: topic.weight)
    drop = []
    while needed(kept) > seconds:
        drop.append(kept.pop(0).key)
    return Fit(questions, min(fits, questions - 1), more, tuple(drop))


def reviews_needed(days: int) -> float:
    """The reviews that carry a question to about 90 % recall after that many days, by measurement.

    Simulated candidates under the paced policy took, in worlds A and B of `make bench-learning`, 1.1 and 2.2 reviews
    beyond the first sight in 7 days, 1.4 and 2.5 in 14, 1.8 and 3.1 in 30, 2.6 and 3.8 in 60, 3.0 and 4.3 in 90; this
    runs midway between the two.
    """
    return 0.85 * days ** (1 / 3)
