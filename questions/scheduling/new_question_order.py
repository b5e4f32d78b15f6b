"""In which sequence new questions are met: topics side by side, what counts more earlier, easy before hard."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from questions.scheduling.question_order import Key

Topic = TypeVar("Topic", bound=Hashable)


def interleave_topics(topics: Mapping[Topic, Sequence[Key]], weights: Mapping[Topic, float]) -> list[Key]:
    """All questions, each topic's in its own order and spread evenly over the whole; a topic of twice the weight is
    through in half of the way. A topic without a weight counts 1."""
    places = [
        ((place + 0.5) / len(keys) / weights.get(topic, 1.0), number, key)
        for number, (topic, keys) in enumerate(topics.items())
        for place, key in enumerate(keys)
    ]
    return [key for _place, _number, key in sorted(places)]
