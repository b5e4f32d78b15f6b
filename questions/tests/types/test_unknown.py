""" "I don't know": an answer to every type that earns nothing, and that no type has to know."""

from hypothesis import given

from questions import types
from questions.content.item import Item
from questions.tests.strategies import answered, items
from questions.types import UNKNOWN


@given(items)
def test_it_is_a_valid_answer_that_earns_nothing(item: Item) -> None:
    question_type = types.get(item.type)
    assert question_type.is_valid_answer(item, UNKNOWN)
    assert question_type.grade(item, UNKNOWN).fraction == 0
    assert question_type.as_text(item, UNKNOWN) == "I don't know"


@given(answered())
def test_it_replaces_an_answer_and_is_replaced_by_one(case: tuple) -> None:
    item, answer = case
    question_type = types.get(item.type)
    assert question_type.merge(answer, UNKNOWN) == UNKNOWN
    assert question_type.merge(UNKNOWN, answer) == answer


@given(items)
def test_a_correction_of_the_question_leaves_it_as_it_is(item: Item) -> None:
    assert types.get(item.type).transfer(UNKNOWN, item, item) == UNKNOWN
