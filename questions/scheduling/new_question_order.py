"""Order in which new questions are introduced: topics interleaved by weight, each topic in its own order."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from questions.scheduling.question_order import Key

Topic = TypeVar("Topic", bound=Hashable)


def interleave_topics(topics: Mapping[Topic, Sequence[Key]], weights: Mapping[Topic, float]) -> list[Key]:
    """Return all questions with each topic in its own order and spread evenly over the result. A topic with twice the
    weight is finished after half of the result; a topic that `weights` does not name has weight 1."""
    places = [
        ((place + 0.5) / len(keys) / weights.get(topic, 1.0), number, key)
        for number, (topic, keys) in enumerate(topics.items())
        for place, key in enumerate(keys)
    ]
    return [key for _place, _number, key in sorted(places)]
