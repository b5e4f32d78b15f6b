"""Aiken: single choice with its key; everything else is refused or said to be lost."""

import contextlib
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.content.item import Item, Option
from questions.importexport.aiken import read, write
from questions.importexport.base import Record, Unreadable
from questions.tests.importexport.strategies import check_round_trip, records, signs
from questions.tests.strategies import ITEMS

YES_NO = (Option("yes", 1.0), Option("no"))


def test_questions_are_read_with_both_signs_and_the_key():
    reading = read(b"\nWhich\nof these?\nA. one\nB) two\nANSWER: B\nYes?\nA) yes\n\nB) no\nanswer: a\n")
    assert not reading.refused
    assert reading.records == [
        Record(Item("single_choice", "Which\nof these?", options=(Option("one"), Option("two", 1.0)))),
        Record(Item("single_choice", "Yes?", options=YES_NO)),
    ]
    assert [record.line for record in reading.records] == [2, 7]


def test_a_stem_may_hold_paragraphs_code_and_what_looks_like_an_option():
    (record,) = read(b"B. Brecht\n\nwrote:\n\n```python\nx\n\ny\n```\nA. yes\nB. no\nANSWER: A").records
    assert record.item == Item(
        "single_choice", "B. Brecht\n\nwrote:", code="x\n\ny", code_language="python", options=YES_NO
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("Q\nA. yes\nB. no\nANSWER: C", 4, "none of its options"),
        ("Q\nA. yes\nB. no\nANSWER:", 4, "none of its options"),
        ("Q\nA. yes\nB. no\nANSWER: A, B", 4, "none of its options"),
        ("Q\nA. yes\nANSWER: A", 3, "fewer than two"),
        ("\nA. yes\nB. no\nANSWER: A", 4, "asks nothing"),
        ("Q\nA. yes\nB. no", 1, "nor its answer"),
        ("\nQ\n", 2, "no options"),
    ],
)
def test_what_is_malformed_is_refused_with_its_line(text, line, says):
    reading = read(text.encode())
    assert not reading.records
    assert [(remark.line, says in remark.text) for remark in reading.refused] == [(line, True)]


def test_reading_goes_on_after_a_question_without_an_answer():
    reading = read(b"Q1\nA. yes\nB. no\n\nQ2\nA. yes\nB. no\nANSWER: A\n")
    assert [(remark.line, remark.name) for remark in reading.refused] == [(1, "Q1")]
    assert [record.item.stem for record in reading.records] == ["Q2"]


def test_what_aiken_cannot_hold_is_said():
    item = Item("single_choice", "Q", difficulty="hard", options=(Option("yes", 1.0, feedback="f"), Option("no", 0.5)))
    writing = write([Record(item, "web", "one", line=2)])
    assert writing.content == b"Q\nA. yes\nB. no\nANSWER: A\n"
    assert [(remark.line, remark.name) for remark in writing.lost] == [(2, "one")] * 3
    assert [remark.text for remark in writing.lost] == [
        "Aiken has no place for its topic, its name, its difficulty.",
        "The feedback of “yes” is lost.",
        "The weight 0.5 of “no” is written as 0.",
    ]


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (Item("numeric", "Q", options=(Option("1", 1.0),)), "single choice questions only"),
        (Item("single_choice", "Q", options=(Option("a"), Option("b"))), "one right option"),
        (Item("single_choice", "Q", options=(Option("x", 1.0), *(Option(str(n)) for n in range(26)))), "at most 26"),
        (Item("single_choice", "Q", options=(Option("a\nb", 1.0), Option("b"))), "could not be read again"),
        (Item("single_choice", "ANSWER: A", options=YES_NO), "could not be read again"),
    ],
)
def test_what_aiken_cannot_write_is_refused(item, says):
    writing = write([Record(item)])
    assert writing.content == b""
    assert says in writing.refused[0].text


@given(ITEMS["single_choice"])
@settings(max_examples=60, deadline=None)
def test_a_plain_single_choice_comes_back_as_it_went(item):
    options = tuple(replace(option, weight=float(option.weight == 1), feedback="") for option in item.options)
    record = Record(replace(item, options=options))
    writing = write([record])
    assert not writing.lost + writing.refused
    assert read(writing.content).records == [record]


@given(st.lists(records(), max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_neither_lost_nor_refused_comes_back_equal(found):
    check_round_trip(found, write, read)


@given(st.lists(signs | st.sampled_from(["\nA. a", "\nB) b", "\nANSWER: A", "\n"]), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_no_text_is_beyond_reading(text):
    reading = read(text.encode())
    assert all(1 <= remark.line <= text.count("\n") + 1 for remark in reading.refused)


@pytest.mark.parametrize("unit", ["A. ", "A. a\n", "ANSWER: A\n", "\n", "Q\nA. a\nB. b\nANSWER: A\n", "\n\n```\nx"])
def test_the_time_grows_with_the_size_only(unit):
    start = time.monotonic()
    with contextlib.suppress(Unreadable):
        read((unit * (1_000_000 // len(unit)) + "\nA. a\nB. b\nANSWER: A").encode())
    assert time.monotonic() - start < 5
