"""GIFT export: questions round-trip, losses are reported, and any text can be read."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.content.item import Criterion, Item, Option
from questions.importexport.base import Record, UnreadableFile
from questions.importexport.gift import read, write
from questions.tests.importexport.strategies import check_round_trip, records, special_characters
from questions.tests.strategies import items


def test_output_looks_like_moodles_export():
    item = Item(
        type="multiple_choice",
        stem="Which?",
        explanation="So.",
        difficulty="hard",
        options=(Option("a=b", 1.0, feedback="y"), Option("c", 1.0), Option("%5% d", 0.0)),
    )
    exported = write([Record(item, "web", "which")])
    assert not exported.losses + exported.refused
    assert exported.content.decode() == (
        "$CATEGORY: $course$/top/web\n\n// [id:which] [tag:difficulty:hard] [tag:weights:even]\n"
        "::which::[markdown]Which?{\n"
        "\t~%50%a\\=b#y\n\t~%50%c\n\t~%-100%%5% d\n####So.}\n\n"
    )


def test_model_answer_follows_the_explanation():
    item = Item(type="open", stem="Why?", explanation="So.", model_answer="Because.")
    exported = write([Record(item)])
    assert not exported.losses + exported.refused
    assert read(exported.content).records == [Record(item)]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (Item("open", "?", criteria=(Criterion("c"),)), "does not store its rubric"),
        (
            Item("numeric", "?", options=(Option("3", 1.0, tolerance="2%"),)),
            "The tolerance 2% of 3 is written as 0.06.",
        ),
        (Item("numeric", "?", options=(Option("1_000", 1.0),)), "“1_000” is written as “1000”"),
        (Item("numeric", "?", units="ms", options=(Option("3", 1.0),)), "GIFT does not store its units."),
        (Item("single_choice", "?", options=(Option("a", 1.0), Option("b", 1 / 3))), "The weight 0.333333"),
        (
            Item("matching", "?", options=(Option("a", match="b", feedback="c"), Option("d", match="e"))),
            "feedback of “a”",
        ),
        (Item("open", " a\r\nb"), "changes its stem"),
    ],
)
def test_losses_are_reported(item, message):
    exported = write([Record(item, slug="one", line=3)])
    assert [(issue.line, issue.name, message in issue.text) for issue in exported.losses] == [(3, "one", True)]
    assert len(read(exported.content).records) == 1


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (Item("ordering", "?", options=(Option("a"), Option("b"))), "does not support this question type"),
        (Item("short_answer", "?", options=(Option("a->b", 1.0),)), "a matching pair"),
        (Item("matching", "?", options=(Option("a->b", match="c"), Option("d", match="e"))), "left side"),
        (Item("numeric", "?", options=(Option("x", 1.0),)), "not a number"),
        (Item("single_choice", "?", options=(Option("a"), Option("b"))), "another type of question"),
        (Item("open", ""), "no question text"),
        (Item("open", "\ud800"), "no text file"),
        (Item("open", "a\0"), "not a text file"),
    ],
)
def test_question_that_gift_cannot_express_is_refused(item, message):
    exported = write([Record(item)])
    assert exported.content == b""
    assert message in exported.refused[0].text


@given(items, st.sampled_from(["", "debug"]))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_valid_question_round_trips(item, task):
    record = Record(item, "web/http", "a-name", task)
    exported = write([record])
    if item.type == "ordering":
        assert exported.refused
        return
    assert not exported.refused
    (back,) = read(exported.content).records
    relative = any("%" in option.tolerance for option in item.options)
    feedback = any(option.feedback for option in item.options) and item.type == "matching"
    if item.type != "open" and not relative and not feedback and not item.units:
        assert not exported.losses
    if not exported.losses:
        assert back == record
    if item.type == "open":
        kept = replace(item, criteria=(), follow_ups=(), sources=())
        assert back == replace(record, item=kept)


@given(st.lists(records(), max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_records_without_losses_round_trip(found):
    check_round_trip(found, write, read)


@given(st.lists(special_characters | st.characters(exclude_categories=["Cs"]), max_size=60).map("".join))
def test_any_text_can_be_read(text):
    try:
        parsed = read(text.encode())
    except UnreadableFile:
        return
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= issue.line <= lines for issue in parsed.refused)


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "}",
        "=a->",
        "~%5",
        "\\",
        "#",
        ":",
        "[tag:",
        "// [tag:[id:",
        "Q {T}\n\n",
        "\n\n```\nx",
        "a\n",
        "*_`",
        "[html]<b>",
    ],
)
def test_a_million_characters_are_read_to_the_end(unit):
    for text in (unit, f"Q {{={unit}", f"Q {unit}{{T#{unit}}}"):
        with contextlib.suppress(UnreadableFile):
            parsed = read((text + unit * (1_000_000 // len(unit)) + "}").encode())
            assert all(issue.line >= 1 for issue in parsed.refused)
