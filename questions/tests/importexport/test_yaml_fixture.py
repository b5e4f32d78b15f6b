"""YAML fixture import and export: questions round-trip, invalid ones are refused with their line."""

from contextlib import suppress

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from questions.content.item import FollowUpQuestion
from questions.importexport import yaml_fixture
from questions.importexport.base import Record, UnreadableFile
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
FILES = sorted(
    path
    for folder in settings.FIXTURE_DIRS
    for path in folder.glob("*.yaml")
    if "- model: questions.question\n" in path.read_text(encoding="utf-8")
)


@given(st.lists(st.builds(Record, full_items, topic=slugs, slug=slugs, task=st.sampled_from(["", "debug"])),
                max_size=3, unique_by=lambda record: (record.topic, record.slug)))  # fmt: skip
def test_records_round_trip(records: list[Record]) -> None:
    if not records:
        return
    exported = yaml_fixture.write(records)
    parsed = yaml_fixture.read(exported.content)
    assert parsed.records == records
    assert not (parsed.refused or exported.losses or exported.refused)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_bank_is_read_as_by_the_quality_checks(path) -> None:
    parsed = yaml_fixture.read(path.read_bytes())
    assert not parsed.refused
    assert [(r.topic, r.slug, r.task, r.item) for r in parsed.records] == [
        (entry.topic, entry.slug, entry.task, entry.item) for entry in entries.in_files([path])
    ]


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@example("- model: questions.question\n  fields: {topic: [a, b], slug: 7}")
@example("- &a [*a]")
@example("- model: questions.choice\n  fields: {question: x}")
@example(GOOD + "- model: questions.choice\n  fields: 7")
def test_any_text_can_be_read(text: str) -> None:
    with suppress(UnreadableFile):
        yaml_fixture.read(text.encode(errors="replace"))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("stem: Which?", "stem: 'Which?", 1, "Invalid YAML"),
        ("stem: Which?", "stem: 7", 1, "“stem” is not text"),
        ("stem: Which?", "steam: Which?", 1, "Unknown field “steam”"),
        ("text: This, weight: 1", "text: This, weight: much", 1, "“weight” is not a number"),
        ("position: 2", "position: 1", 1, "the same position"),
        ("position: 2", "position: last", 1, "a whole number"),
        ("text: That}", "text: That", 1, "Line 9: Invalid YAML"),
        ("[web, first], position: 2", "[web, other], position: 2", 1, "must come before it"),
        ("    slug: first\n", "", 1, "needs the slug of its topic"),
        ("    type: single_choice\n", "", 1, "A required field is missing"),
    ],
)
def test_invalid_question_is_refused_and_the_others_are_kept(old: str, new: str, line: int, message: str) -> None:
    other = GOOD.replace("first", "second")
    assert old in GOOD
    parsed = yaml_fixture.read((GOOD.replace(old, new) + other).encode())
    assert [record.slug for record in parsed.records] == ["second"]
    assert parsed.refused[0].line == line
    assert message in parsed.refused[0].text


def test_repeated_question_is_refused_once() -> None:
    parsed = yaml_fixture.read((GOOD + GOOD.split("- model: questions.choice", maxsplit=1)[0]).encode())
    assert [record.slug for record in parsed.records] == ["first"]
    assert [(issue.line, "twice" in issue.text) for issue in parsed.refused] == [(11, True)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "model: x\n", "[1, 2]", '[{"model": "questions.question"}]'])
def test_other_files_are_unreadable(text: str) -> None:
    with pytest.raises(UnreadableFile):
        yaml_fixture.read(text.encode())


def test_follow_ups_have_model_answers_or_none() -> None:
    rows = """\
- model: questions.followup
  fields: {question: [web, first], position: 2, text: And if not?}
- model: questions.followup
  fields: {question: [web, first], position: 1, text: And then?, model_answer: It *stops*.}
"""
    parsed = yaml_fixture.read((GOOD + rows).encode())
    assert parsed.records[0].item.follow_ups == (
        FollowUpQuestion("And then?", "It *stops*."),
        FollowUpQuestion("And if not?"),
    )
    unknown = yaml_fixture.read((GOOD + rows.replace("model_answer", "answer")).encode())
    assert "Unknown field “answer”" in unknown.refused[0].text


def test_rows_of_other_models_are_ignored() -> None:
    (record,) = yaml_fixture.read(("- model: questions.topic\n  fields: {slug: web}\n" + GOOD).encode()).records
    assert (record.topic, record.slug, record.line) == ("web", "first", 3)
    assert [option.text for option in record.item.options] == ["This", "That"]
