"""Which follow-up question an interview asks."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.attempts.follow_up_choice import next_follow_up
from questions.content.item import Criterion, FollowUpQuestion, Item
from questions.tests.strategies import ITEMS

ITEM = Item(
    type="open",
    stem="How do you make it robust?",
    criteria=(
        Criterion("Puts a timeout on retries", 3, essential=True),
        Criterion("Measures latency percentiles", 2),
        Criterion("Explains idempotent calls", 1),
    ),
    follow_ups=(
        FollowUpQuestion("When would you give up retries after a timeout?"),
        FollowUpQuestion("What do you look at first?", "The percentiles of the latency, p99 above all."),
        FollowUpQuestion("Who is called at night?"),
    ),
)
SAID = {
    "timeout": "I put a timeout on it, and retries.",
    "latency": "I measure percentiles of latency.",
    "idempotent": "The calls are idempotent.",
    "nothing": "I would ask around.",
}


def chosen(*said: str, item: Item = ITEM) -> set[int]:
    return {next_follow_up(item, " ".join(SAID[name] for name in said), Random(seed)) for seed in range(40)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["nothing"], {0}),  # the heaviest criterion
        (["timeout"], {1}),  # by the words of its model answer
        (["latency"], {0}),
        (["timeout", "latency"], {0, 1, 2}),  # no follow-up is about the criterion that is left
        (["timeout", "latency", "idempotent"], {0, 1, 2}),
    ],
)
def test_follow_up_is_about_what_the_answer_did_not_touch(said: list[str], expected: set[int]) -> None:
    assert chosen(*said) == expected


def test_one_is_drawn_where_nothing_was_written() -> None:
    assert {next_follow_up(ITEM, " \n", Random(seed)) for seed in range(40)} == {0, 1, 2}


def test_one_usual_word_in_common_is_not_enough() -> None:
    item = Item(
        type="open",
        stem="Why?",
        criteria=(Criterion("Sends the request to a worker"), Criterion("Knows the semaphore")),
        follow_ups=(FollowUpQuestion("Which request?"), FollowUpQuestion("Why a semaphore?")),
    )
    assert chosen("nothing", item=item) == {1}


@given(ITEMS["open"].filter(lambda item: item.follow_ups), st.text(max_size=200), st.integers())
def test_choice_exists_and_is_the_same_for_a_seed(item: Item, said: str, seed: int) -> None:
    found = next_follow_up(item, said, Random(seed))
    assert found in range(len(item.follow_ups))
    assert found == next_follow_up(item, said, Random(seed))
