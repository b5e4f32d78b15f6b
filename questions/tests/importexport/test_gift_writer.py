"""What is written as GIFT comes back, and what does not is said; no text is beyond reading."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.content.item import Criterion, Item, Option
from questions.importexport.base import Record, Unreadable
from questions.importexport.gift import read, write
from questions.tests.importexport.strategies import check_round_trip, records, signs
from questions.tests.strategies import items


def test_writing_looks_like_moodles_export():
    item = Item(
        type="multiple_choice",
        stem="Which?",
        explanation="So.",
        difficulty="hard",
        options=(Option("a=b", 1.0, feedback="y"), Option("c", 1.0), Option("%5% d", 0.0)),
    )
    writing = write([Record(item, "web", "which")])
    assert not writing.lost + writing.refused
    assert writing.content.decode() == (
        "$CATEGORY: $course$/top/web\n\n// [id:which] [tag:difficulty:hard] [tag:weights:even]\n"
        "::which::[markdown]Which?{\n"
        "\t~%50%a\\=b#y\n\t~%50%c\n\t~%-100%%5% d\n####So.}\n\n"
    )


def test_a_model_answer_is_written_beneath_the_explanation():
    item = Item(type="open", stem="Why?", explanation="So.", model_answer="Because.")
    writing = write([Record(item)])
    assert not writing.lost + writing.refused
    assert read(writing.content).records == [Record(item)]


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (Item("open", "?", criteria=(Criterion("c"),)), "no place for its rubric"),
        (
            Item("numeric", "?", options=(Option("3", 1.0, tolerance="2%"),)),
            "The tolerance 2% of 3 is written as 0.06.",
        ),
        (Item("numeric", "?", options=(Option("1_000", 1.0),)), "“1_000” is written as “1000”"),
        (Item("single_choice", "?", options=(Option("a", 1.0), Option("b", 1 / 3))), "The weight 0.333333"),
        (
            Item("matching", "?", options=(Option("a", match="b", feedback="c"), Option("d", match="e"))),
            "feedback of “a”",
        ),
        (Item("open", " a\r\nb"), "changes its text"),
    ],
)
def test_what_is_lost_is_said(item, says):
    writing = write([Record(item, slug="one", line=3)])
    assert [(remark.line, remark.name, says in remark.text) for remark in writing.lost] == [(3, "one", True)]
    assert len(read(writing.content).records) == 1


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (Item("ordering", "?", options=(Option("a"), Option("b"))), "no questions of this type"),
        (Item("short_answer", "?", options=(Option("a->b", 1.0),)), "a pair to match"),
        (Item("matching", "?", options=(Option("a->b", match="c"), Option("d", match="e"))), "left side"),
        (Item("numeric", "?", options=(Option("x", 1.0),)), "not a number"),
        (Item("single_choice", "?", options=(Option("a"), Option("b"))), "another kind of question"),
        (Item("open", ""), "asks nothing"),
        (Item("open", "\ud800"), "no text file"),
        (Item("open", "a\0"), "no text has"),
    ],
)
def test_what_gift_cannot_hold_is_refused(item, says):
    writing = write([Record(item)])
    assert writing.content == b""
    assert says in writing.refused[0].text


@given(items, st.sampled_from(["", "debug"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_sound_question_comes_back_as_it_went(item, task):
    record = Record(item, "web/http", "a-name", task)
    writing = write([record])
    if item.type == "ordering":
        assert writing.refused
        return
    assert not writing.refused
    (back,) = read(writing.content).records
    relative = any("%" in option.tolerance for option in item.options)
    feedback = any(option.feedback for option in item.options) and item.type == "matching"
    if item.type != "open" and not relative and not feedback:
        assert not writing.lost
    if not writing.lost:
        assert back == record
    if item.type == "open":
        kept = replace(item, criteria=(), follow_ups=(), sources=())
        assert back == replace(record, item=kept)


@given(st.lists(records(), max_size=3))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_neither_lost_nor_refused_comes_back_equal(found):
    check_round_trip(found, write, read)


@given(st.lists(signs | st.characters(exclude_categories=["Cs"]), max_size=60).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_is_beyond_reading(text):
    try:
        reading = read(text.encode())
    except Unreadable:
        return
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= remark.line <= lines for remark in reading.refused)


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
def test_a_million_signs_are_read_to_the_end(unit):
    for text in (unit, f"Q {{={unit}", f"Q {unit}{{T#{unit}}}"):
        with contextlib.suppress(Unreadable):
            reading = read((text + unit * (1_000_000 // len(unit)) + "}").encode())
            assert all(remark.line >= 1 for remark in reading.refused)
