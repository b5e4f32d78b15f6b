"""Lines to find in GIFT, Moodle XML and Anki files."""

from dataclasses import replace

import pytest

from questions.content.item import Item, Option
from questions.importexport import anki, gift, moodle_xml
from questions.importexport.base import Record

ITEM = Item(
    "find_lines",
    "Which lines are wrong?",
    code="def f(a=[]):\n    return `a`\n\nprint(f())\nprint(2)",
    code_language="python",
    options=(Option("1", 1.0, feedback="Shared."), Option("2-4", 1.0), Option("5", feedback="Fine.")),
)
PARTS = (Option("1", 0.75), Option("2", 0.25))


def written(item: Item, module=gift) -> str:
    exported = module.write([Record(item, "web", "lines")])
    assert (exported.losses, exported.refused) == ([], [])
    return exported.content.decode()


def test_options_say_in_words_which_lines_they_are() -> None:
    assert written(ITEM).endswith(
        "{\n\t~%50%Line 1\\: `def f(a\\=[])\\:`#Shared.\n\t~%50%Lines 2-4\n\t~%-50%Line 5\\: `print(2)`#Fine.\n}\n\n"
    )


def test_moodle_gets_a_multiple_choice_whose_wrong_lines_cost_the_smallest_share() -> None:
    parts = replace(ITEM, options=(*PARTS, Option("5")))
    text = written(parts, moodle_xml)
    assert 'type="multichoice"' in text and "type:find_lines" in text
    assert [f'fraction="{share}"' in text for share in ("75", "25", "-25")] == [True] * 3


@pytest.mark.parametrize("module", [gift, moodle_xml])
@pytest.mark.parametrize("options", [ITEM.options, PARTS, (Option("4", 1.0),), (Option("2 – 4", 1.0), Option("1"))])
def test_our_own_files_are_read_back(module, options: tuple[Option, ...]) -> None:
    record = Record(replace(ITEM, options=options), "web", "lines")
    exported = module.write([record])
    assert (exported.losses, exported.refused) == ([], [])
    assert module.read(exported.content).records == [record]


@pytest.mark.parametrize(("old", "new"), [("[tag:type:find_lines]", ""), ("Lines 2-4", "Some lines")])
def test_other_multiple_choice_stays_what_it_is(old: str, new: str) -> None:
    text = written(ITEM).replace(old, new)
    (record,) = gift.read(text.encode()).records
    assert record.item.type == "multiple_choice"


@pytest.mark.parametrize("module", [gift, moodle_xml])
def test_an_option_that_names_no_line_is_refused(module) -> None:
    exported = module.write([Record(replace(ITEM, options=(Option("9", 1.0),)))])
    assert "“9” is not a line of its code" in exported.refused[0].text


def test_an_anki_card_numbers_the_lines_and_hides_which_are_asked_about() -> None:
    question = anki._question(ITEM)
    assert '  2      <span class="k">return</span>' in question
    assert "<li>" not in question
    answer = anki._answer(ITEM)
    assert answer.index("✓ Line 1") < answer.index("✓ Lines 2–4") < answer.index("✗ Line 5")
