"""Workload: what fits into a session, in which order, what the coming days hold, and whether the time is enough."""

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
MAX_GAP_SECONDS = 600  # a longer gap is a break and is not counted
PRIOR_ANSWERS = 20  # weight of the defaults, in answers


@dataclass(frozen=True, slots=True)
class Costs:
    """Mean seconds per answer: to a new question, and to a review that is right or wrong."""

    new: float = 60.0
    right: float = 20.0
    wrong: float = 45.0

    def review(self, recall: float = 0.8) -> float:
        """Return the expected seconds of a review at that probability of recall."""
        return recall * self.right + (1 - recall) * self.wrong

    def scaled(self, factor: float) -> "Costs":
        """Return the costs multiplied by `factor`."""
        return Costs(self.new * factor, self.right * factor, self.wrong * factor)


def costs_from(gaps: Iterable[tuple[Kind, float]]) -> Costs:
    """Return a candidate's own mean seconds, shrunk towards the defaults as if those were PRIOR_ANSWERS answers."""
    seconds: dict[str, list[float]] = {field.name: [] for field in fields(Costs)}
    for kind, gap in gaps:
        if gap <= MAX_GAP_SECONDS:
            seconds[kind].append(gap)
    defaults = Costs()
    return Costs(
        **{
            kind: (PRIOR_ANSWERS * getattr(defaults, kind) + sum(own)) / (PRIOR_ANSWERS + len(own))
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
    time_factors: Mapping[Key, float] | None = None,
) -> list[Key]:
    """Return the start of `order` whose expected time fits into `seconds`; at least one question if there is any time
    and any question. An answer takes `time_factors[key]` times the usual time, 1 if there is no entry."""
    count, left = 0, seconds
    for key in order:
        expected = costs.new if key in unseen else costs.review(recall(known[key], day))
        left -= expected * (time_factors or {}).get(key, 1.0)
        if left < 0:
            break
        count += 1
    return list(order[: max(count, 1)]) if seconds > 0 else []


def interleave(keys: Sequence[Key], *, group: Mapping[Key, Hashable], unseen: Container[Key]) -> list[Key]:
    """Return the same questions with new ones spread evenly among the reviews and as few neighbours of one group as
    possible; otherwise the given order is kept."""
    rest, result = list(keys), list[Key]()
    groups = Counter(group[key] for key in keys)
    new, new_taken, last = sum(key in unseen for key in keys), 0, None
    while rest:
        # A group with more than half of the rest must come now, or two of its questions will be neighbours.
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
    """Forecast of one day: new questions, reviews, and the minutes that they take."""

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
    """Return the workload of each day until the interview, as the `paced` policy would fill it: a day's share of new
    questions, reviews, then more new questions. For a plan without a date see `forecast_without_deadline`."""
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
    """A topic's weight and its numbers of new and known questions."""

    key: Hashable
    weight: float
    unseen: int
    known: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the study time is enough: how many questions fit, and how many more minutes a day or which dropped topics
    would help."""

    questions: int
    fits: int
    minutes_more: int
    drop: tuple[Hashable, ...]

    @property
    def enough(self) -> bool:
        return self.fits >= self.questions


def fit(topics: Sequence[TopicLoad], *, calendar: Calendar, day: date, minutes: float, costs: Costs) -> Fit:
    """Return whether the study days left are enough to bring every question to about 90 % recall. Known questions come
    first, since they take less time. Without a deadline everything fits; without any study day left nothing does."""
    questions = sum(topic.unseen + topic.known for topic in topics)
    if calendar.deadline is None:
        return Fit(questions, questions, 0, ())
    days = calendar.study_days_between(day, calendar.deadline)
    if not days:
        return Fit(questions, 0, 0, ())
    reviews = reviews_needed((calendar.deadline - day).days)
    known = min(reviews, days) * costs.review()
    unseen = costs.new + min(reviews, days - 1) * costs.review()  # the first review is a day after the first answer

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
    """Return the mean number of reviews that bring a question to about 90 % recall after that many days.

    Measured with simulated candidates under the paced policy: in worlds A and B of `make bench-learning` they took 1.1
    and 2.2 reviews after the first answer in 7 days, 1.4 and 2.5 in 14, 1.8 and 3.1 in 30, 2.6 and 3.8 in 60, 3.0 and
    4.3 in 90. The formula runs midway between the two.
    """
    return 0.85 * days ** (1 / 3)
