"""Our own fixtures: what is written is read again, what is bad is named with its line."""

from contextlib import suppress

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from questions.importexport import yaml_fixture
from questions.importexport.base import Record, Unreadable
from questions.quality import entries
from questions.tests.strategies import full_items, slugs

GOOD = """\
- model: questions.question
  fields:
    topic: [web]
    slug: first
    type: single_choice
    stem: Which?
- model: questions.choice
  fields: {question: [web, first], position: 1, text: This, weight: 1}
- model: questions.choice
  fields: {question: [web, first], position: 2, text: That}
"""
FILES = sorted(path for folder in settings.FIXTURE_DIRS for path in folder.glob("*.yaml"))


@given(st.lists(st.builds(Record, full_items, topic=slugs, slug=slugs, task=st.sampled_from(["", "debug"])),
                max_size=3, unique_by=lambda record: (record.topic, record.slug)))  # fmt: skip
def test_what_is_written_is_read_again(records: list[Record]) -> None:
    if not records:
        return
    writing = yaml_fixture.write(records)
    reading = yaml_fixture.read(writing.content)
    assert reading.records == records
    assert not (reading.refused or writing.lost or writing.refused)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_bank_is_read_as_the_gates_read_it(path) -> None:
    reading = yaml_fixture.read(path.read_bytes())
    assert not reading.refused
    assert [(r.topic, r.slug, r.task, r.item) for r in reading.records] == [
        (entry.topic, entry.slug, entry.task, entry.item) for entry in entries.in_files([path])
    ]


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@example("- model: questions.question\n  fields: {topic: [a, b], slug: 7}")
@example("- &a [*a]")
@example("- model: questions.choice\n  fields: {question: x}")
@example(GOOD + "- model: questions.choice\n  fields: 7")
def test_no_text_does_harm(text: str) -> None:
    with suppress(Unreadable):
        yaml_fixture.read(text.encode(errors="replace"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("stem: Which?", "stem: 'Which?", 1, "This is not YAML"),
        ("stem: Which?", "stem: 7", 1, "“stem” is no text"),
        ("stem: Which?", "steam: Which?", 1, "There is no field “steam”"),
        ("text: This, weight: 1", "text: This, weight: much", 1, "“weight” is no number"),
        ("position: 2", "position: 1", 1, "the same position"),
        ("position: 2", "position: last", 1, "a whole number"),
        ("text: That}", "text: That", 1, "Line 9: This is not YAML"),
        ("[web, first], position: 2", "[web, other], position: 2", 1, "does not stand before it"),
        ("    slug: first\n", "", 1, "is named by the slug"),
        ("    type: single_choice\n", "", 1, "A field that it needs is missing"),
    ],
)
def test_a_bad_question_is_named_and_the_others_are_kept(old: str, new: str, line: int, words: str) -> None:
    other = GOOD.replace("first", "second")
    assert old in GOOD
    reading = yaml_fixture.read((GOOD.replace(old, new) + other).encode())
    assert [record.slug for record in reading.records] == ["second"]
    assert reading.refused[0].line == line
    assert words in reading.refused[0].text


def test_the_same_question_twice_is_refused_once() -> None:
    reading = yaml_fixture.read((GOOD + GOOD.split("- model: questions.choice", maxsplit=1)[0]).encode())
    assert [record.slug for record in reading.records] == ["first"]
    assert [(remark.line, "twice" in remark.text) for remark in reading.refused] == [(11, True)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "model: x\n", "[1, 2]", '[{"model": "questions.question"}]'])
def test_what_is_no_fixture_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        yaml_fixture.read(text.encode())


def test_rows_of_other_models_are_passed_over() -> None:
    (record,) = yaml_fixture.read(("- model: questions.topic\n  fields: {slug: web}\n" + GOOD).encode()).records
    assert (record.topic, record.slug, record.line) == ("web", "first", 3)
    assert [option.text for option in record.item.options] == ["This", "That"]
