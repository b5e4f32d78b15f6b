"""Simulated candidates in two memory models, the policies side by side: `make bench-learning`.

World A: FSRS-6 whose weights are disturbed for each candidate and hidden from the scheduler. World B: ACT-R after
Pavlik and Anderson (2005). Every policy meets the same candidates and the same draws (common random numbers).
"""

import argparse
import math
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random

from fsrs import Card, Scheduler
from fsrs import Rating as FsrsRating

sys.path.insert(0, str(Path(__file__).parent.parent))

from questions.scheduling.days import Calendar
from questions.scheduling.memory import WEIGHTS, Memory, Rating, after
from questions.scheduling.policies import POLICIES, Policy, Situation

BEGIN = date(2026, 1, 1)
NEW, RIGHT, WRONG = 60, 20, 45  # seconds
KEPT = 0.85
WEAK = 0.7  # recall below which a question counts as weak
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
    """What came of one candidate's preparation."""

    recall: float
    seen: float
    weak: float
    hours: float


def prepare(world: str, policy: Policy, seed: int, questions: int, days: int, minutes: float) -> Course:
    """One candidate who works through the days by the policy."""
    mind = WORLDS[world](Random(seed), questions)
    deadline = BEGIN + timedelta(days=days)
    calendar = Calendar(BEGIN, deadline)
    kept = [number == 0 or Random(f"{seed}-{number}").random() < KEPT for number in range(days)]
    unseen, known, tries, spent = list(range(questions)), dict[int, Memory](), [0] * questions, 0
    for number in range(days):
        day, left = BEGIN + timedelta(days=number), minutes * 60
        if not kept[number]:
            continue
        fresh = set(unseen)
        for question in policy(Situation(unseen, known, day, calendar)):
            random = Random(f"{seed}-{question}-{tries[question]}")
            if question in fresh:
                rating, cost = drawn(random, FIRST), NEW
            else:
                right = random.random() < mind.recall(question, day)
                rating, cost = (drawn(random, PASSED), RIGHT) if right else (Rating.AGAIN, WRONG)
            if cost > left:
                break
            left -= cost
            spent += cost
            tries[question] += 1
            mind.review(question, rating, day)
            known[question] = after(known.get(question), rating, day)
        unseen = [question for question in unseen if question not in known]
    recalls = [mind.recall(question, deadline) for question in range(questions)]
    return Course(
        recall=100 * statistics.fmean(recalls),
        seen=100 * len(known) / questions,
        weak=100 * sum(one < WEAK for one in recalls) / questions,
        hours=spent / 3600,
    )


def hours_to(goal: float, world: str, policy: Policy, questions: int, days: int, candidates: int) -> float:
    """The hours that a candidate spends, in the mean, with the fewest minutes a day that reach the goal, in percent."""
    low, high, hours = 1.0, 60.0, math.nan
    for _ in range(7):
        minutes = (low + high) / 2
        found = [prepare(world, policy, seed, questions, days, minutes) for seed in range(candidates)]
        if statistics.fmean(one.recall for one in found) >= goal:
            high, hours = minutes, statistics.fmean(one.hours for one in found)
        else:
            low = minutes
    return hours


def compare(world: str, questions: int, days: int, minutes: float, candidates: int) -> None:
    """Prints a line for each policy, with a paired 95 % interval for how far the default is ahead."""
    courses = {
        name: [prepare(world, policy, seed, questions, days, minutes) for seed in range(candidates)]
        for name, policy in POLICIES.items()
    }
    for name, found in courses.items():
        gains = [own.recall - other.recall for own, other in zip(courses["paced"], found, strict=True)]
        half = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains))
        print(
            f"  {world}  {name:20} recall {statistics.fmean(one.recall for one in found):5.1f} %"
            f"   seen {statistics.fmean(one.seen for one in found):5.1f} %"
            f"   weak {statistics.fmean(one.weak for one in found):5.1f} %"
            f"   paced is ahead by {statistics.fmean(gains):+5.1f} ± {half:.1f}",
            flush=True,
        )


def main() -> None:
    """Prints recall on interview day, coverage, weak questions and hours to 90 %."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--candidates", type=int, default=60)
    candidates = parser.parse_args().candidates
    began = time.perf_counter()
    for questions, days, minutes in ((300, 30, 20), (150, 30, 20), (600, 60, 30)):
        print(f"{questions} questions, {days} days, {minutes} minutes a day, {candidates} candidates")
        for world in WORLDS:
            compare(world, questions, days, minutes, candidates)
    print("Hours to 90 %, 200 questions, 30 days")
    for world in WORLDS:
        for name, policy in POLICIES.items():
            print(f"  {world}  {name:20} {hours_to(90, world, policy, 200, 30, candidates):5.1f}", flush=True)
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
