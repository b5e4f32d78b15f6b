"""`manage.py loaddata`: loads everything or nothing, names errors, and is idempotent."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from questions.attempts.models import Attempt
from questions.bank.models.comparisons import Comparison
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.quality import entries
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db

TOPIC: dict[str, Any] = {
    "model": "questions.topic",
    "fields": {"slug": "t", "title": "T", "summary": "S", "position": 1},
}


def question(**fields) -> dict:
    content = {"topic": ["t"], "slug": "q", "type": "true_false", "status": "published", "stem": "?"}
    return {"model": "questions.question", "fields": content | {"explanation": "So."} | fields}


def choice(position: int, **fields) -> dict:
    return {"model": "questions.choice", "fields": {"question": ["t", "q"], "position": position} | fields}


GUIDE = {"model": "questions.guide", "fields": {"topic": ["t"], "title": "G", "quick_answer": "A"}}


def comparison(columns: object) -> dict:
    fields = {"guide": ["t"], "slug": "c", "position": 1, "title": "C", "subject": "S", "columns": columns}
    return {"model": "questions.comparison", "fields": fields}


def row(cells: object) -> dict:
    fields = {"comparison": ["t", "c"], "position": 1, "feature": "F", "cells": cells}
    return {"model": "questions.comparisonrow", "fields": fields}


VALID = [TOPIC, question(), choice(1, text="True", weight=1), choice(2, text="False")]


def load(tmp_path: Path, content: object) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    call_command("loaddata", str(path), verbosity=0)


def dumped() -> str:
    output = StringIO()
    call_command("dumpdata", "questions", format="json", stdout=output)
    return output.getvalue()


def test_valid_fixture_is_loaded(tmp_path: Path) -> None:
    load(tmp_path, VALID)
    assert Question.objects.get().choices.count() == 2


@pytest.mark.parametrize("weight", [0.4, 0.33333])
def test_weights_may_be_written_as_numbers(tmp_path: Path, weight: float) -> None:
    load(tmp_path, [TOPIC, question(status="draft"), choice(1, text="True", weight=weight)])
    assert Question.objects.get().item().options[0].weight == weight


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("- model: questions.topic\n  fields: {slug: [", ["broken.yaml", "line 3, column 1"]),
        ("- !!python/object/apply:os.system ['true']\n", ["broken.yaml", "line 1", "os.system"]),
        ("just words", ["broken.yaml", "not a list of objects"]),
        ("", ["broken.yaml", "not a list of objects"]),
        ({"model": "questions.topic"}, ["broken.yaml", "not a list of objects"]),
        (["just", "words"], ["broken.yaml: line 1: 'just': ", "not a list of objects"]),
        ([TOPIC, {"model": "questions.topic"}], ["broken.yaml: line 7: questions.topic [None]: fields is missing"]),
        ([TOPIC, {"model": "questions.riddle", "fields": {}}], ["broken.yaml: line 7: questions.riddle: "]),
        ([TOPIC, {"fields": {}}], ["broken.yaml: line 7: None: model is missing"]),
        ([TOPIC, {"model": "questions.topic", "fields": {"colour": "red"}}], ["broken.yaml: line 7", "colour"]),
        ([question()], ["broken.yaml: line 1: questions.question ['t', 'q']: Question has no topic"]),
        (
            [*VALID, {"model": "questions.choice", "fields": {"question": ["t", "elsewhere"], "position": 1}}],
            ["broken.yaml: line 31: questions.choice ['t', 'elsewhere', 1]: Choice has no question"],
        ),
        (
            [*VALID, choice(3, text="x", weight="heavy")],
            ["broken.yaml: line 31: questions.choice ['t', 'q', 3]: ", "heavy"],
        ),
        ([*VALID, choice(3, text="x", weight=2)], ["broken.yaml", "questions.choice ['t', 'q', 3]", "weight: "]),
        ([TOPIC, question(type="riddle")], ["questions.question ['t', 'q']: type: Value 'riddle' is not"]),
        (
            [TOPIC, question(type="riddle", status="draft")],
            ["questions.question ['t', 'q']: type: Value 'riddle' is not"],
        ),
        ([TOPIC, question(), choice(1, text="True", weight=0.333333)], ["no more than 5 decimal places"]),
        ([TOPIC, question(type=None)], ["broken.yaml", "questions.question ['t', 'q']: type: "]),
        ([TOPIC, question(slug="s" * 81)], ["slug: Ensure this value has at most 80 characters"]),
        (
            [*VALID, TOPIC | {"fields": TOPIC["fields"] | {"slug": "u"}}],
            ["broken.yaml: line 31: questions.topic ['u']"],
        ),
        (
            [*VALID, question(slug="p", takeaway=["t", "nowhere"]), question(slug="r", status="draft")],
            ["broken.yaml: line 31: questions.question ['t', 'p']: Takeaway matching query does not exist"],
        ),
        (VALID[:-1], ["broken.yaml", "questions.question ['t', 'q']", "options: True or false needs exactly two"]),
        (
            [TOPIC, question(type="numeric", units="ms, s"), choice(1, text="250", weight=1)],
            ["['t', 'q']: units: Define “s”: for example"],
        ),
        ([*VALID[:2], choice(1, text="True"), choice(2, text="False")], ["['t', 'q']", "one option of weight 1"]),
        (
            [*VALID, question(slug="p", explanation="", type="ordering")],
            ["['t', 'p']", "explanation: A published question needs", "options: This type needs at least 2"],
        ),
        (
            [TOPIC, GUIDE, comparison(["A", "B"]), row(["1"])],
            ["broken.yaml: questions.comparisonrow ['t', 'c', 1]: cells: 1 cells for 2 columns"],
        ),
        (
            [TOPIC, GUIDE, comparison(["A", "B"]), row("ab")],
            ["questions.comparisonrow ['t', 'c', 1]: cells: not a list"],
        ),
        ([TOPIC, GUIDE, comparison(["A", "B"]), row(5)], ["questions.comparisonrow ['t', 'c', 1]: cells: not a list"]),
        ([TOPIC, GUIDE, comparison("A"), row(["1"])], ["questions.comparison ['t', 'c']: columns: not a list"]),
    ],
)
def test_invalid_fixture_is_refused_with_file_and_object(tmp_path: Path, content: object, messages: list[str]) -> None:
    with pytest.raises(CommandError) as raised:
        load(tmp_path, content)
    assert all(message in str(raised.value) for message in messages), str(raised.value)
    assert not Topic.objects.exists()


def test_invalid_file_discards_the_valid_ones_loaded_with_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(yaml.safe_dump(VALID))
    bad.write_text(yaml.safe_dump([question(slug="other")]))
    with pytest.raises(CommandError, match=r"bad\.yaml"):
        call_command("loaddata", str(good), str(bad), verbosity=0)
    assert not Topic.objects.exists()


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("- model: questions.topic\n  fields: {slug: ä}\n".encode("latin-1"))
    with pytest.raises(CommandError, match=r"latin\.yaml.*UTF-8"):
        call_command("loaddata", str(path), verbosity=0)


def test_a_broken_json_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('[\n{"model": "questions.topic",}]')
    with pytest.raises(CommandError, match=r"broken\.json.*line 2"):
        call_command("loaddata", str(path), verbosity=0)


def test_columns_that_no_longer_fit_the_stored_rows_are_refused(tmp_path: Path) -> None:
    load(tmp_path, [TOPIC, GUIDE, comparison(["A"]), row(["1"])])
    with pytest.raises(CommandError, match="1 cells for 2 columns"):
        load(tmp_path, [comparison(["A", "B"])])
    assert Comparison.objects.get().columns == ["A"]


def test_choice_that_makes_a_stored_question_invalid_is_refused(tmp_path: Path) -> None:
    load(tmp_path, VALID)
    with pytest.raises(CommandError, match=r"questions\.question \['t', 'q'\]: options: True or false"):
        load(tmp_path, [choice(3, text="Perhaps")])
    assert Question.objects.get().choices.count() == 2


def test_a_dump_of_the_whole_site_can_be_loaded(tmp_path: Path) -> None:
    visitor_attempt(Client(), make_question("short_answer"))
    path = tmp_path / "dump.json"
    call_command("dumpdata", "questions", natural_foreign=True, output=str(path))
    Attempt.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    assert Attempt.objects.get().responses.count() == 1


def test_units_are_loaded(tmp_path: Path) -> None:
    load(tmp_path, [TOPIC, question(type="numeric", units="ms, s = 1000 ms"), choice(1, text="250", weight=1)])
    assert Question.objects.get().item().units == "ms, s = 1000 ms"


def test_a_draft_may_be_incomplete(tmp_path: Path) -> None:
    load(tmp_path, [TOPIC, question(status="draft")])
    assert Question.objects.get().status == "draft"


@pytest.mark.one_database
def test_shipped_questions_are_loaded_as_written_and_loading_them_twice_changes_nothing() -> None:
    paths = sorted(path for folder in settings.FIXTURE_DIRS for path in Path(folder).glob("*.yaml"))
    assert paths
    call_command("loaddata", *map(str, paths), verbosity=0)
    first = dumped()
    written = {entry.name: entry.item.digest() for entry in entries.in_files(paths)}
    assert {entry.name: entry.item.digest() for entry in entries.in_database()} == written
    call_command("loaddata", *map(str, paths), verbosity=0)
    assert dumped() == first
