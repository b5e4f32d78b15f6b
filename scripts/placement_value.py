"""What the placement test is worth: simulated candidates who already know a part of the questions, with and without it.

A question that a candidate knows was learned in the months before, by five reviews in their model of memory. Whether
it is known does not depend on its difficulty label, so the model of `placement.py` is not quite right for anybody.
"""

import math
import pickle
import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from random import Random

from learning_worlds import (
    BEGIN,
    COSTS,
    RECALL_RATINGS,
    STUDIED_SHARE,
    WORLDS,
    ActR,
    Fsrs,
    draw_rating,
)

from questions.enums import Difficulty
from questions.scheduling import placement
from questions.scheduling.fsrs_memory import Memory, Rating, memory_after, recall
from questions.scheduling.new_question_order import favour_unknown, interleave_topics
from questions.scheduling.question_order import Situation, paced
from questions.scheduling.study_day import Calendar

TOPICS, QUESTIONS_PER_TOPIC, DAYS, MINUTES = 6, 20, 30, 20
GOAL = 0.9  # mean probability of recall over all questions, new ones included, on the day after a session
LEARNED_BEFORE = (90, 75, 60, 45, 30)  # days before the first day
GUESS = 0.25
SAYS_UNKNOWN = 0.5  # share of the unknown answers of a placement test to which a candidate does not guess
LABELS = [*[Difficulty.EASY] * 6, *[Difficulty.MEDIUM] * 9, *[Difficulty.HARD] * 5]
SHARES: dict[str, Sequence[float]] = {
    "half of the topics": (0.95, 0.95, 0.95, 0.05, 0.05, 0.05),
    "half of the questions": (0.92, 0.75, 0.58, 0.42, 0.25, 0.08),
    "nothing": (0.0,) * TOPICS,
}


@dataclass
class Candidate:
    """A candidate with what they knew before, the scheduler's state of their memory, and the seconds spent."""

    memory_model: Fsrs | ActR
    seed: int
    topics: dict[int, list[int]]
    items: dict[int, placement.Item]
    counts: Mapping[Hashable, Mapping[float, int]]
    knows: set[int]
    known: dict[int, Memory]
    attempts: dict[int, int]
    first_answers: list[placement.Answer] = field(default_factory=list)
    seconds: float = 0.0

    @classmethod
    def of(cls, world: str, knowledge: str, seed: int) -> "Candidate":
        """Return the candidate with this seed; `knowledge` is one of SHARES."""
        count, random = TOPICS * QUESTIONS_PER_TOPIC, Random(f"knowledge-{seed}")
        topics = {
            topic: list(range(topic * QUESTIONS_PER_TOPIC, (topic + 1) * QUESTIONS_PER_TOPIC))
            for topic in range(TOPICS)
        }
        items = {
            key: placement.Item(topic, placement.difficulty_of(label, guess=GUESS), GUESS)
            for topic, keys in topics.items()
            for key, label in zip(keys, LABELS, strict=True)
        }
        shares: dict[Hashable, float] = dict(enumerate(random.sample(SHARES[knowledge], TOPICS)))
        knows = {key for key, item in items.items() if random.random() < shares[item.topic]}
        memory_model = WORLDS[world](Random(seed), count)
        for ago in LEARNED_BEFORE:
            for key in sorted(knows):
                memory_model.review(key, Rating.GOOD, BEGIN - timedelta(days=ago))
        counts = placement.Estimate.of(items.values()).topics
        return cls(memory_model, seed, topics, items, counts, knows, {}, {})

    def answer(self, key: int, day: date, *, may_pass: bool = False) -> None:
        """Answer a question on that day and feed the schedule, which cannot tell a lucky guess from knowledge. Where
        the candidate `may_pass`, some say that they do not know instead of guessing."""
        attempt = self.attempts.get(key, 0)
        random, memory = Random(f"{self.seed}-{key}-{attempt}"), self.known.get(key)
        recalled = (attempt or key in self.knows) and random.random() < self.memory_model.recall(key, day)
        if memory is not None:
            rating = draw_rating(random, RECALL_RATINGS) if recalled else Rating.AGAIN
            seen, cost = rating, COSTS.right if recalled else COSTS.wrong
        else:
            guessed = random.random() < GUESS and not (may_pass and random.random() < SAYS_UNKNOWN)
            rating = Rating.GOOD if recalled else Rating.AGAIN
            seen, cost = Rating.GOOD if recalled or guessed else Rating.AGAIN, COSTS.new
            self.first_answers.append(placement.Answer(self.items[key], seen > Rating.AGAIN))
        self.seconds += cost
        self.attempts[key] = attempt + 1
        self.memory_model.review(key, rating, day)
        self.known[key] = memory_after(memory, seen, day)

    def take_placement(self) -> None:
        """Take a placement test on the first day."""
        asked: list[int] = []
        while (key := placement.next_question(self.items, self.estimate, asked=asked, seed=self.seed)) is not None:
            self.answer(key, BEGIN, may_pass=True)
            asked.append(key)

    @property
    def estimate(self) -> placement.Estimate:
        """Return what all first answers say."""
        return placement.Estimate(self.counts, self.first_answers)

    def weights(self) -> dict[int, float]:
        """Return the weights of the topics for new questions."""
        estimate = self.estimate
        known = {topic: estimate.known(topic).middle for topic in self.topics}
        return favour_unknown(dict.fromkeys(self.topics, 1.0), known)

    @property
    def met(self) -> int:
        """Return how many questions the candidate has met, here or before; all others have no recall."""
        return len(self.known.keys() | self.knows)

    def recall(self, day: date) -> float:
        """Return the mean true probability of recall over all questions."""
        return statistics.fmean(self.memory_model.recall(key, day) for key in self.items)


