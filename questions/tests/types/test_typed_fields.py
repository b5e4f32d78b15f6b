"""What was typed, valid or not, comes back into the fields of every type."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.tests.strategies import shown

VALUES = st.lists(st.text(st.characters(codec="utf-8"), max_size=20) | st.integers(-1, 9).map(str), max_size=4)


@given(shown(), st.data())
def test_a_filled_form_submits_what_was_typed(case: tuple, data: st.DataObject) -> None:
    item, order = case
    question_type = types.get(item.type)
    sent = QueryDict(mutable=True)
    for name in question_type.form(item, order).fields:
        sent.setlist(name, data.draw(VALUES))
    typed = question_type.form(item, order, sent).typed()
    form = question_type.form(item, order)
    form.fill(typed)
    again = question_type.form(item, order, sent)
    for name, field in form.fields.items():
        has_nul = "\0" in "".join(sent.getlist(name))
        assert form[name].value() == field.widget.value_from_datadict(sent, {}, name) or has_nul
        assert str(form[name]) == str(again[name]) or again.errors or has_nul


@given(shown())
def test_filling_a_form_changes_no_saved_answer(case: tuple) -> None:
    item, order = case
    question_type = types.get(item.type)
    answer = question_type.key(item)
    before = repr(answer)
    form = question_type.form(item, order, answer=answer)
    form.fill({name: ["1"] for name in form.fields})
    assert repr(answer) == before


def test_characters_that_no_database_stores_are_dropped() -> None:
    form = types.get("open").form(None, [], {"text": "a\0b"})
    assert form.typed()["text"] == ["ab"]
