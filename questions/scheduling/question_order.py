"""In which order a day's questions come. Each policy is a pure function of what is remembered and of the days left;
`make bench-learning` holds them against each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

from questions.scheduling.fsrs_memory import Memory, recall_after, stability_after_lapse, stability_after_recall
from questions.scheduling.study_day import Calendar

Key = int
INTRODUCTION_SHARE = 0.6  # of the study days: by its end all that is new is to have been seen
BARELY_LEARNED = 0.5  # days of stability, below which something was hardly learned
HORIZON_DAYS = 7  # days for which a review is valued
STABILITY_EXPONENT = 0.65  # how much the model's differences in stability count: 0 would be not at all
WRONG_ANSWER_COST = 2.25  # times as long as a right answer, a wrong one takes


@dataclass(frozen=True)
class Situation:
    """What a policy looks at: what is new, in the order in which it is to be met (`sequence.interleave_topics` makes one),
    what is known, the day, the days of the preparation, and how much a review of each question counts: 1 where
    `weights` has none."""

    unseen: Sequence[Key]
    known: Mapping[Key, Memory]
    day: date
    calendar: Calendar
    weights: Mapping[Key, float] = field(default_factory=dict)

    def weight(self, key: Key) -> float:
        """How much that question counts."""
        return self.weights.get(key, 1.0)

    def not_reviewed_today(self) -> list[Key]:
        """What is known and was not seen today."""
        return [key for key, memory in self.known.items() if memory.reviewed < self.day]


Policy = Callable[[Situation], list[Key]]


def paced(situation: Situation) -> list[Key]:
    """Today's share of what is new, then reviews, then more that is new; nothing that was seen today.

    Reviews come in the order of what they gain for the time that they take. In the first part, while new questions
    keep coming, those that were hardly learned come before the others, the latest first: a second look soon after the
    first takes little time and makes them last.
    """
    new, known = situation.unseen, situation.known
    first_part = _introduction_days_left(situation.calendar, situation.day)
    share = new_questions_due(situation.calendar, situation.day, len(new))
    reviews = sorted(situation.not_reviewed_today(), key=_gain_per_time(situation), reverse=True)
    if first_part > 0:
        shaky = [key for key in reviews if known[key].stability < BARELY_LEARNED]
        shaky.sort(key=lambda key: known[key].reviewed, reverse=True)
        reviews = [*shaky, *(key for key in reviews if known[key].stability >= BARELY_LEARNED)]
    return [*new[:share], *reviews, *new[share:]]


def new_questions_due(calendar: Calendar, day: date, unseen: int) -> int:
    """How many new questions a day takes so that all are seen by the end of the first part; all of them where that is
    over, or where there is no deadline to pace towards."""
    return ceil(unseen / max(1, _introduction_days_left(calendar, day)))


def _introduction_days_left(calendar: Calendar, day: date) -> int:
    if calendar.deadline is None:
        return 0
    whole = calendar.study_days_between(calendar.begin, calendar.deadline)
    return round(INTRODUCTION_SHARE * whole) - calendar.study_days_between(calendar.begin, day)


def _gain_per_time(situation: Situation) -> Callable[[Key], float]:
    """What a review today adds to the recall HORIZON_DAYS days from now, per time that it takes; on the last study day, to
    the recall at the interview.

    What lasts for a week is so done first and what does not is left for the last day. Stability enters to the power of
    STABILITY_EXPONENT: the model of memory is wrong for everybody in some way, and differences shrink where it is not trusted.
    """
    day, deadline, known = situation.day.toordinal(), situation.calendar.deadline, situation.known
    ahead = HORIZON_DAYS
    if deadline and not situation.calendar.study_days_between(situation.day + timedelta(days=1), deadline):
        ahead = max(1, deadline.toordinal() - day)

    def gain(key: Key) -> float:
        memory = known[key]
        elapsed, stability = day - memory.reviewed.toordinal(), memory.stability**STABILITY_EXPONENT
        now = recall_after(elapsed, stability)
        right = recall_after(ahead, stability_after_recall(stability, memory.difficulty, now))
        wrong = recall_after(ahead, stability_after_lapse(stability, memory.difficulty, now))
        reviewed = now * right + (1 - now) * wrong
        gained = (reviewed - recall_after(elapsed + ahead, stability)) / (now + (1 - now) * WRONG_ANSWER_COST)
        return gained * situation.weight(key) if gained > 0 else gained

    return gain


def least_recently_seen(situation: Situation) -> list[Key]:
    """What is new, then what was seen longest ago."""
    known = situation.known
    again = sorted(situation.not_reviewed_today(), key=lambda key: (known[key].reviewed, -situation.weight(key)))
    return [*situation.unseen, *again]


def due_first(situation: Situation) -> list[Key]:
    """What is due, the longest overdue first, then what is new; nothing before it is due."""
    known = situation.known
    due = [key for key in situation.not_reviewed_today() if known[key].due <= situation.day]
    return [*sorted(due, key=lambda key: (known[key].due, -situation.weight(key))), *situation.unseen]


def default_policy(situation: Situation) -> list[Key]:
    """Paced towards an interview that lies ahead; without one, what is due first."""
    deadline = situation.calendar.deadline
    return due_first(situation) if deadline is None or deadline <= situation.day else paced(situation)


POLICIES: dict[str, Policy] = {"paced": paced, "least-recently-seen": least_recently_seen, "due-first": due_first}
