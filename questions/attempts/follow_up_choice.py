"""Choose the follow-up question that an interview asks, by the criteria of the rubric that the answer did not touch."""

from random import Random

from questions.attempts.rubric_hints import hinted_criteria, overlaps
from questions.content.item import FollowUpQuestion, Item

# Weight of the words that a follow-up must share with a criterion to count as being about it: one word that neither the
# question nor most answers use.
LEAST_SHARED = 1.0


def next_follow_up(item: Item, said: str, random: Random) -> int:
    """Return the index of the follow-up question to ask somebody who said this; there must be one.

    It is the one that has most in common with the criteria that the answer did not touch. If several have equally much,
    or nothing was written because the answer was spoken, `random` draws one.
    """
    touched = hinted_criteria(item, said)
    missed = [index for index in range(len(item.criteria)) if index not in touched] if said.strip() else []
    scores = [_relevance(item, follow_up, missed) for follow_up in item.follow_ups]
    return random.choice([index for index, score in enumerate(scores) if score == max(scores)])


def _relevance(item: Item, follow_up: FollowUpQuestion, missed: list[int]) -> float:
    """Return how much the follow-up and its model answer have in common with these criteria, by their weights."""
    found = overlaps(item, f"{follow_up.text}\n{follow_up.model_answer}")
    shared = {index: found[index] for index in missed if found[index].found >= LEAST_SHARED}
    return sum(item.criteria[index].weight * overlap.found / overlap.total for index, overlap in shared.items())
