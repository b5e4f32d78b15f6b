"""Order in which new questions are introduced: topics interleaved by weight, each topic in its own order."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from questions.scheduling.question_order import Key

Topic = TypeVar("Topic", bound=Hashable)
MOST_KNOWN = 0.9  # share of a topic: what counts as known is asked later, but is asked


def interleave_topics(topics: Mapping[Topic, Sequence[Key]], weights: Mapping[Topic, float]) -> list[Key]:
    """Return all questions with each topic in its own order and spread evenly over the result. A topic with twice the
    weight is finished after half of the result; a topic that `weights` does not name has weight 1."""
    places = [
        ((place + 0.5) / len(keys) / weights.get(topic, 1.0), number, key)
        for number, (topic, keys) in enumerate(topics.items())
        for place, key in enumerate(keys)
    ]
    return [key for _place, _number, key in sorted(places)]


def favour_unknown(weights: Mapping[Topic, float], known: Mapping[Topic, float]) -> dict[Topic, float]:
    """Return the weights for new questions when `known` holds the share of each topic's questions that the candidate
    probably knows: multiplied by the square of the share that is not known, so that what is known comes later. A topic
    that `known` does not name keeps its weight.

    The square is a compromise: the first power saved a third less study time in `make bench-learning`, and higher ones
    little more, while they would leave less of the weights that the candidate has set.
    """
    return {
        topic: weight * (1 - min(known[topic], MOST_KNOWN)) ** 2 if topic in known else weight
        for topic, weight in weights.items()
    }
