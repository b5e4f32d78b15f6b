"""The policies side by side on simulated candidates in two models of memory: `make bench-learning`.

`learning_worlds.py` has the worlds and how a preparation is lived through. Everything is seeded.
"""

import argparse
import math
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from learning_worlds import BEGIN, COSTS, WORLDS, Course, prepare

from questions.scheduling.fsrs_memory import recall
from questions.scheduling.question_order import POLICIES, Key, Policy, Situation
from questions.scheduling.readiness import Record, forecast_range

WEAK = 0.7  # recall below which a question counts as weak
DRAWS = 20  # interviews that each candidate sits to see how often the range holds


def due_without_steps(situation: Situation) -> list[Key]:
    """Due first, but without the package's learning steps, which in whole days bring everything back the next day."""
    known, today = situation.known, situation.day.toordinal()

    def due(key: Key) -> int:
        return known[key].reviewed.toordinal() + max(1, round(known[key].stability))

    return [*sorted((key for key in situation.not_reviewed_today() if due(key) <= today), key=due), *situation.unseen]


COMPARED: dict[str, Policy] = {**POLICIES, "due-first, no steps": due_without_steps}


@dataclass
class Size:
    """How much there is to learn, in which time."""

    questions: int
    days: int
    minutes: float

    def __str__(self) -> str:
        """As the tables are headed."""
        return f"{self.questions} questions, {self.days} days, {self.minutes:g} minutes a day"


@dataclass
class Outcome:
    """What came of one preparation: recall, questions seen and weak ones in percent, hours, reviews a question."""

    recall: float
    seen: float
    weak: float
    hours: float
    reviews: float

    @classmethod
    def of(cls, course: Course) -> "Outcome":
        """The outcome of that course."""
        recalls = course.recalls
        return cls(
            recall=100 * statistics.fmean(recalls),
            seen=100 * len(course.known) / course.questions,
            weak=100 * sum(one < WEAK for one in recalls) / course.questions,
            hours=course.spent / 3600,
            reviews=len(course.reviews) / course.questions,
        )


def outcomes(world: str, policy: Policy, size: Size, candidates: int) -> list[Outcome]:
    """The outcome for each candidate."""
    return [
        Outcome.of(prepare(world, policy, seed, size.questions, size.days, size.minutes)) for seed in range(candidates)
    ]


def mean(found: Iterable[Outcome], what: str) -> float:
    """The mean of one field."""
    return statistics.fmean(getattr(one, what) for one in found)


def compare(world: str, size: Size, candidates: int) -> None:
    """Prints a line for each policy, with a paired 95 % interval for how far the paced one is ahead."""
    everything = {name: outcomes(world, policy, size, candidates) for name, policy in COMPARED.items()}
    for name, found in everything.items():
        gains = [own.recall - other.recall for own, other in zip(everything["paced"], found, strict=True)]
        half = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains))
        ahead = "" if name == "paced" else f"   paced is ahead by {statistics.fmean(gains):+5.1f} ± {half:.1f}"
        print(
            f"  {world}  {name:20} recall {mean(found, 'recall'):5.1f} %   seen {mean(found, 'seen'):5.1f} %"
            f"   weak {mean(found, 'weak'):5.1f} %{ahead}",
            flush=True,
        )


def effort(goal: float, world: str, policy: Policy, size: Size, candidates: int) -> tuple[float, float]:
    """The hours, and the reviews a question, that candidates spend in the mean to reach the goal, in percent:
    interpolated between two numbers of minutes a day, of which one is too few."""

    def attempt(minutes: float) -> tuple[float, list[Outcome]]:
        return minutes, outcomes(world, policy, Size(size.questions, size.days, minutes), candidates)

    few, enough = attempt(size.minutes / 2), attempt(size.minutes * 2)
    for _ in range(4):
        tried = attempt((few[0] + enough[0]) / 2)
        few, enough = (few, tried) if mean(tried[1], "recall") >= goal else (tried, enough)
    share = (goal - mean(few[1], "recall")) / (mean(enough[1], "recall") - mean(few[1], "recall"))
    hours, reviews = (
        mean(few[1], what) + share * (mean(enough[1], what) - mean(few[1], what)) for what in ("hours", "reviews")
    )
    return hours, reviews


def coverage(world: str, size: Size, candidates: int, *, stop: int) -> tuple[float, float]:
    """How often, in percent, the share that candidates remember at the interview lies in the 80 % range that they are
    told after `stop` days, if they learn no more; and how wide that is in the mean, in points."""
    held, widths = 0, []
    for seed in range(candidates):
        course = prepare(world, POLICIES["paced"], seed, size.questions, size.days, size.minutes, stop)
        predicted = [expected for expected, _right in course.reviews]
        record = Record(
            len(predicted),
            sum(predicted),
            sum(right for _expected, right in course.reviews),
            sum(expected * (1 - expected) for expected in predicted),
        )
        deadline = BEGIN + timedelta(days=size.days)
        recalls = [recall(memory, deadline) for memory in course.known.values()]
        told = forecast_range(recalls, total=size.questions, record=record)
        random, truth = Random(f"interview-{seed}"), course.recalls
        for _ in range(DRAWS):
            share = sum(random.random() < one for one in truth) / size.questions
            held += told.low <= share <= told.high
        widths.append(told.high - told.low)
    return 100 * held / candidates / DRAWS, 100 * statistics.fmean(widths)


def main() -> None:
    """Prints recall on interview day, questions seen, weak ones, hours to 90 %, and how often the range holds."""
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
        for name, policy in COMPARED.items():
            hours, reviews = effort(90, world, policy, size, candidates)
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
    print(f"{time.process_time():.0f} s of one core")


if __name__ == "__main__":
    main()
