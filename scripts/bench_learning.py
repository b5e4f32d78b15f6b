"""Compare the scheduling policies on simulated candidates in two models of memory: `make bench-learning`.

The models and the simulation are in `learning_worlds.py`. Everything is seeded.
"""

import argparse
import math
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import placement_value
from learning_worlds import BEGIN, COSTS, WORLDS, Preparation, prepare

from questions.scheduling.fsrs_memory import recall
from questions.scheduling.question_order import POLICIES, Key, Policy, Situation
from questions.scheduling.readiness import Record, forecast_range

WEAK_RECALL = 0.7  # a question with less recall counts as weak
SIMULATED_INTERVIEWS = 20  # per candidate, to measure the coverage of the readiness range


def due_without_steps(situation: Situation) -> list[Key]:
    """Return due questions first, without the package's learning steps, which in whole days repeat everything the next
    day."""
    known, today = situation.known, situation.day.toordinal()

    def due(key: Key) -> int:
        return known[key].reviewed.toordinal() + max(1, round(known[key].stability))

    return [*sorted((key for key in situation.not_reviewed_today() if due(key) <= today), key=due), *situation.unseen]


COMPARED_POLICIES: dict[str, Policy] = {**POLICIES, "due-first, no steps": due_without_steps}


@dataclass
class Size:
    """Size of a preparation: number of questions, days, and minutes a day."""

    questions: int
    days: int
    minutes: float

    def __str__(self) -> str:
        """Return the heading of the table."""
        return f"{self.questions} questions, {self.days} days, {self.minutes:g} minutes a day"


@dataclass
class Outcome:
    """Result of one preparation: recall, questions seen and weak ones in percent, hours, and reviews per question."""

    recall: float
    seen: float
    weak: float
    hours: float
    reviews: float

    @classmethod
    def of(cls, preparation: Preparation) -> "Outcome":
        """Return the outcome of the preparation."""
        recalls = preparation.recalls
        return cls(
            recall=100 * statistics.fmean(recalls),
            seen=100 * len(preparation.known) / preparation.questions,
            weak=100 * sum(one < WEAK_RECALL for one in recalls) / preparation.questions,
            hours=preparation.seconds_spent / 3600,
            reviews=len(preparation.reviews) / preparation.questions,
        )


def outcomes(world: str, policy: Policy, size: Size, candidates: int) -> list[Outcome]:
    """Return the outcome for each candidate."""
    return [
        Outcome.of(prepare(world, policy, seed, size.questions, size.days, size.minutes)) for seed in range(candidates)
    ]


def mean(found: Iterable[Outcome], what: str) -> float:
    """Return the mean of one field."""
    return statistics.fmean(getattr(one, what) for one in found)


def compare(world: str, size: Size, candidates: int) -> None:
    """Print a line for each policy, with a paired 95 % confidence interval for the lead of the paced policy."""
    by_policy = {name: outcomes(world, policy, size, candidates) for name, policy in COMPARED_POLICIES.items()}
    for name, found in by_policy.items():
        gains = [own.recall - other.recall for own, other in zip(by_policy["paced"], found, strict=True)]
        half = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains))
        ahead = "" if name == "paced" else f"   paced is ahead by {statistics.fmean(gains):+5.1f} ± {half:.1f}"
        print(
            f"  {world}  {name:20} recall {mean(found, 'recall'):5.1f} %   seen {mean(found, 'seen'):5.1f} %"
            f"   weak {mean(found, 'weak'):5.1f} %{ahead}",
            flush=True,
        )


def effort_to_reach(goal: float, world: str, policy: Policy, size: Size, candidates: int) -> tuple[float, float]:
    """Return the mean hours and the mean reviews per question that candidates need to reach the goal, in percent. Both
    are interpolated between two numbers of minutes a day, one of which is too low."""

    def attempt(minutes: float) -> tuple[float, list[Outcome]]:
        return minutes, outcomes(world, policy, Size(size.questions, size.days, minutes), candidates)

    too_little, enough = attempt(size.minutes / 2), attempt(size.minutes * 2)
    for _ in range(4):
        tried = attempt((too_little[0] + enough[0]) / 2)
        too_little, enough = (too_little, tried) if mean(tried[1], "recall") >= goal else (tried, enough)
    share = (goal - mean(too_little[1], "recall")) / (mean(enough[1], "recall") - mean(too_little[1], "recall"))
    hours, reviews = (
        mean(too_little[1], what) + share * (mean(enough[1], what) - mean(too_little[1], what))
        for what in ("hours", "reviews")
    )
    return hours, reviews


def coverage(world: str, size: Size, candidates: int, *, stop: int) -> tuple[float, float]:
    """Return how often, in percent, the share that candidates remember at the interview lies in the 80 % range that is
    forecast after `stop` days if they study no more, and the mean width of that range in percentage points."""
    covered, widths = 0, []
    for seed in range(candidates):
        preparation = prepare(world, POLICIES["paced"], seed, size.questions, size.days, size.minutes, stop)
        predicted = [expected for expected, _right in preparation.reviews]
        record = Record(
            len(predicted),
            sum(predicted),
            sum(right for _expected, right in preparation.reviews),
            sum(expected * (1 - expected) for expected in predicted),
        )
        deadline = BEGIN + timedelta(days=size.days)
        recalls = [recall(memory, deadline) for memory in preparation.known.values()]
        interval = forecast_range(recalls, total=size.questions, record=record)
        random, truth = Random(f"interview-{seed}"), preparation.recalls
        for _ in range(SIMULATED_INTERVIEWS):
            share = sum(random.random() < one for one in truth) / size.questions
            covered += interval.low <= share <= interval.high
        widths.append(interval.high - interval.low)
    return 100 * covered / candidates / SIMULATED_INTERVIEWS, 100 * statistics.fmean(widths)


def main() -> None:
    """Print recall on interview day, questions seen, weak ones, hours to 90 %, and the coverage of the readiness
    range."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--candidates", type=int, default=60)
    candidates = parser.parse_args().candidates
    for size in (Size(300, 30, 20), Size(150, 30, 20), Size(600, 60, 30)):
        print(f"{size}, {candidates} candidates")
        for world in WORLDS:
            compare(world, size, candidates)
    size = Size(200, 30, 16)
    print(f"To 90 %: {size.questions} questions, {size.days} days; a new question takes {COSTS.new:g} s")
    for world in WORLDS:
        for name, policy in COMPARED_POLICIES.items():
            hours, reviews = effort_to_reach(90, world, policy, size, candidates)
            print(f"  {world}  {name:20} {hours:5.2f} hours   {reviews:4.1f} reviews a question", flush=True)
    print("How often the 80 % range of readiness holds what is remembered, and its width")
    for size in (Size(40, 10, 8), Size(60, 14, 15), Size(150, 30, 20), Size(300, 30, 20), Size(600, 60, 30)):
        for world in WORLDS:
            eve = coverage(world, size, candidates, stop=size.days)
            half = coverage(world, size, candidates, stop=size.days // 2)
            print(
                f"  {world}  {size!s:42} on the eve {eve[0]:3.0f} % ({eve[1]:4.1f} points)"
                f"   at half time {half[0]:3.0f} % ({half[1]:4.1f} points)",
                flush=True,
            )
    placement_value.compare(candidates)
    print(f"{time.process_time():.0f} s of one core")


if __name__ == "__main__":
    main()
