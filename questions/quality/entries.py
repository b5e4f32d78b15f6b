"""Published questions for the quality checks, read from fixtures or from the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from questions.bank.models.pictures import Picture
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question
from questions.content.item import Item
from questions.content.pictures import Picture as ShownPicture
from questions.enums import Status

PARTS: dict[str, tuple[str, Any]] = {
    "questions.choice": ("choices", Choice),
    "questions.rubriccriterion": ("criteria", RubricCriterion),
    "questions.followup": ("follow_ups", FollowUp),
    "questions.reference": ("references", Reference),
}


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both are safe; the one in C is ten times faster


@dataclass(frozen=True)
class Entry:
    """A published question; its name is `<topic>/<slug>`."""

    topic: str
    slug: str
    task: str
    item: Item

    @property
    def name(self) -> str:
        return f"{self.topic}/{self.slug}"


def in_files(paths: Iterable[Path]) -> list[Entry]:
    """Return the published questions of fixture files, in file order, without reading the database."""
    files = [yaml.load(path.read_text(encoding="utf-8"), LOADER) for path in sorted(paths)]  # noqa: S506
    return in_rows([row for rows in files for row in rows])


def in_rows(rows: list[dict[str, Any]]) -> list[Entry]:
    """Return the published questions among the objects of a fixture."""
    pictures = tuple(_picture(row["fields"]) for row in rows if row["model"] == "questions.picture")
    questions: dict[tuple[str, str], dict[str, Any]] = {}
    parts: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for row in rows:
        fields = dict(row["fields"])
        if row["model"] == "questions.question":
            questions[fields["topic"][0], fields["slug"]] = fields
        elif row["model"] in PARTS:
            kind, model = PARTS[row["model"]]
            topic, slug = fields.pop("question")
            parts.setdefault((topic, slug), {}).setdefault(kind, []).append(model(**fields))
    return [
        Entry(topic, slug, fields.get("task", ""), _item(fields, parts.get((topic, slug), {}), pictures))
        for (topic, slug), fields in questions.items()
        if fields["status"] == Status.PUBLISHED
    ]


def in_database() -> list[Entry]:
    """Return the published questions in the database."""
    found = Question.objects.published().with_content().select_related("topic")
    return [Entry(question.topic.slug, question.slug, question.task, question.item()) for question in found]


def _picture(fields: dict[str, Any]) -> ShownPicture:
    """Return the picture as texts show it; raise ValidationError if its file is unsafe."""
    picture = Picture(**fields)
    picture.derive()
    return picture.shown()


def _item(fields: dict[str, Any], parts: dict[str, list[Any]], pictures: tuple[ShownPicture, ...]) -> Item:
    """Return the content, with the model's defaults for missing fields."""
    own = {name: value for name, value in fields.items() if name not in ("topic", "takeaway", "faq")}
    rows = {kind: sorted(rows, key=lambda row: row.position) for kind, rows in parts.items()}
    question = Question(**own)
    question.found_pictures = pictures
    return question.item_with(**rows)
