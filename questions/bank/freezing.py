"""Freezing questions: an immutable revision keeps what a question says when somebody is asked it or saves it."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision


@transaction.atomic
def freeze(*, questions: Sequence[Question], at: datetime, by: User | None = None) -> dict[int, QuestionRevision]:
    """Return the revision of each question's current content by question id; create the missing ones, saved `by`.

    The number of queries is fixed: four read the content, and one each reads revisions and numbers and writes new rows.
    """
    loaded = Question.objects.with_content().in_bulk([question.pk for question in questions])
    items = {pk: question.item() for pk, question in loaded.items()}
    digests = {pk: item.digest() for pk, item in items.items()}
    revisions = _stored_revisions(digests)
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
                    made_by=by,
                )
                for pk in missing
            ],
            ignore_conflicts=True,  # two requests may freeze the same content at the same time
        )
        revisions = _stored_revisions(digests)
    return revisions


def _stored_revisions(digests: dict[int, str]) -> dict[int, QuestionRevision]:
    """Return the stored revisions with these digests, by question id."""
    found = QuestionRevision.objects.filter(question__in=digests, digest__in=digests.values())
    return {revision.question_id: revision for revision in found if revision.digest == digests[revision.question_id]}
