"""Aiken import and export: single choice questions with their key; everything else is refused or reported as lost."""

import contextlib
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.content.item import Item, Option
from questions.importexport.aiken import read, write
from questions.importexport.base import Record, UnreadableFile
from questions.tests.importexport.strategies import check_round_trip, records, special_characters
from questions.tests.strategies import ITEMS

YES_NO = (Option("yes", 1.0), Option("no"))


def test_options_may_use_a_point_or_a_parenthesis():
    parsed = read(b"\nWhich\nof these?\nA. one\nB) two\nANSWER: B\nYes?\nA) yes\n\nB) no\nanswer: a\n")
    assert not parsed.refused
    assert parsed.records == [
        Record(Item("single_choice", "Which\nof these?", options=(Option("one"), Option("two", 1.0)))),
        Record(Item("single_choice", "Yes?", options=YES_NO)),
    ]
    assert [record.line for record in parsed.records] == [2, 7]


def test_a_stem_may_have_paragraphs_code_and_a_line_like_an_option():
    (record,) = read(b"B. Brecht\n\nwrote:\n\n```python\nx\n\ny\n```\nA. yes\nB. no\nANSWER: A").records
    assert record.item == Item(
        "single_choice", "B. Brecht\n\nwrote:", code="x\n\ny", code_language="python", options=YES_NO
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Q\nA. yes\nB. no\nANSWER: C", 4, "not one of its options"),
        ("Q\nA. yes\nB. no\nANSWER:", 4, "not one of its options"),
        ("Q\nA. yes\nB. no\nANSWER: A, B", 4, "not one of its options"),
        ("Q\nA. yes\nANSWER: A", 3, "fewer than two"),
        ("\nA. yes\nB. no\nANSWER: A", 4, "no question text"),
        ("Q\nA. yes\nB. no", 1, "nor its answer"),
        ("\nQ\n", 2, "no options"),
    ],
)
def test_malformed_question_is_refused_with_its_line(text, line, message):
    parsed = read(text.encode())
    assert not parsed.records
    assert [(issue.line, message in issue.text) for issue in parsed.refused] == [(line, True)]


def test_reading_continues_after_a_question_without_an_answer():
    parsed = read(b"Q1\nA. yes\nB. no\n\nQ2\nA. yes\nB. no\nANSWER: A\n")
    assert [(issue.line, issue.name) for issue in parsed.refused] == [(1, "Q1")]
    assert [record.item.stem for record in parsed.records] == ["Q2"]


def test_losses_are_reported():
    item = Item("single_choice", "Q", difficulty="hard", options=(Option("yes", 1.0, feedback="f"), Option("no", 0.5)))
    exported = write([Record(item, "web", "one", line=2)])
    assert exported.content == b"Q\nA. yes\nB. no\nANSWER: A\n"
    assert [(issue.line, issue.name) for issue in exported.losses] == [(2, "one")] * 3
    assert [issue.text for issue in exported.losses] == [
        "Aiken does not store its topic, its slug, its difficulty.",
        "The feedback of “yes” is lost.",
        "The weight 0.5 of “no” is written as 0.",
    ]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (Item("numeric", "Q", options=(Option("1", 1.0),)), "single choice questions only"),
        (Item("single_choice", "Q", options=(Option("a"), Option("b"))), "one right option"),
        (Item("single_choice", "Q", options=(Option("x", 1.0), *(Option(str(n)) for n in range(26)))), "at most 26"),
        (Item("single_choice", "Q", options=(Option("a\nb", 1.0), Option("b"))), "could not be imported again"),
        (Item("single_choice", "ANSWER: A", options=YES_NO), "could not be imported again"),
    ],
)
def test_question_that_aiken_cannot_express_is_refused(item, message):
    exported = write([Record(item)])
    assert exported.content == b""
    assert message in exported.refused[0].text


@given(ITEMS["single_choice"])
def test_plain_single_choice_round_trips(item):
    options = tuple(replace(option, weight=float(option.weight == 1), feedback="") for option in item.options)
    record = Record(replace(item, options=options))
    exported = write([record])
    assert not exported.losses + exported.refused
    assert read(exported.content).records == [record]


@given(st.lists(records(), max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_records_without_losses_round_trip(found):
    check_round_trip(found, write, read)


@given(
    st.lists(special_characters | st.sampled_from(["\nA. a", "\nB) b", "\nANSWER: A", "\n"]), max_size=40).map("".join)
)
def test_any_text_can_be_read(text):
    parsed = read(text.encode())
    assert all(1 <= issue.line <= text.count("\n") + 1 for issue in parsed.refused)


@pytest.mark.parametrize("unit", ["A. ", "A. a\n", "ANSWER: A\n", "\n", "Q\nA. a\nB. b\nANSWER: A\n", "\n\n```\nx"])
def test_reading_takes_linear_time(unit):
    start = time.monotonic()
    with contextlib.suppress(UnreadableFile):
        read((unit * (1_000_000 // len(unit)) + "\nA. a\nB. b\nANSWER: A").encode())
    assert time.monotonic() - start < 5
