"""Simulated candidates for `make bench-learning`: two models of memory, and a preparation lived through by a policy.

World A: FSRS-6 whose weights are disturbed for each candidate and hidden from the scheduler. World B: ACT-R after
Pavlik and Anderson (2005). Every policy meets the same candidates and the same draws (common random numbers).
"""

import math
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random

from fsrs import Card, Scheduler
from fsrs import Rating as FsrsRating

sys.path.insert(0, str(Path(__file__).parent.parent))

from questions.scheduling.fsrs_memory import WEIGHTS, Memory, Rating, memory_after, recall
from questions.scheduling.question_order import Policy, Situation
from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import Costs

BEGIN = date(2026, 1, 1)
COSTS = Costs(new=60, right=20, wrong=45)  # seconds
KEPT = 0.85
FIRST = [(0.45, Rating.AGAIN), (0.15, Rating.HARD), (0.30, Rating.GOOD), (0.10, Rating.EASY)]
PASSED = [(0.12, Rating.HARD), (0.73, Rating.GOOD), (0.15, Rating.EASY)]


def drawn(random: Random, table: list[tuple[float, Rating]]) -> Rating:
    """A rating drawn from a table of probabilities."""
    left = random.random()
    for share, rating in table:
        left -= share
        if left < 0:
            return rating
    return table[-1][1]


class Fsrs:
    """World A: one candidate's memory, by weights that the scheduler does not know."""

    def __init__(self, random: Random, questions: int) -> None:
        weights = list(WEIGHTS)
        common = math.exp(random.gauss(0, 0.35))
        weights[:4] = [weight * common for weight in weights[:4]]
        weights[8] += random.gauss(0, 0.25)
        weights[11] *= math.exp(random.gauss(0, 0.2))
        weights[20] = min(0.4, max(0.1, random.gauss(0.1542, 0.05)))
        self.decay = -weights[20]
        self.factor = 0.9 ** (1 / self.decay) - 1
        self.scheduler = Scheduler(parameters=weights, enable_fuzzing=False)
        self.stable = [math.exp(random.gauss(0, 0.5)) for _ in range(questions)]
        self.harder = [random.gauss(0, 1.2) for _ in range(questions)]
        self.cards: dict[int, Card] = {}

    def recall(self, question: int, day: date) -> float:
        """The probability of knowing it on that day; 0 for what was never seen."""
        card = self.cards.get(question)
        if card is None or card.last_review is None or card.stability is None:
            return 0.0
        elapsed = (day - card.last_review.date()).days
        return (1 + self.factor * elapsed / card.stability) ** self.decay

    def review(self, question: int, rating: Rating, day: date) -> None:
        """What the review leaves behind."""
        card = self.cards.get(question)
        new = card is None
        card, _log = self.scheduler.review_card(
            card or Card(card_id=1), FsrsRating(rating), datetime.combine(day, clock(12), UTC)
        )
        if new and card.stability is not None and card.difficulty is not None:
            card.stability = max(0.01, card.stability * self.stable[question])
            card.difficulty = min(10.0, max(1.0, card.difficulty + self.harder[question]))
        self.cards[question] = card


class ActR:
    """World B: one candidate's memory as traces; each decays faster, the better a thing was known at that moment."""

    A, C, S, SCALE = 0.177, 0.217, 0.255, 0.025 * 86_400

    def __init__(self, random: Random, questions: int) -> None:
        self.tau = -1.6 + random.gauss(0, 0.15)
        self.bias = [random.gauss(0, 0.3) for _ in range(questions)]
        self.traces: dict[int, list[tuple[date, float]]] = {}

    def _activation(self, question: int, day: date) -> float:
        traces = self.traces.get(question, [])
        total = sum((max(1 / 24, (day - at).days) * self.SCALE) ** -decay for at, decay in traces)
        return math.log(total) if total else -math.inf

    def recall(self, question: int, day: date) -> float:
        """The probability of knowing it on that day; 0 for what was never seen."""
        if question not in self.traces:
            return 0.0
        return 1 / (1 + math.exp((self.tau - self.bias[question] - self._activation(question, day)) / self.S))

    def review(self, question: int, rating: Rating, day: date) -> None:
        """What the review leaves behind."""
        decay = self.C * math.exp(self._activation(question, day)) + self.A
        self.traces.setdefault(question, []).append((day, decay))


WORLDS: dict[str, type[Fsrs] | type[ActR]] = {"A": Fsrs, "B": ActR}


@dataclass
class Course:
    """One candidate's preparation: their memory, what the scheduler makes of it, the recall that it predicted for each
    review with whether it was right, and the seconds spent."""

    mind: Fsrs | ActR
    questions: int
    deadline: date
    known: dict[int, Memory] = field(default_factory=dict)
    reviews: list[tuple[float, bool]] = field(default_factory=list)
    spent: float = 0.0

    @property
    def recalls(self) -> list[float]:
        """The true probability of knowing each question on the day of the interview."""
        return [self.mind.recall(question, self.deadline) for question in range(self.questions)]


def prepare(
    world: str, policy: Policy, seed: int, questions: int, days: int, minutes: float, stop: int | None = None
) -> Course:
    """One candidate who works through the days by the policy, up to day `stop`.

    Whether an answer will be right, and so how long it will take, nobody knows before it is given: a question is begun
    if what it is expected to take still fits the day, and what was begun is finished.
    """
    deadline = BEGIN + timedelta(days=days)
    course = Course(WORLDS[world](Random(seed), questions), questions, deadline)
    mind, known, calendar = course.mind, course.known, Calendar(BEGIN, deadline)
    unseen, tries = list(range(questions)), [0] * questions
    for number in range(days if stop is None else stop):
        if number and Random(f"{seed}-{number}").random() >= KEPT:
            continue
        day, left = BEGIN + timedelta(days=number), minutes * 60
        for question in policy(Situation(unseen, known, day, calendar)):
            memory = known.get(question)
            expected = recall(memory, day) if memory else 0.0
            if left < (COSTS.review(expected) if memory else COSTS.new):
                break
            random = Random(f"{seed}-{question}-{tries[question]}")
            right = memory is not None and random.random() < mind.recall(question, day)
            if memory is None:
                rating, cost = drawn(random, FIRST), COSTS.new
            else:
                rating, cost = (drawn(random, PASSED), COSTS.right) if right else (Rating.AGAIN, COSTS.wrong)
                course.reviews.append((expected, right))
            left -= cost
            course.spent += cost
            tries[question] += 1
            mind.review(question, rating, day)
            known[question] = memory_after(memory, rating, day)
        unseen = [question for question in unseen if question not in known]
    return course
