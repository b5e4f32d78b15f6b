"""Simulated candidates for `make bench-learning`: two models of memory, and a preparation that follows a policy.

World A is FSRS-6 with weights that are perturbed for each candidate and hidden from the scheduler. World B is ACT-R as
in Pavlik and Anderson (2005). Every policy gets the same candidates and the same random draws (common random numbers).
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
STUDIED_SHARE = 0.85  # share of the days on which a candidate studies
FIRST_RATINGS = [(0.45, Rating.AGAIN), (0.15, Rating.HARD), (0.30, Rating.GOOD), (0.10, Rating.EASY)]
RECALL_RATINGS = [(0.12, Rating.HARD), (0.73, Rating.GOOD), (0.15, Rating.EASY)]


def draw_rating(random: Random, table: list[tuple[float, Rating]]) -> Rating:
    """Return a rating drawn from a table of probabilities."""
    left = random.random()
    for share, rating in table:
        left -= share
        if left < 0:
            return rating
    return table[-1][1]


class Fsrs:
    """World A: one candidate's memory, with weights that the scheduler does not know."""

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
        self.stability_factors = [math.exp(random.gauss(0, 0.5)) for _ in range(questions)]
        self.difficulty_offsets = [random.gauss(0, 1.2) for _ in range(questions)]
        self.cards: dict[int, Card] = {}

    def recall(self, question: int, day: date) -> float:
        """Return the probability of recall on that day; 0 for a question never seen."""
        card = self.cards.get(question)
        if card is None or card.last_review is None or card.stability is None:
            return 0.0
        elapsed = (day - card.last_review.date()).days
        return (1 + self.factor * elapsed / card.stability) ** self.decay

    def review(self, question: int, rating: Rating, day: date) -> None:
        """Update the memory after a review."""
        card = self.cards.get(question)
        new = card is None
        card, _log = self.scheduler.review_card(
            card or Card(card_id=1), FsrsRating(rating), datetime.combine(day, clock(12), UTC)
        )
        if new and card.stability is not None and card.difficulty is not None:
            card.stability = max(0.01, card.stability * self.stability_factors[question])
            card.difficulty = min(10.0, max(1.0, card.difficulty + self.difficulty_offsets[question]))
        self.cards[question] = card


class ActR:
    """World B: one candidate's memory as traces. A trace decays faster the better the question was known when it was
    formed."""

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
        """Return the probability of recall on that day; 0 for a question never seen."""
        if question not in self.traces:
            return 0.0
        return 1 / (1 + math.exp((self.tau - self.bias[question] - self._activation(question, day)) / self.S))

    def review(self, question: int, rating: Rating, day: date) -> None:
        """Add the trace of a review."""
        decay = self.C * math.exp(self._activation(question, day)) + self.A
        self.traces.setdefault(question, []).append((day, decay))


WORLDS: dict[str, type[Fsrs] | type[ActR]] = {"A": Fsrs, "B": ActR}


@dataclass
class Preparation:
    """One candidate's preparation: their memory, the scheduler's state of it, (predicted recall, remembered) for each
    review, and the seconds spent."""

    memory_model: Fsrs | ActR
    questions: int
    deadline: date
    known: dict[int, Memory] = field(default_factory=dict)
    reviews: list[tuple[float, bool]] = field(default_factory=list)
    seconds_spent: float = 0.0

    @property
    def recalls(self) -> list[float]:
        """Return the true probability of recall of each question on the day of the interview."""
        return [self.memory_model.recall(question, self.deadline) for question in range(self.questions)]


def prepare(
    world: str, policy: Policy, seed: int, questions: int, days: int, minutes: float, stop: int | None = None
) -> Preparation:
    """Return the preparation of one candidate who follows the policy, up to day `stop`.

    Nobody knows before an answer whether it will be right and so how long it will take. A question is started if its
    expected time still fits into the day, and then finished.
    """
    deadline = BEGIN + timedelta(days=days)
    preparation = Preparation(WORLDS[world](Random(seed), questions), questions, deadline)
    memory_model, known, calendar = preparation.memory_model, preparation.known, Calendar(BEGIN, deadline)
    unseen, attempts = list(range(questions)), [0] * questions
    for number in range(days if stop is None else stop):
        if number and Random(f"{seed}-{number}").random() >= STUDIED_SHARE:
            continue
        day, left = BEGIN + timedelta(days=number), minutes * 60
        for question in policy(Situation(unseen, known, day, calendar)):
            memory = known.get(question)
            expected = recall(memory, day) if memory else 0.0
            if left < (COSTS.review(expected) if memory else COSTS.new):
                break
            random = Random(f"{seed}-{question}-{attempts[question]}")
            right = memory is not None and random.random() < memory_model.recall(question, day)
            if memory is None:
                rating, cost = draw_rating(random, FIRST_RATINGS), COSTS.new
            else:
                rating, cost = (
                    (draw_rating(random, RECALL_RATINGS), COSTS.right) if right else (Rating.AGAIN, COSTS.wrong)
                )
                preparation.reviews.append((expected, right))
            left -= cost
            preparation.seconds_spent += cost
            attempts[question] += 1
            memory_model.review(question, rating, day)
            known[question] = memory_after(memory, rating, day)
        unseen = [question for question in unseen if question not in known]
    return preparation
