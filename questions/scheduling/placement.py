"""Placement: what a candidate already knows, estimated from a few answers, and the question that would tell most.

The model is a Rasch model with one ability per topic. A topic's ability is the candidate's general ability plus a part
of its own, so an answer in one topic also says a little about the others. Somebody who does not know an answer guesses
it with the probability `Item.guess`; "I don't know" is a wrong answer. Abilities are kept on a grid, so everything is a
plain sum. docs/decisions/0059-placement.md says why it is built like this, and what it is worth.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from math import ceil, exp, log
from operator import mul
from random import Random
from typing import NamedTuple

from questions.enums import Difficulty
from questions.scheduling.question_order import Key
from questions.scheduling.readiness import Range

MIN_QUESTIONS, MAX_QUESTIONS = 6, 8
MIN_GAIN = 0.03  # share of the uncertainty that a question must be expected to remove once MIN_QUESTIONS were asked
# In log-odds: the mean of the general ability, its standard deviation, and that of a topic's own part.
MEAN, GENERAL_SD, TOPIC_SD = 0.0, 0.8, 1.4
DIFFICULTIES = {Difficulty.EASY: -0.8, Difficulty.MEDIUM: 0.0, Difficulty.HARD: 0.8}
LABEL_ANSWERS = 20  # answers that a difficulty label weighs as much as, against the site's item statistics
DIFFICULTY_STEP = 0.4  # difficulties are rounded to it, so that few differ
ROUNDING = 1e-9  # relative difference below which two numbers count as equal
TAIL = 0.1  # probability on each side of a range, which holds 80 %

Topic = Hashable
Curve = tuple[float, ...]  # a value for each ability of the grid
_GENERAL = tuple(0.4 * place for place in range(-6, 7))
_ABILITY = tuple(0.4 * place for place in range(-11, 12))


class Item(NamedTuple):
    """What the model knows of a question: its topic, its difficulty in log-odds, and the probability that somebody who
    does not know the answer guesses it."""

    topic: Topic
    difficulty: float
    guess: float


class Answer(NamedTuple):
    """An answer in the placement test; "I don't know" is not right."""

    item: Item
    is_right: bool


def difficulty_of(label: str, *, guess: float, answers: int = 0, facility: float | None = None) -> float:
    """Return the difficulty of a question from its label and, if candidates have answered it, the mean fraction that
    they earned. Their share is corrected for guessing, and the label counts for LABEL_ANSWERS answers."""
    difficulty = DIFFICULTIES[Difficulty(label)]
    if answers and facility is not None:
        known = min(0.95, max(0.05, (facility - guess) / (1 - guess)))
        measured = MEAN - log(known / (1 - known))
        difficulty = (LABEL_ANSWERS * difficulty + answers * measured) / (LABEL_ANSWERS + answers)
    return round(round(difficulty / DIFFICULTY_STEP) * DIFFICULTY_STEP, 1)


@dataclass(frozen=True)
class Estimate:
    """What the answers say about the topics. `topics` holds, for each topic, how many of its questions have which
    difficulty."""

    topics: Mapping[Topic, Mapping[float, int]]
    answers: Sequence[Answer] = ()

    @classmethod
    def of(cls, items: Iterable[Item], answers: Sequence[Answer] = ()) -> "Estimate":
        """Return the estimate for the topics of these questions and of the answers."""
        counts: dict[Topic, Counter[float]] = {}
        for topic, difficulty, _guess in items:
            counts.setdefault(topic, Counter())[difficulty] += 1
        for (topic, difficulty, _guess), _is_right in answers:
            counts.setdefault(topic, Counter([difficulty]))
        return cls(counts, answers)

    def known(self, topic: Topic) -> Range:
        """Return the share of the topic's questions that the candidate knows: the posterior mean, and the range that
        holds 80 %. Raise KeyError for another topic."""
        weights, shares = self._posterior(topic), self._shares[topic]
        middle = _dot(weights, shares)
        below = list(accumulate(weights, initial=0.0))
        low, high = (_share_at(probability, below, shares) for probability in (TAIL, 1 - TAIL))
        return Range(min(low, middle), middle, max(high, middle))

    @property
    def uncertainty(self) -> float:
        """Return the variances of the shares, added over all questions."""
        return self._uncertainty(self._general, self._moments)

    def uncertainty_after(self, item: Item) -> float:
        """Return the uncertainty to expect after an answer to the question."""
        expected, before = 0.0, self._moments[item.topic]
        for is_right in (True, False):
            likelihood = _times(self._likelihoods[item.topic], _likelihood(item.difficulty, item.guess, is_right))
            after = self._moments_of(item.topic, likelihood)
            joint = [
                weight * new / old
                for weight, new, old in zip(self._general, after.likelihood, before.likelihood, strict=True)
            ]
            uncertainty = self._uncertainty(_normalized(joint), {**self._moments, item.topic: after})
            expected += sum(joint) * uncertainty  # the sum is the probability of the answer
        return expected

    @cached_property
    def _shares(self) -> dict[Topic, Curve]:
        """Return the share of each topic's questions that is known at each ability."""
        return {topic: _share(tuple(sorted(counts.items()))) for topic, counts in self.topics.items()}

    @cached_property
    def _likelihoods(self) -> dict[Topic, Curve]:
        found = dict.fromkeys(self.topics, (1.0,) * len(_ABILITY))
        for (topic, difficulty, guess), is_right in self.answers:
            found[topic] = _times(found[topic], _likelihood(difficulty, guess, is_right))
        return found

    @cached_property
    def _moments(self) -> "dict[Topic, _Moments]":
        return {topic: self._moments_of(topic, likelihood) for topic, likelihood in self._likelihoods.items()}

    def _moments_of(self, topic: Topic, likelihood: Curve) -> "_Moments":
        known = _times(likelihood, self._shares[topic])
        squared = _times(known, self._shares[topic])
        zeroth = [_dot(row, likelihood) for row in _kernel()]
        return _Moments(
            zeroth,
            [_dot(row, known) / total for row, total in zip(_kernel(), zeroth, strict=True)],
            [_dot(row, squared) / total for row, total in zip(_kernel(), zeroth, strict=True)],
        )

    @cached_property
    def _general(self) -> list[float]:
        """Return the posterior of the general ability."""
        weights = _prior()
        for moments in self._moments.values():
            weights = _times(weights, moments.likelihood)
        return _normalized(weights)

    def _posterior(self, topic: Topic) -> list[float]:
        """Return the posterior of the topic's ability."""
        own = self._moments[topic].likelihood
        others = [weight / likelihood for weight, likelihood in zip(self._general, own, strict=True)]
        mixed = [_dot(others, column) for column in zip(*_kernel(), strict=True)]
        return _normalized(_times(mixed, self._likelihoods[topic]))

    def _uncertainty(self, general: Sequence[float], moments: "Mapping[Topic, _Moments]") -> float:
        return sum(
            sum(self.topics[topic].values()) * (_dot(general, own.square) - _dot(general, own.share) ** 2)
            for topic, own in moments.items()
        )


