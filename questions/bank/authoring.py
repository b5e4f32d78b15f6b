"""Authoring services: publish, move, restore and duplicate questions, and write their content."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from questions import types
from questions.bank import freezing
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import Topic
from questions.content.item import Item
from questions.content.markdown import names_in
from questions.content.pictures import missing_message
from questions.enums import Difficulty, Status
from questions.types import Problem

PUBLISH = "questions.publish_question"


class CannotRestore(Exception):
    """The old content is not sound enough for a published question; the message says why."""


def publishing_problems(item: Item) -> list[Problem]:
    """Return what keeps a question with this content from being published; empty if nothing does."""
    problems = types.get(item.type).problems(item)
    if not item.stem.strip():
        problems.append(Problem("stem", _("A published question needs a stem.")))
    if not item.explanation.strip():
        problems.append(Problem("explanation", _("A published question needs an explanation.")))
    shown = {picture.name for picture in item.pictures}
    for field, text in item.markdown_texts():
        if unknown := names_in([text]) - shown:
            problems.append(Problem(field, missing_message(unknown)))
    return problems


def publish_refusal(*, question: Question, by: User) -> str:
    """Return why this person may not publish the question, or an empty string. Publishing takes the permission, and
    somebody other than the author. A superuser may publish their own questions, because whoever hosts a site alone has
    no reviewer."""
    if not by.has_perm(PUBLISH):
        return _("Only reviewers and editors can publish. Send the question to editorial review.")
    if question.author_id == by.pk and not by.is_superuser:
        return _("You can't publish your own question. Send it to editorial review.")
    return ""


def publish(*, questions: Iterable[Question], by: User) -> tuple[list[Question], list[tuple[Question, list[Problem]]]]:
    """Publish the questions that are sound and that this person may publish. Return the published ones, and the others
    with their problems."""
    sound, refused = [], []
    for question in questions:
        forbidden = publish_refusal(question=question, by=by)
        problems = [Problem("status", forbidden)] if forbidden else publishing_problems(question.item())
        if problems:
            refused.append((question, problems))
        else:
            sound.append(question)
    set_status(questions=sound, status=Status.PUBLISHED)
    return sound, refused


def set_status(*, questions: Iterable[Question], status: Status) -> int:
    """Set the status of the questions and return how many changed."""
    ids = [question.pk for question in questions]
    return Question.objects.filter(Q(pk__in=ids) & ~Q(status=status)).update(status=status)


@transaction.atomic
def set_difficulty(*, questions: Sequence[Question], difficulty: Difficulty, at: datetime, by: User) -> int:
    """Set the difficulty of the questions, with a revision before and after each change. Return how many changed."""
    others = [question for question in questions if question.difficulty != difficulty]
    freezing.freeze(questions=others, at=at)
    Question.objects.filter(pk__in=[question.pk for question in others]).update(difficulty=difficulty)
    freezing.freeze(questions=others, at=at, by=by)
    return len(others)


@transaction.atomic
def move(*, questions: Sequence[Question], topic: Topic) -> tuple[list[Question], list[Question]]:
    """Move the questions to the topic. Return the moved ones, and those that stay because the topic already has their
    slug.

    Links to the takeaway and the FAQ of the old topic's guide stay, because those still teach the question.
    """
    taken = set(Question.objects.filter(topic=topic).values_list("slug", flat=True))
    moved, left = [], []
    for question in questions:
        if question.topic_id == topic.pk:
            continue
        if question.slug in taken:
            left.append(question)
        else:
            taken.add(question.slug)
            moved.append(question)
    Question.objects.filter(pk__in=[question.pk for question in moved]).update(topic=topic)
    return moved, left


CONTENT_FIELDS = [
    *("type", "stem", "code", "code_language", "holds_for", "explanation", "model_answer"),
    *("case_sensitive", "units"),
]
LEVEL_FIELDS = ["difficulty", "seniority"]
BATCH_SIZE = 500


def apply_item(question: Question, item: Item) -> dict[Any, list[Any]]:
    """Set the question's own fields to the item's content, without saving, and return the unsaved related rows by
    model."""
    for name in CONTENT_FIELDS:
        setattr(question, name, getattr(item, name))
    for name in LEVEL_FIELDS:
        setattr(question, name, getattr(item, name) or getattr(question, name))
    rows: dict[Any, list[dict[str, Any]]] = {
        Choice: [_field_values(option) for option in item.options],
        RubricCriterion: [_field_values(criterion) for criterion in item.criteria],
        FollowUp: [_field_values(follow_up) for follow_up in item.follow_ups],
        Reference: [_field_values(source) for source in item.sources],
    }
    return {
        model: [model(question=question, position=n, **row) for n, row in enumerate(values, 1)]
        for model, values in rows.items()
    }


@transaction.atomic
def write(*, contents: Iterable[tuple[Question, Item]]) -> None:
    """Save the content of each item to its question, new or saved: the question's own fields and all related rows.

    The number of queries grows with the number of batches, not of questions.
    """
    prepared = [(question, apply_item(question, item)) for question, item in contents]
    old = [question for question, _rows in prepared if question.pk]
    Question.objects.bulk_create([question for question, _rows in prepared if not question.pk], batch_size=BATCH_SIZE)
    Question.objects.bulk_update(old, [*CONTENT_FIELDS, *LEVEL_FIELDS, "task"], batch_size=BATCH_SIZE)
    for model in (Choice, RubricCriterion, FollowUp, Reference):
        for start in range(0, len(old), BATCH_SIZE):
            model.objects.filter(question__in=old[start : start + BATCH_SIZE]).delete()
        rows = [row for _question, by_model in prepared for row in by_model[model]]
        for row in rows:
            row.question_id = row.question.pk
        model.objects.bulk_create(rows, batch_size=BATCH_SIZE)


def _field_values(part: Any) -> dict[str, Any]:
    """Return the fields of an item's part as keyword arguments for its model, which uses the same names."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


@transaction.atomic
def restore(*, question: Question, revision: QuestionRevision, at: datetime, by: User) -> QuestionRevision:
    """Restore the question's content from the revision and return the resulting revision. The content until now is
    frozen first.

    Raise CannotRestore if a published question would no longer be sound.
    """
    locked = Question.objects.select_for_update().get(pk=question.pk)
    problems = publishing_problems(revision.item()) if locked.status == Status.PUBLISHED else []
    if problems:
        raise CannotRestore(" ".join(str(problem.message) for problem in problems))
    freezing.freeze(questions=[locked], at=at)
    write(contents=[(locked, revision.item())])
    return freezing.freeze(questions=[locked], at=at, by=by)[locked.pk]


@transaction.atomic
def duplicate(*, question: Question, by: User) -> Question:
    """Create and return a draft with the same content and a free slug, authored by this person."""
    taken = set(Question.objects.filter(topic=question.topic_id).values_list("slug", flat=True))
    names = (f"{question.slug[:70]}-copy{'' if number == 1 else f'-{number}'}" for number in count(1))
    copy = Question(
        topic_id=question.topic_id,
        slug=next(name for name in names if name not in taken),
        task=question.task,
        takeaway_id=question.takeaway_id,
        faq_id=question.faq_id,
        author=by,
    )
    write(contents=[(copy, question.item())])
    return copy
