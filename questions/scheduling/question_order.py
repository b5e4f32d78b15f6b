"""Policies that order a day's questions: pure functions of the candidate's memory and the days left.

`make bench-learning` compares them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

from questions.scheduling.fsrs_memory import Memory, recall_after, stability_after_lapse, stability_after_recall
from questions.scheduling.study_day import Calendar

Key = int
INTRODUCTION_SHARE = 0.6  # share of the study days after which every question has been introduced
BARELY_LEARNED = 0.5  # days of stability; a question below it was barely learned
HORIZON_DAYS = 7  # days ahead at which the gain of a review is measured
STABILITY_EXPONENT = 0.65  # from 0, ignore differences in stability, to 1, trust the model fully
WRONG_ANSWER_COST = 2.25  # time of a wrong answer relative to a right one


@dataclass(frozen=True)
class Situation:
    """Input of a policy: new questions in the order in which they are introduced (see
    `new_question_order.interleave_topics`), the memory of the known ones, the day, the calendar, and how much a review
    of each question counts (1 if `weights` has no entry)."""

    unseen: Sequence[Key]
    known: Mapping[Key, Memory]
    day: date
    calendar: Calendar
    weights: Mapping[Key, float] = field(default_factory=dict)

    def weight(self, key: Key) -> float:
        """Return how much a review of the question counts."""
        return self.weights.get(key, 1.0)

    def not_reviewed_today(self) -> list[Key]:
        """Return the known questions whose last review was before today."""
        return [key for key, memory in self.known.items() if memory.reviewed < self.day]


Policy = Callable[[Situation], list[Key]]


def paced(situation: Situation) -> list[Key]:
    """Return today's share of new questions, then reviews, then the other new questions; nothing that was reviewed
    today.

    Reviews are ordered by what they gain for the time that they take. While new questions are being introduced, barely
    learned ones come before the others, the latest first: a second review soon after the first takes little time and
    makes them last.
    """
    new, known = situation.unseen, situation.known
    first_part = _introduction_days_left(situation.calendar, situation.day)
    share = new_questions_due(situation.calendar, situation.day, len(new))
    reviews = sorted(situation.not_reviewed_today(), key=_gain_per_time(situation), reverse=True)
    if first_part > 0:
        barely_learned = [key for key in reviews if known[key].stability < BARELY_LEARNED]
        barely_learned.sort(key=lambda key: known[key].reviewed, reverse=True)
        reviews = [*barely_learned, *(key for key in reviews if known[key].stability >= BARELY_LEARNED)]
    return [*new[:share], *reviews, *new[share:]]


def new_questions_due(calendar: Calendar, day: date, unseen: int) -> int:
    """Return how many new questions to introduce on that day so that all have been seen by the end of the introduction.
    If that is over, or if there is no deadline, return all of them."""
    return ceil(unseen / max(1, _introduction_days_left(calendar, day)))


def _introduction_days_left(calendar: Calendar, day: date) -> int:
    if calendar.deadline is None:
        return 0
    whole = calendar.study_days_between(calendar.begin, calendar.deadline)
    return round(INTRODUCTION_SHARE * whole) - calendar.study_days_between(calendar.begin, day)


def _gain_per_time(situation: Situation) -> Callable[[Key], float]:
    """Return a function that gives the gain of a review today: how much it adds to the recall in HORIZON_DAYS, divided
    by the time that it takes. On the last study day it is the recall at the interview instead.

    Questions that will last for a week are reviewed first, and fragile ones are left for the last day. Stability enters
    to the power of STABILITY_EXPONENT, which shrinks differences between questions: the memory model is wrong for
    everybody in some way.
    """
    day, deadline, known = situation.day.toordinal(), situation.calendar.deadline, situation.known
    horizon = HORIZON_DAYS
    if deadline and not situation.calendar.study_days_between(situation.day + timedelta(days=1), deadline):
        horizon = max(1, deadline.toordinal() - day)

    def gain(key: Key) -> float:
        memory = known[key]
        elapsed, stability = day - memory.reviewed.toordinal(), memory.stability**STABILITY_EXPONENT
        now = recall_after(elapsed, stability)
        right = recall_after(horizon, stability_after_recall(stability, memory.difficulty, now))
        wrong = recall_after(horizon, stability_after_lapse(stability, memory.difficulty, now))
        reviewed = now * right + (1 - now) * wrong
        gained = (reviewed - recall_after(elapsed + horizon, stability)) / (now + (1 - now) * WRONG_ANSWER_COST)
        return gained * situation.weight(key) if gained > 0 else gained

    return gain


def least_recently_seen(situation: Situation) -> list[Key]:
    """Return new questions, then known ones, the least recently reviewed first."""
    known = situation.known
    again = sorted(situation.not_reviewed_today(), key=lambda key: (known[key].reviewed, -situation.weight(key)))
    return [*situation.unseen, *again]


def due_first(situation: Situation) -> list[Key]:
    """Return due questions, the longest overdue first, then new ones; nothing before it is due."""
    known = situation.known
    due = [key for key in situation.not_reviewed_today() if known[key].due <= situation.day]
    return [*sorted(due, key=lambda key: (known[key].due, -situation.weight(key))), *situation.unseen]


def default_policy(situation: Situation) -> list[Key]:
    """Return the order of `paced` if the interview is ahead, otherwise the order of `due_first`."""
    deadline = situation.calendar.deadline
    return due_first(situation) if deadline is None or deadline <= situation.day else paced(situation)


POLICIES: dict[str, Policy] = {"paced": paced, "least-recently-seen": least_recently_seen, "due-first": due_first}
