"""Select the questions of a mock interview and set their pace; pure functions without database access."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to think, to answer, and to answer a follow-up question."""

    think: int
    answer: int
    follow_up: int = 0

    @property
    def total(self) -> int:
        """Return the seconds for the whole question."""
        return self.think + self.answer + self.follow_up


OPEN, GRADED = Pace(60, 180, 90), Pace(30, 60)


def pace_of(*, machine_graded: bool) -> Pace:
    """Return the pace of an open or a machine-graded question."""
    return GRADED if machine_graded else OPEN


@dataclass(frozen=True, slots=True)
class Size:
    """Number of open and of machine-graded questions in an interview."""

    open: int
    graded: int

    @property
    def seconds(self) -> int:
        """Return the seconds that the questions take at their pace."""
        return self.open * OPEN.total + self.graded * GRADED.total


SIZES = {30: Size(4, 4), 45: Size(6, 6), 60: Size(9, 6)}  # by minutes; the questions fit into that time


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be asked, with a difficulty that is higher for harder ones, and when it was last asked."""

    key: int
    topic: str
    is_open: bool
    difficulty: int = 0
    asked_at: datetime | None = None


def select_questions(
    candidates: Sequence[Candidate], weights: Mapping[str, int], minutes: int, random: Random
) -> list[Candidate]:
    """Return the questions of an interview in the order of asking; fewer than planned if there are not enough.

    The first one is a warm-up: an open question of the lowest difficulty that there is. Topics get shares in proportion
    to their weights, over all questions together. Within a topic, questions never asked or asked longest ago come
    first. After the warm-up no question is easier than the one before it; open and machine-graded ones of the same
    difficulty alternate.
    """
    size, seats = SIZES[minutes], Counter[str]()
    open_pool = [each for each in candidates if each.is_open]
    warm_up = _allot(_easiest(open_pool), 1, weights, seats, random)
    open_pool = [each for each in open_pool if each not in warm_up]
    open_questions = _allot(open_pool, size.open - 1, weights, seats, random)
    graded = _allot([each for each in candidates if not each.is_open], size.graded, weights, seats, random)
    return [*warm_up, *_from_easy_to_hard(open_questions, graded)]


def _easiest(candidates: Sequence[Candidate]) -> list[Candidate]:
    lowest = min((each.difficulty for each in candidates), default=0)
    return [each for each in candidates if each.difficulty == lowest]


def _allot(
    candidates: Iterable[Candidate], number: int, weights: Mapping[str, int], seats: Counter[str], random: Random
) -> list[Candidate]:
    """Return up to `number` candidates, allotted to topics by the Sainte-Laguë method, and count them in `seats`.

    The next question goes to the topic with the highest weight / (2 · seats + 1).
    """
    queues: dict[str, deque[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda each: (each.asked_at or NEVER, random.random())):
        queues.setdefault(candidate.topic, deque()).append(candidate)
    allotted: list[Candidate] = []
    while queues and len(allotted) < number:
        priorities = {
            topic: (-weights[topic] / (2 * seats[topic] + 1), queue[0].asked_at or NEVER, random.random())
            for topic, queue in queues.items()
        }
        topic = min(priorities, key=priorities.__getitem__)
        allotted.append(queues[topic].popleft())
        seats[topic] += 1
        if not queues[topic]:
            del queues[topic]
    return allotted


def _from_easy_to_hard(open_questions: list[Candidate], graded: list[Candidate]) -> list[Candidate]:
    """Return both lists by difficulty, and evenly mixed where it is the same."""
    return [
        candidate
        for difficulty in sorted({each.difficulty for each in (*open_questions, *graded)})
        for candidate in _mixed(
            [each for each in graded if each.difficulty == difficulty],
            [each for each in open_questions if each.difficulty == difficulty],
        )
    ]


def _mixed(*kinds: list[Candidate]) -> list[Candidate]:
    """Return the lists evenly mixed, each in its order; of two at the same place the one of the first list first."""
    ranked = [((number + 0.5) / len(kind), candidate) for kind in kinds for number, candidate in enumerate(kind)]
    return [candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0])]
