"""What a mock interview asks, and how much time it gives: pure functions of what there is to ask."""

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
        """Seconds that the question may take as a whole."""
        return self.think + self.answer + self.follow_up


OPEN, GRADED = Pace(60, 180, 90), Pace(30, 60)


def pace_of(*, machine_graded: bool) -> Pace:
    """Return the pace of a question of that kind."""
    return GRADED if machine_graded else OPEN


@dataclass(frozen=True, slots=True)
class Size:
    """How many open and how many machine-graded questions are asked."""

    open: int
    graded: int

    @property
    def seconds(self) -> int:
        """What they take at their pace."""
        return self.open * OPEN.total + self.graded * GRADED.total


SIZES = {30: Size(4, 4), 45: Size(6, 6), 60: Size(9, 6)}  # by minutes; none takes longer than it says


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be asked. `difficulty` grows with it, `asked_at` is when it was last asked, if ever."""

    key: int
    topic: str
    is_open: bool
    difficulty: int = 0
    asked_at: datetime | None = None


def chosen(
    candidates: Sequence[Candidate], weights: Mapping[str, int], minutes: int, random: Random
) -> list[Candidate]:
    """The questions of an interview in the order in which they are asked; fewer than planned where there are no more.

    Topics get their share by weight, counted over open and graded ones together; within a topic comes what was asked
    longest ago. Each kind goes from easy to hard, and the two take turns.
    """
    size, dealt = SIZES[minutes], Counter[str]()
    spoken = _deal([one for one in candidates if one.is_open], size.open, weights, dealt, random)
    graded = _deal([one for one in candidates if not one.is_open], size.graded, weights, dealt, random)
    return _interleaved(_from_easy_to_hard(spoken), _from_easy_to_hard(graded))


def _deal(
    candidates: Iterable[Candidate], number: int, weights: Mapping[str, int], dealt: Counter[str], random: Random
) -> list[Candidate]:
    """Up to `number` of them, topic by topic after Sainte-Laguë: the next one goes to the topic with the highest
    weight / (2 · dealt + 1), which `dealt` then counts."""
    queues: dict[str, deque[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda one: (one.asked_at or NEVER, random.random())):
        queues.setdefault(candidate.topic, deque()).append(candidate)
    found: list[Candidate] = []
    while queues and len(found) < number:
        claims = {
            topic: (-weights[topic] / (2 * dealt[topic] + 1), queue[0].asked_at or NEVER, random.random())
            for topic, queue in queues.items()
        }
        topic = min(claims, key=claims.__getitem__)
        found.append(queues[topic].popleft())
        dealt[topic] += 1
        if not queues[topic]:
            del queues[topic]
    return found


def _from_easy_to_hard(candidates: list[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: one.difficulty)


def _interleaved(spoken: list[Candidate], graded: list[Candidate]) -> list[Candidate]:
    """Both lists in their order, evenly mixed, an open one first."""
    places = [
        ((number + offset) / len(kind), one)
        for kind, offset in ((spoken, 0.0), (graded, 0.5))
        for number, one in enumerate(kind)
    ]
    return [one for _, one in sorted(places, key=lambda place: place[0])]
