"""Workload: what fits into a session, in which order, what the coming days hold, and whether the time is enough."""

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import ceil
from types import MappingProxyType
from typing import Literal

from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.fsrs_memory import Memory, recall
from questions.scheduling.question_order import Key, new_questions_due
from questions.scheduling.study_day import Calendar

Kind = Literal["new", "right", "wrong"]
MAX_GAP_SECONDS = 600  # a longer gap is a break and is not counted
PRIOR_ANSWERS = 20  # weight of the defaults, in answers
MAX_DAYS = 731  # of a forecast
MINUTES_PER_DAY = 24 * 60
NO_INTERVIEWS: Mapping[date, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Costs:
    """Mean seconds per answer: to a new question, and to a review that is right or wrong."""

    new: float = 60.0
    right: float = 20.0
    wrong: float = 45.0

    def review(self, recall: float = 0.8) -> float:
        """Return the expected seconds of a review at that probability of recall."""
        return recall * self.right + (1 - recall) * self.wrong

    def answer(self, memory: Memory | None, day: date) -> float:
        """Return the expected seconds of an answer on that day to a question with this memory, None if it is new."""
        return self.new if memory is None else self.review(recall(memory, day))

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
        memory = None if key in unseen else known[key]
        left -= costs.answer(memory, day) * (time_factors or {}).get(key, 1.0)
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


def forecast_until_deadline(
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    known: int,
    minutes: float,
    costs: Costs,
    spent: float = 0.0,
    today: DayAhead | None = None,
    interviews: Mapping[date, int] = NO_INTERVIEWS,
) -> list[DayAhead]:
    """Return the workload of each day until the interview, as the `paced` policy would fill it: a day's share of new
    questions, reviews, then more new questions. For a plan without a date see `forecast_without_deadline`.

    `today` is the first day if its session is known; otherwise the day has the seconds that were not `spent`.
    `interviews` has the minutes of the mock interview on each study day with one, which are taken off that day's time.
    """
    days = []
    for ahead in calendar.days_from(day, MAX_DAYS):
        taken = interviews.get(ahead, 0)
        seconds = (minutes - taken) * 60 - (spent if ahead == day else 0.0)
        row = today if today and ahead == day else _day_ahead(calendar, ahead, unseen, known, seconds, costs, taken)
        unseen, known = unseen - row.new, known + row.new
        days.append(row)
    return days


def _day_ahead(
    calendar: Calendar, day: date, unseen: int, known: int, seconds: float, costs: Costs, interview_minutes: int
) -> DayAhead:
    off, review = not calendar.is_study_day(day), costs.review()
    left = 0.0 if off else max(0.0, seconds)
    share = min(new_questions_due(calendar, day, unseen), int(left / costs.new))
    reviews = min(known, int((left - share * costs.new) / review))
    more = min(unseen - share, int((left - share * costs.new - reviews * review) / costs.new))
    new = share + more
    if left and not new + reviews:  # like a session, a day with any time has at least one question
        new, reviews = (1, 0) if unseen else (0, min(1, known))
    return DayAhead(day, new, reviews, off, (new * costs.new + reviews * review) / 60, interview_minutes)


@dataclass(frozen=True, slots=True)
class TopicLoad:
    """A topic's weight and its numbers of new and known questions."""

    key: Hashable
    weight: float
    unseen: int
    known: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the study time is enough: how many of the questions were seen or are in the forecast, whether there is
    also time for the reviews that they need, and how many more minutes a day or which dropped topics would help.

    `minutes_more` is 0 and `drop` is empty if the time is enough, or if this does not help.
    """

    questions: int
    fits: int
    enough: bool
    minutes_more: int
    drop: tuple[Hashable, ...]


def fit(
    topics: Sequence[TopicLoad],
    *,
    calendar: Calendar,
    day: date,
    minutes: float,
    costs: Costs,
    spent: float = 0.0,
    today: Callable[[float], DayAhead] | None = None,
    max_minutes: float = MINUTES_PER_DAY,
    interviews: Mapping[date, int] = NO_INTERVIEWS,
) -> Fit:
    """Return whether the time is enough to see every question and to bring it to about 90 % recall. `fits` counts the
    rows of `forecast_until_deadline` with the same arguments; `today` returns the first row for a number of minutes a
    day. Without a deadline everything fits; without any study day left nothing new does."""
    questions, seen = sum(topic.unseen + topic.known for topic in topics), sum(topic.known for topic in topics)
    if calendar.deadline is None or not questions:
        return Fit(questions, questions, True, 0, ())
    budget = _Budget(calendar, day, calendar.deadline, costs, spent, interviews)
    if not budget.days:
        return Fit(questions, seen, False, 0, ())

    def is_enough(minutes: float) -> bool:
        return budget.is_enough(topics, minutes, today(minutes) if today else None)

    if is_enough(minutes):
        return Fit(questions, questions, True, 0, ())
    more = 0
    if is_enough(max_minutes):
        more = max(1, ceil((budget.needed(topics) - budget.seconds(minutes)) / (budget.days * 60)))
        while not is_enough(minutes + more):
            more += 1
    fits = seen + budget.forecast_new(topics, minutes, today(minutes) if today else None)
    drop = _topics_to_drop(topics, lambda kept: budget.is_enough(kept, minutes))
    return Fit(questions, fits, False, more, drop)


@dataclass(frozen=True)
class _Budget:
    """The study time until the deadline, and what it must be enough for."""

    calendar: Calendar
    day: date
    deadline: date
    costs: Costs
    spent: float
    interviews: Mapping[date, int]

    @property
    def days(self) -> int:
        return self.calendar.study_days_between(self.day, self.deadline)

    def seconds(self, minutes: float) -> int:
        """Return the time for questions with so many minutes a day."""
        today = int(self.calendar.is_study_day(self.day))
        left = today * max(0.0, (minutes - self.interviews.get(self.day, 0)) * 60 - self.spent)
        ahead = [taken for day, taken in self.interviews.items() if day > self.day]
        on_interview_days = sum(max(0.0, minutes - taken) for taken in ahead)
        return round(((self.days - today - len(ahead)) * minutes + on_interview_days) * 60 + left)

    def needed(self, topics: Sequence[TopicLoad]) -> int:
        """Return the seconds that the questions need, with their reviews."""
        reviews, review = reviews_needed((self.deadline - self.day).days), self.costs.review()
        known = min(reviews, self.days) * review
        unseen = self.costs.new + min(reviews, self.days - 1) * review  # the first review is a day after the answer
        return round(sum(topic.known * known + topic.unseen * unseen for topic in topics))

    def forecast_new(self, topics: Sequence[TopicLoad], minutes: float, today: DayAhead | None = None) -> int:
        """Return the number of new questions in the forecast."""
        rows = forecast_until_deadline(
            calendar=self.calendar,
            day=self.day,
            unseen=sum(topic.unseen for topic in topics),
            known=sum(topic.known for topic in topics),
            minutes=minutes,
            costs=self.costs,
            spent=self.spent,
            today=today,
            interviews=self.interviews,
        )
        return sum(row.new for row in rows)

    def is_enough(self, topics: Sequence[TopicLoad], minutes: float, today: DayAhead | None = None) -> bool:
        """Return whether there is time for what the questions need and all are in the forecast."""
        if self.needed(topics) > self.seconds(minutes):
            return False
        return self.forecast_new(topics, minutes, today) == sum(topic.unseen for topic in topics)


def _topics_to_drop(
    topics: Iterable[TopicLoad], is_enough: Callable[[Sequence[TopicLoad]], bool]
) -> tuple[Hashable, ...]:
    """Return the topics of the least weights without which the time is enough. Topics of one weight are dropped
    together or not at all, and those of the greatest weight never: fewer questions of each are better."""
    kept = [topic for topic in topics if topic.unseen + topic.known]
    drop: list[Hashable] = []
    while not is_enough(kept):
        least = min(topic.weight for topic in kept)
        drop += [topic.key for topic in kept if topic.weight == least]
        kept = [topic for topic in kept if topic.weight > least]
        if not kept:
            return ()
    return tuple(drop)


def reviews_needed(days: int) -> float:
    """Return the mean number of reviews that bring a question to about 90 % recall after that many days.

    Measured with simulated candidates under the paced policy: in worlds A and B of `make bench-learning` they took 1.1
    and 2.2 reviews after the first answer in 7 days, 1.4 and 2.5 in 14, 1.8 and 3.1 in 30, 2.6 and 3.8 in 60, 3.0 and
    4.3 in 90. The formula runs midway between the two.
    """
    return 0.85 * days ** (1 / 3)
