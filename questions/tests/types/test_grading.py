"""Properties of grading for every type, with any item and any answer."""

import pytest
from django.utils.html import strip_tags
from hypothesis import assume, given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Criterion, Item, Option
from questions.tests.strategies import (
    ITEMS,
    answered,
    items,
    multiple_choices,
    numerics,
    opens,
    orderings,
    short_answers,
    shown,
    texts,
)
from questions.types.open import CAP_WITHOUT_ESSENTIALS


def grade(item: Item, answer: dict) -> float:
    fraction = types.get(item.type).grade(item, answer).fraction
    assert fraction is not None
    return fraction


def test_every_registered_type_is_drawn() -> None:
    assert list(ITEMS) == types.names()


@given(items)
def test_drawn_items_are_sound(item: Item) -> None:
    assert types.get(item.type).problems(item) == []


@given(answered())
def test_fraction_lies_between_0_and_1(case: tuple) -> None:
    item, answer = case
    assert 0 <= grade(item, answer) <= 1


@given(items)
def test_the_key_earns_full_credit(item: Item) -> None:
    assert grade(item, types.get(item.type).key(item)) == 1


@given(answered())
def test_there_is_one_mark_per_option_or_criterion(case: tuple) -> None:
    item, answer = case
    marks = types.get(item.type).grade(item, answer).marks
    things = {"open": len(item.criteria), "matching": len([option for option in item.options if option.text])}
    assert len(marks) == things.get(item.type, len(item.options))


@given(multiple_choices())
def test_choosing_every_option_earns_nothing(item: Item) -> None:
    assert grade(item, {"chosen": list(range(len(item.options)))}) == 0


@given(orderings())
def test_the_reversed_order_earns_nothing(item: Item) -> None:
    assert grade(item, {"order": list(reversed(range(len(item.options))))}) == 0


@given(orderings(), st.data())
def test_only_the_right_order_earns_full_credit(item: Item, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(item.options))))
    assert (grade(item, {"order": order}) == 1) == (order == sorted(order))


@given(shown(), st.randoms(use_true_random=False), st.data())
def test_the_order_shown_does_not_matter(case: tuple, random: object, data: st.DataObject) -> None:
    """The same choice, submitted from two pages that show the options in different orders, is the same answer."""
    item, order = case
    question_type = types.get(item.type)
    other = question_type.order(item, random)  # type: ignore[arg-type]
    key = {name: value for name, value in question_type.key(item).items() if name != "met"}
    first = question_type.form(item, order, data=sent(item, order, key))
    second = question_type.form(item, other, data=sent(item, other, key))
    assert first.is_valid() and second.is_valid()
    assert first.answer() == second.answer() == key


def sent(item: Item, order: list[int], answer: dict) -> dict:
    """Return the data that a browser submits from a page that shows that answer."""
    form = types.get(item.type).form(item, order, answer=answer)
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}


@given(shown(), st.data())
def test_the_saved_option_is_the_one_beside_the_button(case: tuple, data: st.DataObject) -> None:
    item, order = case
    form = types.get(item.type).form(item, order, data={})
    if "choice" in form.fields:
        value, text = data.draw(st.sampled_from(form.fields["choice"].choices))
        picked = types.get(item.type).form(item, order, data={"choice": [value] if takes_several(item) else value})
        assert picked.is_valid()
        assert [item.options[index].text for index in (picked.answer() or {})["chosen"]] == [text]
    elif item.type == "matching":
        row = data.draw(st.sampled_from(list(form.fields)))
        value, text = data.draw(st.sampled_from(form.fields[row].choices[1:]))
        picked = types.get(item.type).form(item, order, data={row: value})
        assert picked.is_valid()
        place = [option.text for option in item.options].index(form.fields[row].label)
        chosen = (picked.answer() or {})["matches"]
        assert list(dict.fromkeys(option.match for option in item.options))[chosen[place]] == text
        assert [number for number in chosen if number is not None] == [chosen[place]]
    elif item.type == "ordering":
        data_sent = {name: str(number) for number, name in enumerate(form.fields, 1)}
        picked = types.get(item.type).form(item, order, data=data_sent)
        assert picked.is_valid()
        labels = [field.label for field in form.fields.values()]
        assert [item.options[index].text for index in (picked.answer() or {})["order"]] == labels
    elif item.type == "find_lines":
        line = data.draw(st.sampled_from([line for line in form.listing() if line.checkbox]))
        picked = types.get(item.type).form(item, order, data={"line": [line.checkbox.data["value"]]})
        assert picked.is_valid()
        assert picked.answer() == {"lines": [line.number]}
        assert item.code.split("\n")[line.number - 1].strip() in strip_tags(line.html)


def takes_several(item: Item) -> bool:
    """Return whether a field of the type takes several values."""
    return item.type in ("multiple_choice", "find_lines")


@given(shown())
def test_an_empty_form_is_no_answer(case: tuple) -> None:
    item, order = case
    form = types.get(item.type).form(item, order, data={})
    assert form.is_valid()
    assert form.answer() is None


@given(shown(), texts)
def test_a_forged_option_is_refused(case: tuple, forged: str) -> None:
    item, order = case
    form = types.get(item.type).form(item, order, data={})
    names = [name for name in form.fields if hasattr(form.fields[name], "choices")]
    assume(names and forged.strip() not in {str(number) for number in range(1, 13)})
    data = dict.fromkeys(names, [forged] if takes_several(item) else forged)
    assert not types.get(item.type).form(item, order, data=data).is_valid()


