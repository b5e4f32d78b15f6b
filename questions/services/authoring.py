"""Verbs on questions as staff write them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from questions import types
from questions.item import Item
from questions.models import Question, QuestionRevision, Status
from questions.types import Problem


@transaction.atomic
def freeze(*, questions: Sequence[Question], at: datetime) -> dict[int, QuestionRevision]:
    """The revision of each question's present content, by question id; makes those that are missing.

    A fixed number of queries: the content is read in four, known revisions, numbers and new rows take one each.
    """
    loaded = Question.objects.with_content().in_bulk([question.pk for question in questions])
    items = {pk: question.item() for pk, question in loaded.items()}
    digests = {pk: item.digest() for pk, item in items.items()}
    revisions = _known(digests)
    missing = [pk for pk in digests if pk not in revisions]
    if missing:
        latest = QuestionRevision.objects.filter(question__in=missing).values("question").annotate(last=Max("number"))
        numbers = {row["question"]: row["last"] for row in latest}
        QuestionRevision.objects.bulk_create(
            [
                QuestionRevision(
                    question_id=pk,
                    number=numbers.get(pk, 0) + 1,
                    content=items[pk].to_json(),
                    digest=digests[pk],
                    created_at=at,
                )
                for pk in missing
            ],
            ignore_conflicts=True,  # two people may be asked it first at the same moment
        )
        revisions = _known(digests)
    return revisions


def _known(digests: dict[int, str]) -> dict[int, QuestionRevision]:
    """The stored revisions among those digests, by question id."""
    found = QuestionRevision.objects.filter(question__in=digests, digest__in=digests.values())
    return {revision.question_id: revision for revision in found if revision.digest == digests[revision.question_id]}


def problems_of(item: Item) -> list[Problem]:
    """What keeps a question with that content from being published."""
    problems = types.get(item.type).problems(item)
    if not item.stem.strip():
        problems.append(Problem("stem", _("A published question needs a stem.")))
    if not item.explanation.strip():
        problems.append(Problem("explanation", _("A published question needs an explanation.")))
    return problems


def publish(*, questions: Iterable[Question]) -> tuple[list[Question], list[tuple[Question, list[Problem]]]]:
    """Publishes the questions that are sound; returns those, and the others with their problems."""
    sound, unsound = [], []
    for question in questions:
        problems = problems_of(question.item())
        if problems:
            unsound.append((question, problems))
        else:
            sound.append(question)
    set_status(questions=sound, status=Status.PUBLISHED)
    return sound, unsound


def set_status(*, questions: Iterable[Question], status: Status) -> int:
    """Moves the questions to the status; returns how many were elsewhere before."""
    ids = [question.pk for question in questions]
    return Question.objects.filter(Q(pk__in=ids) & ~Q(status=status)).update(status=status)
