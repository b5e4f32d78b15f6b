"""Regrade the answers to a question by its current content: preview the changes, then apply and log them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from questions import types
from questions.attempts.models import Response
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank import freezing
from questions.bank.models.questions import Question
from questions.content.item import Item
from questions.scheduling import reviews

TOLERANCE = 0.0005  # fractions are rounded to a thousandth
BATCH_SIZE = 2000


class QuestionChanged(Exception):
    """The question or the answers to it have changed since the preview."""


@dataclass(frozen=True, slots=True)
class Change:
    """A response whose fraction the regrade would change."""

    response: Response
    before: float
    after: float


@dataclass(slots=True)
class Plan:
    """What a regrade would do; `digest` identifies the content that it would grade by."""

    digest: str
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    not_carried: int = 0  # the answer refers to options that no longer exist
    running: int = 0  # responses in attempts that have not ended, which this regrade leaves out

    @property
    def gained(self) -> int:
        """Return how many responses would earn more."""
        return sum(change.after > change.before for change in self.changes)

    @property
    def lost(self) -> int:
        """Return how many responses would earn less."""
        return len(self.changes) - self.gained


def plan(*, question: Question) -> Plan:
    """Return what would change if all answers in ended attempts were graded by the question's current content.

    Saves nothing. Answers that candidates mark themselves keep their marks.
    """
    current = question.item()
    result = Plan(current.digest())
    old_items: dict[int, Item] = {revision.pk: revision.item() for revision in question.revisions.all()}
    responses = Response.objects.answered().to_question(question)
    result.running = responses.running().count()
    for response in responses.graded().ended().select_related("attempt__user").iterator(BATCH_SIZE):
        after = _graded_by(current, old_items[response.revision_id], response)
        if after is None:
            result.not_carried += 1
        elif abs(after - (response.fraction or 0)) < TOLERANCE:
            result.same += 1
        else:
            result.changes.append(Change(response, response.fraction or 0, after))
    return result


def _graded_by(current: Item, asked: Item, response: Response) -> float | None:
    """Return the fraction that the response earns by the current content; None if the answer cannot be transferred."""
    if asked.type != current.type:
        return None
    question_type = types.get(current.type)
    answer = response.answer if asked == current else question_type.transfer(response.answer, asked, current)
    return None if answer is None else question_type.grade(current, answer).fraction


@transaction.atomic
def apply(*, question: Question, digest: str, expected: int, reason: str, by: User, at: datetime) -> Regrade:
    """Regrade the responses, log each change, and return the regrade.

    Raises QuestionChanged unless the content still has this digest and `expected` responses would change.
    """
    locked = Question.objects.select_for_update().get(pk=question.pk)
    planned = plan(question=locked)
    if planned.digest != digest or len(planned.changes) != expected:
        raise QuestionChanged
    revision = freezing.freeze(questions=[locked], at=at)[locked.pk]
    regrade = Regrade.objects.create(question=locked, revision=revision, reason=reason, done_by=by, done_at=at)
    RegradedResponse.objects.bulk_create(
        [
            RegradedResponse(regrade=regrade, response=change.response, before=change.before, after=change.after)
            for change in planned.changes
        ],
        batch_size=BATCH_SIZE,
    )
    for change in planned.changes:
        change.response.fraction = change.after
    Response.objects.bulk_update([change.response for change in planned.changes], ["fraction"], batch_size=500)
    for start in range(0, len(planned.changes), BATCH_SIZE):
        reviews.update_ratings(responses=[change.response for change in planned.changes[start : start + BATCH_SIZE]])
    return regrade
