"""In which order a day's questions come. Each policy is a pure function of what is remembered and of the days left;
`make bench-learning` holds them against each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from questions.scheduling.days import Calendar
from questions.scheduling.memory import Memory

Key = int
SEEN_BY = 0.5  # share of the study days by which everything new is to have been seen
TRUST = 0.25  # how much the model's stability counts against the time since a question was last seen


@dataclass(frozen=True)
class Situation:
    """What a policy looks at: what is new, in the order in which it is to be met, what is known, the day, the days of
    the preparation, and how much each question counts: 1 where `weights` has none."""

    unseen: Sequence[Key]
    known: Mapping[Key, Memory]
    day: date
    calendar: Calendar
    weights: Mapping[Key, float] = field(default_factory=dict)

    def weight(self, key: Key) -> float:
        """How much that question counts."""
        return self.weights.get(key, 1.0)

    def new(self) -> list[Key]:
        """What is new, what counts more before what counts less."""
        return sorted(self.unseen, key=self.weight, reverse=True)

    def not_today(self) -> list[Key]:
        """What is known and was not seen today."""
        return [key for key, memory in self.known.items() if memory.reviewed < self.day]


Policy = Callable[[Situation], list[Key]]


def paced(situation: Situation) -> list[Key]:
    """Today's share of what is new, then what needs it most, then more that is new.

    Need is the time since a question was last seen over its stability to the power of TRUST: with 0 the order would be
    that of least recently seen, which no wrong model of memory can spoil; with 1 that of the lowest predicted recall.
    It is multiplied by how much the question counts. Nothing seen today is asked again.
    """
    new = situation.new()
    share = share_of_new(situation.calendar, situation.day, len(new))
    known, today = situation.known, situation.day.toordinal()

    def need(key: Key) -> float:
        memory = known[key]
        return situation.weight(key) * (today - memory.reviewed.toordinal()) / memory.stability**TRUST

    return [*new[:share], *sorted(situation.not_today(), key=need, reverse=True), *new[share:]]


def share_of_new(calendar: Calendar, day: date, unseen: int) -> int:
    """How many new questions a day takes so that all are seen by SEEN_BY of the study days; all of them where that
    time is over, or where there is no deadline to pace towards."""
    if calendar.deadline is None:
        return unseen
    seen_by = round(SEEN_BY * calendar.days_on(calendar.begin, calendar.deadline))
    return ceil(unseen / max(1, seen_by - calendar.days_on(calendar.begin, day)))


def least_recently_seen(situation: Situation) -> list[Key]:
    """What is new, then what was seen longest ago."""
    known = situation.known
    again = sorted(situation.not_today(), key=lambda key: (known[key].reviewed, -situation.weight(key)))
    return [*situation.new(), *again]


def due_first(situation: Situation) -> list[Key]:
    """What is due, the longest overdue first, then what is new; nothing before it is due."""
    known = situation.known
    due = [key for key in situation.not_today() if known[key].due <= situation.day]
    return [*sorted(due, key=lambda key: (known[key].due, -situation.weight(key))), *situation.new()]


def default(situation: Situation) -> list[Key]:
    """Paced towards an interview that lies ahead; without one, what is due first."""
    deadline = situation.calendar.deadline
    return due_first(situation) if deadline is None or deadline <= situation.day else paced(situation)


POLICIES: dict[str, Policy] = {"paced": paced, "least-recently-seen": least_recently_seen, "due-first": due_first}
