"""Follow-up questions in interviews and their answers."""

import pytest
from hypothesis import given

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item
from questions.tests.strategies import items, shown

OPEN = Item(
    type="open",
    stem="?",
    model_answer="Like so.",
    criteria=(Criterion("a", 3, essential=True), Criterion("b", 1)),
    follow_ups=tuple(map(FollowUpQuestion, ("And then?", "Why?", "How much?"))),
)
MAIN = {"text": "Mine.", "aloud": False}


def open_form(data: dict | None = None, answer: dict | None = None, follow_up: int | None = 1):
    return types.get("open").interview_form(OPEN, [], data, answer, follow_up)


def read(data: dict, **options) -> dict | None:
    form = open_form(data, **options)
    assert form.is_valid()
    return form.answer()


@given(items)
def test_only_open_questions_with_follow_ups_choose_one(item: Item) -> None:
    chosen = types.get(item.type).follow_up(item, MAIN, lambda of, said: len(of.follow_ups) - 1)
    assert chosen == (len(item.follow_ups) - 1 if item.type == "open" and item.follow_ups else None)


def test_the_follow_up_that_was_asked_stays() -> None:
    asked = types.get("open").follow_up(OPEN, {**MAIN, "follow_ups": {"2": ""}}, lambda _of, _said: 0)
    assert asked == 2


def test_another_answer_keeps_the_follow_up_even_without_its_field() -> None:
    assert read({"text": "Changed."}, answer=MAIN) == {**MAIN, "text": "Changed.", "follow_ups": {"1": ""}}
    assert read({"text": "Mine."}, answer=MAIN) == MAIN


@given(shown())
def test_types_without_follow_ups_use_the_normal_form_in_interviews(case: tuple) -> None:
    item, order = case
    question_type = types.get(item.type)
    form = question_type.interview_form(
        item, order, None, None, question_type.follow_up(item, MAIN, lambda _of, _said: 0)
    )
    if item.type != "open":
        assert list(form.fields) == list(question_type.form(item, order).fields)
        assert question_type.answered_follow_ups(item, question_type.key(item)) == []


def test_before_an_answer_there_is_no_field_for_a_follow_up() -> None:
    assert "follow_up" not in open_form(follow_up=None).fields
    assert read({"text": "Mine."}, follow_up=None) == MAIN


def test_the_answer_to_a_follow_up_is_stored_with_the_answer() -> None:
    assert read({"text": "Mine.", "follow_up": "Then this."}) == {**MAIN, "follow_ups": {"1": "Then this."}}


def test_an_empty_follow_up_is_stored_as_empty() -> None:
    answer = read({"text": "Mine.", "follow_up": " "})
    assert answer == {**MAIN, "follow_ups": {"1": ""}}
    assert types.get("open").answered_follow_ups(OPEN, answer) == [(OPEN.follow_ups[1], "")]


@pytest.mark.parametrize("data", [{"text": "Mine."}, {"follow_up": "Then this."}])
def test_parts_missing_from_the_page_do_not_change(data: dict) -> None:
    saved = {**MAIN, "text": "Saved.", "follow_ups": {"1": "Saved too."}, "met": [0]}
    kept = types.get("open").merge(saved, read(data, answer=saved))
    assert kept == {
        "text": data.get("text", "Saved."),
        "aloud": False,
        "follow_ups": {"1": data.get("follow_up", "Saved too.")},
        "met": [0],
    }


def test_the_form_shows_the_saved_answer() -> None:
    form = open_form(answer={**MAIN, "follow_ups": {"0": "Not this.", "1": "This."}})
    assert form["text"].value() == "Mine."
    assert form["follow_up"].value() == "This."


def test_answers_to_follow_ups_do_not_change_the_grade() -> None:
    answer = {**MAIN, "met": [0]}
    grade = types.get("open").grade
    assert grade(OPEN, {**answer, "follow_ups": {"1": "This."}}) == grade(OPEN, answer)
    assert grade(OPEN, {**MAIN, "follow_ups": {"1": "This."}}).fraction is None
