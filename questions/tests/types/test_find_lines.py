"""Lines to find: docs/grading.md says what an answer earns, and the table there is the test."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Item, Option
from questions.content.markdown import highlighted_lines
from questions.tests.strategies import listings
from questions.types.find_lines import FindLinesForm
from questions.types.listing import lines_of, named_lines, selectable_lines

ROW = re.compile(r"^\| `([^`]+\([\d.]+\))` \| (?:`([\d, ]+)`|all) \| ([\d.]+) \|$", re.MULTILINE)
ROWS = ROW.findall((settings.BASE_DIR / "docs" / "grading.md").read_text())
LINES = types.get("find_lines")
CODE = "\n".join(f"line_{number}()" for number in range(1, 21))
BUGGY = Item(
    "find_lines",
    "?",
    code="def total(found=[]):\n    found += 1,\n\n    return sum(found)\n\nprint(total())\nprint(total())",
    code_language="python",
    options=(Option("1-2", 0.7, feedback="Shared."), Option("6", 0.3), Option("4", feedback="Fine.")),
)


def item_with(*options: Option, code: str = CODE) -> Item:
    return Item("find_lines", "?", code=code, options=options)


def grade(item: Item, *lines: int) -> float | None:
    return LINES.grade(item, {"lines": list(lines)}).fraction


def test_the_table_is_read() -> None:
    assert len(ROWS) == 19


@pytest.mark.parametrize(("options", "selected", "expected"), ROWS)
def test_the_documented_fraction(options: str, selected: str, expected: str) -> None:
    parts = re.findall(r"([\d-]+) \(([\d.]+)\)", options)
    item = item_with(*(Option(text, float(weight)) for text, weight in parts))
    assert LINES.problems(item) == []
    lines = [int(number) for number in selected.split(",")] if selected else range(1, 21)
    assert grade(item, *lines) == float(expected)


@given(listings())
def test_selecting_all_lines_earns_nothing(item: Item) -> None:
    assert grade(item, *selectable_lines(item)) == 0


@given(listings(), st.data())
def test_another_right_line_never_costs_and_a_wrong_one_never_earns(item: Item, data: st.DataObject) -> None:
    numbers = st.sampled_from(selectable_lines(item))
    lines, more = data.draw(st.sets(numbers, min_size=1)), data.draw(numbers)
    right = any(more in (named_lines(option.text) or ()) for option in item.options if option.weight > 0)
    before, after = grade(item, *sorted(lines)) or 0, grade(item, *sorted(lines | {more})) or 0
    assert after >= before if right else after <= before


@given(listings())
def test_every_selected_line_is_counted_once_by_option_or_by_number(item: Item) -> None:
    labels = LINES.countable(item)
    counted = [place for number in selectable_lines(item) for place in LINES.picked(item, {"lines": [number]})]
    assert set(counted) == set(range(len(labels)))
    assert LINES.picked(item, {"lines": selectable_lines(item)}) == list(range(len(labels)))


CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\r\t '#\"")


@given(st.text(CHARACTERS), st.sampled_from(["python", "text", "sql", ""]))
def test_each_line_is_highlighted_on_its_own(code: str, language: str) -> None:
    if code.strip():
        assert len(highlighted_lines(code, language)) == len(lines_of(code))
    assert all(line.count("<span") == line.count("</span>") for line in highlighted_lines(code, language))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([Option("0", 1)], "“0” is not a line"),
        ([Option("seven", 1)], "“seven” is not a line. Write its number, such as 7"),
        ([Option("8-7", 1)], "“8-7” is not a line"),
        ([Option("8", 1)], "“8” is outside the listing, which ends at line 7."),
        ([Option("5-8", 1)], "“5-8” is outside"),
        ([Option("3", 1)], "“3” is blank"),
        ([Option("1-2", 1), Option("2", 0)], "“1-2” and “2” overlap"),
        ([Option("1")], "at least one right line"),
        ([], "at least 1 option"),
        ([Option("1", 0.5), Option("2", 0.4)], "add up to 0.9"),
        ([Option("1", 1), Option("2", 0.5)], "add up to 1.5"),
        ([Option("1", -1), Option("2", 1)], "between 0 and 1"),
        ([Option("1", 1), Option("2", 1), Option("4", 1)], "Selecting all lines would earn credit"),
        ([Option("1", 0.9), Option("2", 0.1)], "Selecting all lines would earn credit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unfair_options_are_problems(options: list[Option], message: str) -> None:
    found = LINES.problems(item_with(*options, code=BUGGY.code))
    assert any(problem.field == "options" and message in problem.message for problem in found), found


def test_a_listing_is_needed() -> None:
    assert [problem.field for problem in LINES.problems(item_with(Option("1", 1), code=" \n"))] == ["code"]


def test_blank_lines_cannot_be_selected() -> None:
    form = LINES.form(BUGGY, [], answer={"lines": [2]})
    assert isinstance(form, FindLinesForm)
    assert [line.number for line in form.listing() if line.checkbox] == [1, 2, 4, 6, 7]
    assert [line.number for line in form.listing() if line.checkbox and line.checkbox.data["selected"]] == [2]
    assert not LINES.form(BUGGY, [], data={"line": ["3"]}).is_valid()
    assert not LINES.is_valid_answer(BUGGY, {"lines": [3]})


@pytest.mark.parametrize("lines", [[], [2, 1], [1, 1], [0], [8], [True], ["1"], None])
def test_invalid_answers_are_rejected(lines: object) -> None:
    assert not LINES.is_valid_answer(BUGGY, {"lines": lines})


def test_the_form_says_nothing_about_the_key() -> None:
    other = replace(BUGGY, options=(Option("7", 1), Option("2")))
    assert str(LINES.form(BUGGY, [])) == str(LINES.form(other, []))


def test_each_line_is_reviewed_with_what_it_earned_or_cost() -> None:
    found = LINES.review(BUGGY, [], {"lines": [2, 4, 7]})
    told = [(line.number, line.label, line.right, line.is_found, line.worth) for line in found if line.label]
    assert told == [
        (2, "Lines 1–2", True, True, 70),
        (4, "Line 4", False, True, 30),
        (6, "Line 6", True, False, 30),
        (7, "Line 7", False, True, 30),
    ]
    assert [line.number for line in found if line.is_found] == [1, 2, 4, 7]
    assert [line.option.feedback for line in found] == ["Shared.", "Shared.", "", "Fine.", "", "", ""]


@pytest.mark.parametrize(
    ("code", "lines", "becomes"),
    [
        (BUGGY.code, [2, 4], [2, 4]),
        (f"import sys\n\n{BUGGY.code}", [2, 4], [4, 6]),
        (BUGGY.code.replace("sum(found)", "len(found)"), [2], [2]),
        (BUGGY.code.replace("sum(found)", "len(found)"), [2, 4], None),
        (BUGGY.code.replace("print(total())", "total()", 1), [7], None),
        ("", [2], None),
    ],
)
def test_an_answer_is_transferred_if_its_lines_are_the_same(code: str, lines: list, becomes: list | None) -> None:
    carried = LINES.transfer({"lines": lines}, BUGGY, replace(BUGGY, code=code))
    assert carried == (becomes and {"lines": becomes})


def test_answers_and_options_in_words() -> None:
    assert LINES.as_text(BUGGY, {"lines": [2]}) == "Line 2"
    assert LINES.as_text(BUGGY, {"lines": [2, 4]}) == "Lines 2, 4"
    assert LINES.countable(BUGGY) == [
        "Lines 1–2: `def total(found=[]):`",
        "Line 6: `print(total())`",
        "Line 4: `return sum(found)`",
        "Line 7",
    ]


def test_guessing_selects_a_single_line() -> None:
    assert LINES.guess_score(item_with(Option("1", 0.6), Option("2-3", 0.4))) == pytest.approx((0.6 + 2 * 0.4) / 20)
