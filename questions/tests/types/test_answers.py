"""Validation of answers that do not come from a form."""

from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item, Option
from questions.tests.personal_data.strategies import json_values
from questions.tests.strategies import answered, items, shown

MATCHING = (Option("Left", match="L"), Option("Right", match="R"), Option("", match="X"))
ITEMS = {
    "single_choice": Item("single_choice", "?", options=(Option("A", weight=1), Option("B"))),
    "multiple_choice": Item(
        "multiple_choice", "?", options=(Option("A", weight=1), Option("B"), Option("C", weight=1))
    ),
    "short_answer": Item("short_answer", "?", options=(Option("A", weight=1),)),
    "ordering": Item("ordering", "?", options=(Option("A"), Option("B"))),
    "matching": Item("matching", "?", options=MATCHING),
    "find_lines": Item("find_lines", "?", code="a\nb\n\nc", options=(Option("1", weight=1),)),
    "open": Item("open", "?", criteria=(Criterion("a"), Criterion("b")), follow_ups=(FollowUpQuestion("And then?"),)),
}


@given(answered())
def test_answers_from_the_form_are_valid(case: tuple) -> None:
    item, answer = case
    assume(answer.get("matches") is None or any(match is not None for match in answer["matches"]))
    assert types.get(item.type).is_valid_answer(item, answer)


@given(shown())
def test_the_shown_order_is_valid(case: tuple) -> None:
    item, order = case
    assert types.get(item.type).is_valid_order(item, order)
    assert not types.get(item.type).is_valid_order(item, [*order, len(order)])
    assert not types.get(item.type).is_valid_order(item, order[1:] or None)


@given(
    items,
    json_values
    | st.dictionaries(
        st.sampled_from(["chosen", "lines", "order", "matches", "text", "aloud", "met", "follow_ups"]),
        json_values | st.lists(st.integers(-1, 4), max_size=4),
        max_size=2,
    ),
)
def test_valid_answers_can_be_graded_and_rendered(item: Item, answer) -> None:
    question_type = types.get(item.type)
    if question_type.is_valid_answer(item, answer):
        fraction = question_type.grade(item, answer).fraction
        assert fraction is None or 0 <= fraction <= 1
        order = question_type.order(item, Random(0))
        question_type.review(item, order, answer)
        question_type.form(item, order, answer=answer).as_p()
        assert isinstance(question_type.as_text(item, answer), str)


NONE: dict[str, list[Any]] = {
    "single_choice": [
        {},
        [],
        {"chosen": [2]},
        {"chosen": [-1]},
        {"chosen": [0, 1]},
        {"chosen": [True]},
    ],
    "multiple_choice": [{"chosen": []}, {"chosen": [1, 0]}, {"chosen": [1, 1]}, {"chosen": [1], "text": ""}],
    "short_answer": [{"text": ""}, {"text": " "}, {"text": 5}, {"text": "x" * 501}],
    "ordering": [{"order": [0]}, {"order": [0, 0]}, {"order": [0, 2]}, {"order": "01"}],
    "matching": [{"matches": matches} for matches in ([0], [None, None], [0, 3], [0, False], 5)],
    "open": [
        *(None, {}, {"text": "", "aloud": False}, {"text": "x" * 20_001}, {"aloud": 1}),
        *(
            {"text": "x", "met": [2]},
            {"text": "x", "met": [1, 0]},
            {"text": "x", "met": None},
            {"text": "x", "mark": 1},
        ),
        *({"follow_ups": {"1": "x"}}, {"follow_ups": {"0": ""}}, {"follow_ups": {"0": 5}}, {"follow_ups": ["x"]}),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in NONE.items() for answer in answers])
def test_invalid_answers_are_rejected(name: str, answer) -> None:
    assert not types.get(name).is_valid_answer(ITEMS[name], answer)


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("multiple_choice", {"chosen": [0, 2]}, "A; C"),
        ("short_answer", {"text": "zinc"}, "zinc"),
        ("ordering", {"order": [1, 0]}, "B → A"),
        ("matching", {"matches": [None, 2]}, "Left – —; Right – X"),
        ("open", {"text": "Mine.", "aloud": False, "met": [0]}, "Mine."),
        ("open", {"text": "", "aloud": True}, "(answered aloud)"),
        ("open", {"text": "Mine.", "aloud": True, "follow_ups": {"0": "Then this."}}, "Mine.\n\nThen this."),
    ],
)
def test_answers_as_text(name: str, answer, words: str) -> None:
    assert types.get(name).is_valid_answer(ITEMS[name], answer)
    assert types.get(name).as_text(ITEMS[name], answer) == words