class _Moments(NamedTuple):
    """For each general ability: the likelihood of a topic's answers, and the mean and the mean square of the share
    known after them."""

    likelihood: Sequence[float]
    share: Sequence[float]
    square: Sequence[float]


def next_question(items: Mapping[Key, Item], estimate: Estimate, *, asked: Sequence[Key], seed: int = 0) -> Key | None:
    """Return the question to ask next after those in `asked`: the one that is expected to leave the least uncertainty,
    `seed` deciding between equals. `items` holds what can be asked and what was.

    None ends the test: MAX_QUESTIONS were asked, nothing is left to ask, or MIN_QUESTIONS were asked and no question is
    worth MIN_GAIN. No question is asked twice, and no topic more often than its share of MAX_QUESTIONS, rounded up.
    """
    if len(asked) >= MAX_QUESTIONS:
        return None
    times = Counter(items[key].topic for key in asked if key in items)
    most = ceil(MAX_QUESTIONS / max(1, len({item.topic for item in items.values()})))
    groups: dict[Item, list[Key]] = {}
    for key, item in items.items():
        if key not in asked and times[item.topic] < most:
            groups.setdefault(item, []).append(key)
    if not groups:
        return None
    left = {item: estimate.uncertainty_after(item) for item in groups}
    best = min(left.values())
    if len(asked) >= MIN_QUESTIONS and best > (1 - MIN_GAIN) * estimate.uncertainty:
        return None
    equals = sorted(key for item, keys in groups.items() if left[item] <= best * (1 + ROUNDING) for key in keys)
    return Random(f"{seed}-{len(asked)}").choice(equals)  # noqa: S311 - a draw, no secret


def _share_at(probability: float, below: Sequence[float], shares: Curve) -> float:
    """Return the share below which the probability lies, interpolated between the abilities of the grid."""
    for place in range(len(shares)):
        if below[place + 1] >= probability:
            start = shares[place - 1] if place else 0.0
            part = (probability - below[place]) / (below[place + 1] - below[place])
            return start + part * (shares[place] - start)
    return shares[-1]


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


@lru_cache(256)
def _likelihood(difficulty: float, guess: float, is_right: bool) -> Curve:
    """Return the probability of a right answer, or of one that is not right."""
    wrong = tuple((1 - guess) * (1 - _logistic(ability - difficulty)) for ability in _ABILITY)
    return tuple(1 - probability for probability in wrong) if is_right else wrong


@lru_cache(256)
def _share(counts: tuple[tuple[float, int], ...]) -> Curve:
    total = sum(number for _difficulty, number in counts)
    return tuple(
        sum(number * _logistic(ability - difficulty) for difficulty, number in counts) / total for ability in _ABILITY
    )


@lru_cache(1)
def _prior() -> Curve:
    """Return the prior of the general ability."""
    return tuple(_normalized([_bell((general - MEAN) / GENERAL_SD) for general in _GENERAL]))


@lru_cache(1)
def _kernel() -> tuple[Curve, ...]:
    """Return the prior of a topic's ability for each general ability."""
    return tuple(
        tuple(_normalized([_bell((ability - general) / TOPIC_SD) for ability in _ABILITY])) for general in _GENERAL
    )


def _bell(deviation: float) -> float:
    return exp(-(deviation**2) / 2)


def _normalized(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [weight / total for weight in weights]


def _times(one: Sequence[float], other: Sequence[float]) -> Curve:
    return tuple(map(mul, one, other))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(mul, one, other))
