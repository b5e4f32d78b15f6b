"""Loading fixtures: whole or not at all, and twice is once."""

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from questions.models import Question, Topic

pytestmark = pytest.mark.django_db

TOPIC = {"model": "questions.topic", "fields": {"slug": "t", "title": "T", "summary": "S", "position": 1}}


def question(**fields) -> dict:
    content = {"topic": ["t"], "slug": "q", "type": "true_false", "status": "published", "stem": "?"}
    return {"model": "questions.question", "fields": content | {"explanation": "So."} | fields}


def choice(position: int, **fields) -> dict:
    return {"model": "questions.choice", "fields": {"question": ["t", "q"], "position": position} | fields}


SOUND = [TOPIC, question(), choice(1, text="True", weight=1), choice(2, text="False")]


def load(tmp_path: Path, content: object) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    call_command("loaddata", str(path), verbosity=0)


def dumped() -> str:
    output = StringIO()
    call_command("dumpdata", "questions", format="json", stdout=output)
    return output.getvalue()


def test_a_sound_fixture_is_loaded(tmp_path: Path) -> None:
    load(tmp_path, SOUND)
    assert Question.objects.get().choices.count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- model: questions.topic\n  fields: {slug: [", ["broken.yaml"]),
        ("just words", ["broken.yaml"]),
        ([TOPIC, {"model": "questions.riddle", "fields": {}}], ["broken.yaml", "questions.riddle"]),
        ([TOPIC, {"model": "questions.topic", "fields": {"colour": "red"}}], ["broken.yaml", "colour"]),
        ([question()], ["broken.yaml, object 1", "Question has no topic"]),
        ([*SOUND, choice(3, text="x", weight="heavy")], ["broken.yaml", "heavy", "questions.choice"]),
        ([*SOUND, choice(3, text="x", weight=2)], ["broken.yaml", "questions.choice ['t', 'q', 3]"]),
        ([TOPIC, question(type="riddle")], ["broken.yaml", "questions.question ['t', 'q']"]),
        ([TOPIC, question(type=None)], ["broken.yaml", "questions.question"]),
        (SOUND[:-1], ["broken.yaml", "questions.question ['t', 'q']", "options: True or false needs exactly two"]),
        ([*SOUND[:2], choice(1, text="True"), choice(2, text="False")], ["['t', 'q']", "one option of weight 1"]),
        (
            [*SOUND, question(slug="p", explanation="", type="ordering")],
            ["['t', 'p']", "explanation: A published question needs", "options: This type needs at least 2"],
        ),
        (
            [
                TOPIC,
                {"model": "questions.guide", "fields": {"topic": ["t"], "title": "G", "quick_answer": "A"}},
                {
                    "model": "questions.comparison",
                    "fields": {"guide": ["t"], "slug": "c", "position": 1, "title": "C", "subject": "S"}
                    | {"columns": ["A", "B"]},
                },
                {
                    "model": "questions.comparisonrow",
                    "fields": {"comparison": ["t", "c"], "position": 1, "feature": "F", "cells": ["1"]},
                },
            ],
            ["broken.yaml", "questions.comparisonrow ['t', 'c', 1]", "1 cells for 2 columns"],
        ),
    ],
)
def test_a_broken_fixture_is_refused_whole_with_file_and_object(
    tmp_path: Path, content: object, words: list[str]
) -> None:
    with pytest.raises(CommandError) as told:
        load(tmp_path, content)
    assert all(word in str(told.value) for word in words), str(told.value)
    assert not Topic.objects.exists()


def test_a_broken_file_takes_the_good_ones_loaded_with_it_along(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(yaml.safe_dump(SOUND))
    bad.write_text(yaml.safe_dump([question(slug="other")]))
    with pytest.raises(CommandError, match=r"bad\.yaml"):
        call_command("loaddata", str(good), str(bad), verbosity=0)
    assert not Topic.objects.exists()


def test_a_draft_may_be_incomplete(tmp_path: Path) -> None:
    load(tmp_path, [TOPIC, question(status="draft")])
    assert Question.objects.get().status == "draft"


def test_the_sites_fixtures_are_sound_and_loading_them_twice_changes_nothing() -> None:
    paths = sorted(str(path) for folder in settings.FIXTURE_DIRS for path in Path(folder).glob("*.yaml"))
    assert paths
    call_command("loaddata", *paths, verbosity=0)
    first = dumped()
    call_command("loaddata", *paths, verbosity=0)
    assert dumped() == first