def minutes_to_goal(candidate: Candidate, *, takes_test: bool, is_estimated: bool) -> tuple[float, bool]:
    """Return the minutes of study until GOAL, interpolated within the session that reaches it, and True; the minutes
    until the interview and False if it is not reached.

    `is_estimated` says whether new questions follow what the first answers tell, as they do after a placement test.
    """
    calendar = Calendar(BEGIN, BEGIN + timedelta(days=DAYS))
    if takes_test:
        candidate.take_placement()
    for number in range(DAYS):
        if number and Random(f"{candidate.seed}-{number}").random() >= STUDIED_SHARE:
            continue
        order = interleave_topics(candidate.topics, candidate.weights() if is_estimated else {})
        day, start = BEGIN + timedelta(days=number), candidate.seconds if number else 0.0
        unseen = [key for key in order if key not in candidate.known]
        may_reach = candidate.met + MINUTES * 60 / COSTS.new >= GOAL * len(candidate.items)
        before = candidate.recall(day) if may_reach else 0.0
        for key in paced(Situation(unseen, candidate.known, day, calendar)):
            memory = candidate.known.get(key)
            if start + MINUTES * 60 - candidate.seconds < (COSTS.review(recall(memory, day)) if memory else COSTS.new):
                break
            candidate.answer(key, day)
        after = candidate.recall(day + timedelta(days=1)) if may_reach else 0.0
        if after >= GOAL:
            part = max(0.0, (GOAL - before) / (after - before))
            return (start + part * (candidate.seconds - start)) / 60, True
    return candidate.seconds / 60, False


def compare(candidates: int) -> None:
    """Print the minutes until GOAL without the placement test, and how many fewer they are with it, with a paired 95 %
    confidence interval; then the same for plans that learn from their first answers without any test."""
    print(
        f"Minutes of study until {GOAL:.0%} are recalled: {TOPICS * QUESTIONS_PER_TOPIC} questions,"
        f" {DAYS} days, {MINUTES} minutes a day, {candidates} candidates"
    )
    for knowledge, world in product(SHARES, WORLDS):
        made = [pickle.dumps(Candidate.of(world, knowledge, seed)) for seed in range(candidates)]
        without = _minutes(made, takes_test=False, is_estimated=False)
        line = f"  {world}  knows {knowledge:22} without {_mean(without):5.1f} ({_missed(without)} miss it)"
        for name, takes_test in (("with the test", True), ("same estimate, no test", False)):
            found = _minutes(made, takes_test=takes_test, is_estimated=True)
            gains = [one[0] - other[0] for one, other in zip(found, without, strict=True)]
            half = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains))
            line += f"   {name} {statistics.fmean(gains):+6.1f} ± {half:4.1f} ({_missed(found)})"
        print(line, flush=True)


def _minutes(made: Sequence[bytes], *, takes_test: bool, is_estimated: bool) -> list[tuple[float, bool]]:
    """Return `minutes_to_goal` for copies of the pickled candidates."""
    copies = (pickle.loads(one) for one in made)  # noqa: S301 - pickled above
    return [minutes_to_goal(one, takes_test=takes_test, is_estimated=is_estimated) for one in copies]


def _mean(found: Sequence[tuple[float, bool]]) -> float:
    return statistics.fmean(minutes for minutes, _reached in found)


def _missed(found: Sequence[tuple[float, bool]]) -> int:
    return sum(not reached for _minutes, reached in found)
