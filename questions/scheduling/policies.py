"""In which order a day's questions come. Each policy is a pure function of what is remembered and of the days left;
`make bench-learning` holds them against each other."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import ceil

from questions.scheduling.memory import Memory

Key = int
Policy = Callable[[Sequence[Key], Mapping[Key, Memory], date, date, date], list[Key]]
SEEN_BY = 0.5  # share of the time by which everything new is to have been seen
TRUST = 0.25  # how much the model's stability counts against the time since a question was last seen


def paced(unseen: Sequence[Key], known: Mapping[Key, Memory], day: date, begin: date, deadline: date) -> list[Key]:
    """Today's share of what is new, then what needs it most, then more that is new.

    The share lets all that is new be seen by SEEN_BY of the time from `begin` to `deadline`. Need is the time since a
    question was last seen over its stability to the power of TRUST: with 0 the order would be that of least recently
    seen, which no wrong model of memory can spoil; with 1 that of the lowest predicted recall. Nothing seen today is
    asked again.
    """
    halfway = round(SEEN_BY * (deadline - begin).days)
    days_left = max(1, halfway - (day - begin).days)
    share = ceil(len(unseen) / days_left)
    again = sorted(_not_today(known, day), key=lambda key: _need(known[key], day), reverse=True)
    return [*unseen[:share], *again, *unseen[share:]]


def _need(memory: Memory, day: date) -> float:
    return (day - memory.reviewed).days / memory.stability**TRUST


def _not_today(known: Mapping[Key, Memory], day: date) -> list[Key]:
    return [key for key, memory in known.items() if memory.reviewed < day]


def least_recently_seen(
    unseen: Sequence[Key], known: Mapping[Key, Memory], day: date, begin: date, deadline: date
) -> list[Key]:
    """What is new, then what was seen longest ago."""
    return [*unseen, *sorted(_not_today(known, day), key=lambda key: known[key].reviewed)]


def due_first(unseen: Sequence[Key], known: Mapping[Key, Memory], day: date, begin: date, deadline: date) -> list[Key]:
    """What is due, the longest overdue first, then what is new; nothing before it is due."""
    due = [key for key in _not_today(known, day) if known[key].due <= day]
    return [*sorted(due, key=lambda key: known[key].due), *unseen]


POLICIES: dict[str, Policy] = {"paced": paced, "least-recently-seen": least_recently_seen, "due-first": due_first}
