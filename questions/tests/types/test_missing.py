"""Forms say what an answer lacks before it is graded: lines without a match, lines without a number."""

import pytest
from hypothesis import given

from questions import types
from questions.content.item import Item, Option
from questions.tests.strategies import shown
from questions.tests.types.test_grading import sent
from questions.types import AnswerForm

LANGUAGES = (
    "Fortran",
    "**Lisp** &amp; `friends`",
    "C",
    "Simula",
    "A language with a name that is longer than what fits",
)
MATCHING = Item("matching", "?", options=tuple(Option(name, match=str(n)) for n, name in enumerate(LANGUAGES)))
ORDERING = Item("ordering", "?", options=tuple(Option(name) for name in LANGUAGES))


def form(item: Item, *chosen: int) -> AnswerForm:
    """Return the form with these rows filled in, each with its own number."""
    return types.get(item.type).form(item, range(5), {f"row-{row}": str(row) for row in chosen})


@pytest.mark.parametrize(
    ("chosen", "matching", "ordering"),
    [
        ([], "Choose a match for each line.", "Give each line a number."),
        (
            [4],
            "Choose a match for “Fortran” and 3 more lines.",
            "Give “Fortran” and 3 more lines a number, too.",
        ),
        (
            [1, 3, 4],
            "Choose a match for “Lisp & friends” and 1 more line.",
            "Give “Lisp & friends” and 1 more line a number, too.",
        ),
        (
            [1, 2, 3, 4],
            "Choose a match for “A language with a name that is longer t…”.",
            "Give “A language with a name that is longer t…” a number, too.",
        ),
        ([1, 2, 3, 4, 5], "", ""),
    ],
)
def test_missing_lines_are_named(chosen: list[int], matching: str, ordering: str) -> None:
    match_form, order_form = form(MATCHING, *chosen), form(ORDERING, *chosen)
    assert match_form.is_valid()
    assert match_form.missing() == matching
    # A part of an order cannot be saved: the form says so itself, and only once.
    errors = list(order_form.non_field_errors())
    assert errors == ([ordering] if 0 < len(chosen) < 5 else [])
    assert order_form.missing() == ("" if errors else ordering)


def test_part_of_the_pairs_can_be_saved_all_the_same() -> None:
    partial = form(MATCHING, 2)
    assert partial.is_valid()
    assert partial.answer() == {"matches": [None, 1, None, None, None]}


def test_errors_come_first() -> None:
    forged = types.get("matching").form(MATCHING, range(5), {"row-1": "99"})
    assert not forged.is_valid()
    assert forged.missing() == ""
    twice = types.get("ordering").form(ORDERING, range(5), {"row-1": "1", "row-2": "1"})
    assert list(twice.non_field_errors()) == ["Number 1 is used twice. Give each line its own number."]
    assert twice.missing() == ""


def test_line_without_words_is_quoted_as_written() -> None:
    item = Item("matching", "?", options=(Option("***", match="a"), Option("b", match="b")))
    assert types.get("matching").form(item, [0, 1], {"row-2": "1"}).missing() == "Choose a match for “***”."


@given(shown())
def test_complete_answer_lacks_nothing(case: tuple) -> None:
    item, order = case
    key = {name: value for name, value in types.get(item.type).key(item).items() if name != "met"}
    assert types.get(item.type).form(item, order, sent(item, order, key)).missing() == ""