@given(short_answers(), st.data())
def test_short_answers_ignore_white_space_and_by_default_case(item: Item, data: st.DataObject) -> None:
    accepted = item.options[0].text
    padded = data.draw(st.sampled_from([f"  {accepted}\t", f"{accepted}\n", accepted]))
    assert grade(item, {"text": padded}) == 1
    if not item.case_sensitive:
        assert grade(item, {"text": padded.upper()}) == 1


def test_case_matters_for_case_sensitive_questions() -> None:
    item = Item(type="short_answer", stem="?", case_sensitive=True, options=(Option("Pydantic", 1.0),))
    assert grade(item, {"text": "pydantic"}) == 0


def test_short_answers_are_compared_in_nfkc() -> None:
    item = Item(type="short_answer", stem="?", options=(Option("file", 1.0),))
    assert grade(item, {"text": "ﬁle"}) == 1


@pytest.mark.parametrize(
    ("tolerance", "given_text", "fraction"),
    [("0.5", "100.5", 1), ("0.5", "100.51", 0), ("2%", "98", 1), ("2%", "97.9", 0), ("", "1e2", 1), ("", "100,0", 1)],
)
def test_numbers_are_accepted_within_their_tolerance(tolerance: str, given_text: str, fraction: float) -> None:
    item = Item(type="numeric", stem="?", options=(Option("100", 1.0, tolerance=tolerance),))
    assert grade(item, {"text": given_text}) == fraction


@given(numerics())
def test_the_greatest_weight_of_overlapping_values_counts(item: Item) -> None:
    wide = Item(type="numeric", stem="?", options=(Option(item.options[0].text, 0.5, tolerance="5"), *item.options))
    assert grade(wide, {"text": item.options[0].text}) == 1


@pytest.mark.parametrize("text", ["abc", "1,500", "1 00", "10²", "1,5.0", "NaN", "inf", "1e9999", "--1", "٣,٥٠٠"])
def test_texts_that_are_no_number_are_a_form_error(text: str) -> None:
    item = Item(type="numeric", stem="?", options=(Option("100", 1.0),))
    form = types.get("numeric").form(item, [], data={"text": text})
    assert not form.is_valid()
    assert "1000.5" in str(form.errors["text"])


@given(opens(), st.data())
def test_a_missing_essential_criterion_caps_the_grade_at_half(item: Item, data: st.DataObject) -> None:
    met = data.draw(st.sets(st.integers(0, len(item.criteria) - 1)))
    essential = {index for index, criterion in enumerate(item.criteria) if criterion.essential}
    assume(not essential <= met)
    assert grade(item, {"text": "", "aloud": True, "met": sorted(met)}) <= CAP_WITHOUT_ESSENTIALS


def test_an_open_answer_has_no_grade_until_it_is_self_graded() -> None:
    item = Item(type="open", stem="?", model_answer="m", criteria=(Criterion("c"),))
    assert types.get("open").grade(item, {"text": "mine", "aloud": False}).fraction is None


def test_editing_an_open_answer_keeps_the_criteria_met() -> None:
    old = {"text": "old", "aloud": False, "met": [0]}
    assert types.get("open").merge(old, {"text": "new", "aloud": False})["met"] == [0]


def test_matching_earns_the_share_of_right_pairs() -> None:
    options = (Option("a", match="1"), Option("b", match="2"), Option("", match="3"))
    item = Item(type="matching", stem="?", options=options)
    assert grade(item, {"matches": [0, 2]}) == 0.5
    assert grade(item, {"matches": [None, 1]}) == 0.5


def test_a_wrong_option_costs_its_share() -> None:
    weights = [1.0, 1.0, 0.0, 0.0]
    options = tuple(Option(str(place), weight) for place, weight in enumerate(weights))
    item = Item(type="multiple_choice", stem="?", options=options)
    assert grade(item, {"chosen": [0, 1, 2]}) == 0.5
    assert grade(item, {"chosen": [0]}) == 0.5
    assert grade(item, {"chosen": [2, 3]}) == 0


def test_duplicate_numbers_are_a_form_error() -> None:
    item = Item(type="ordering", stem="?", options=(Option("a"), Option("b")))
    form = types.get("ordering").form(item, [1, 0], data={"row-1": "1", "row-2": "1"})
    assert not form.is_valid()
    assert "Number 1 is used twice" in str(form.non_field_errors())


def test_missing_numbers_are_a_form_error() -> None:
    item = Item(type="ordering", stem="?", options=(Option("a"), Option("b")))
    form = types.get("ordering").form(item, [1, 0], data={"row-1": "1"})
    assert not form.is_valid()
    assert form.non_field_errors() == ["Give “a” a number, too."]


@pytest.mark.parametrize(("name", "limit"), [("short_answer", 500), ("numeric", 500), ("open", 20_000)])
def test_too_long_texts_are_refused_with_the_limit(name: str, limit: int) -> None:
    item = Item(type=name, stem="?", options=(Option("1", 1.0),))
    form = types.get(name).form(item, [], data={"text": "1" * (limit + 1)})
    assert not form.is_valid()
    assert str(limit) in str(form.errors["text"]).replace(",", "")
