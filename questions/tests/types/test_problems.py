"""Problems that each type finds in an item."""

import pytest

from questions import types
from questions.content.item import Criterion, Item, Option

RIGHT, WRONG = Option("a", 1.0), Option("b", 0.0)


@pytest.mark.parametrize(
    ("item", "field", "words"),
    [
        (Item("single_choice", "?", options=(RIGHT,)), "options", "at least 2 options"),
        (Item("single_choice", "?", options=(WRONG, Option("c"))), "options", "exactly one right option"),
        (Item("single_choice", "?", options=(RIGHT, Option("c", 1.0))), "options", "exactly one right option"),
        (Item("single_choice", "?", options=(RIGHT, Option("a"))), "options", "same text: “a”"),
        (Item("single_choice", "?", options=(RIGHT, Option(""))), "options", "Option 2 has no text"),
        (Item("multiple_choice", "?", options=(Option(" \n", 1.0), WRONG)), "options", "Option 1 has no text"),
        (Item("true_false", "?", options=(RIGHT, Option(""))), "options", "Option 2 has no text"),
        (Item("short_answer", "?", options=(RIGHT, Option(""))), "options", "Option 2 has no text"),
        (Item("ordering", "?", options=(Option("a"), Option(""))), "options", "Option 2 has no text"),
        (Item("single_choice", "?", options=(RIGHT, Option("c", -0.5))), "options", "between 0 and 1"),
        (Item("true_false", "?", options=(RIGHT, WRONG, Option("c"))), "options", "exactly two"),
        (Item("true_false", "?", options=(RIGHT, Option("c", 1.0))), "options", "one of weight 0"),
        (Item("multiple_choice", "?", options=(WRONG, Option("c"))), "options", "at least one right"),
        (Item("multiple_choice", "?", options=(RIGHT, Option("c", 1.0))), "options", "at least one wrong"),
        (Item("multiple_choice", "?", options=(Option("a", 0.5), Option("c", -0.5))), "options", "add up to 0.5"),
        (
            Item("multiple_choice", "?", options=(Option("a", 0.5), Option("d", 0.5), Option("c", -0.5))),
            "options",
            "must cost as much",
        ),
        (Item("short_answer", "?", options=(WRONG,)), "options", "accepted answer of weight 1"),
        (Item("short_answer", "?", options=(RIGHT, Option(" A "))), "options", "same apart from case or white space"),
        (Item("numeric", "?", options=(Option("abc", 1.0),)), "options", "“abc” is not a number"),
        (
            Item("numeric", "?", options=(Option("1", 1.0, tolerance="much"),)),
            "options",
            "“much” is not a valid tolerance",
        ),
        (Item("numeric", "?", options=(Option("1", 1.0, tolerance="-1"),)), "options", "“-1” is not a valid tolerance"),
        (Item("numeric", "?", options=(Option("1"),)), "options", "accepted value of weight 1"),
        (Item("numeric", "?", units="ms", options=(Option("1 ms", 1.0),)), "options", "in ms, without the unit"),
        (Item("numeric", "?", units="ms, s", options=(Option("1", 1.0),)), "units", "“s = 1000 ms”"),
        (Item("ordering", "?", options=(WRONG,)), "options", "at least 2"),
        (Item("matching", "?", options=(Option("a", match="1"), Option("", match="2"))), "options", "two pairs"),
        (Item("matching", "?", options=(Option("a", match="1"), Option("b"))), "options", "needs a match"),
        (
            Item("matching", "?", options=(Option("a", match="1"), Option("b", match="1"))),
            "options",
            "two different matches",
        ),
        (Item("open", "?", criteria=(Criterion("c"),)), "model_answer", "model answer"),
        (Item("open", "?", model_answer="m"), "criteria", "at least one criterion"),
        (Item("open", "?", model_answer="m", criteria=(Criterion("c", 0.0),)), "criteria", "above 0"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_problem_names_its_field(item: Item, field: str, words: str) -> None:
    found = types.get(item.type).problems(item)
    assert any(problem.field == field and words in problem.message for problem in found), found
