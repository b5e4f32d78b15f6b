"""Grading the answers to a question anew, by what it says now: looked at first, then done, with a log."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from questions import types
from questions.attempts.models import Response
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.content.item import Item
from questions.scheduling import reviews

CLOSE = 0.0005  # fractions are kept to a thousandth
AT_ONCE = 2000


class QuestionChanged(Exception):
    """The question, or the answers to it, are no longer what the person who decided has looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A response that would earn something else."""

    response: Response
    before: float
    after: float


@dataclass(slots=True)
class Plan:
    """What a regrade would do; `digest` names the content that it would grade by."""

    digest: str
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    not_carried: int = 0  # what was answered is no longer among the options
    running: int = 0  # attempts that still go on, graded when they are regraded later

    @property
    def gained(self) -> int:
        """How many responses would earn more."""
        return sum(change.after > change.before for change in self.changes)

    @property
    def lost(self) -> int:
        """How many responses would earn less."""
        return len(self.changes) - self.gained


def plan(*, question: Question) -> Plan:
    """What would change if all answers to the question in ended attempts were graded by what it says now; writes
    nothing. Answers that candidates have marked themselves stay as they are."""
    now = question.item()
    found = Plan(now.digest())
    old_items: dict[int, Item] = {revision.pk: revision.item() for revision in question.revisions.all()}
    responses = Response.objects.answered().to_question(question)
    found.running = responses.running().count()
    for response in responses.graded().ended().select_related("attempt__user").iterator(AT_ONCE):
        after = _graded_by(now, old_items[response.revision_id], response)
        if after is None:
            found.not_carried += 1
        elif abs(after - (response.fraction or 0)) < CLOSE:
            found.same += 1
        else:
            found.changes.append(Change(response, response.fraction or 0, after))
    return found


def _graded_by(now: Item, asked: Item, response: Response) -> float | None:
    """What the response earns by today's content; None where the answer cannot be carried over."""
    if asked.type != now.type:
        return None
    question_type = types.get(now.type)
    answer = response.answer if asked == now else question_type.transfer(response.answer, asked, now)
    return None if answer is None else question_type.grade(now, answer).fraction


@transaction.atomic
def apply(*, question: Question, digest: str, expected: int, reason: str, by: User, at: datetime) -> Regrade:
    """Does what the plan says, and keeps before and after of every response that it changes.

    Raises QuestionChanged unless the content still has that digest and `expected` responses would change.
    """
    locked = Question.objects.select_for_update().get(pk=question.pk)
    looked_at = plan(question=locked)
    if looked_at.digest != digest or len(looked_at.changes) != expected:
        raise QuestionChanged
    revision = authoring.freeze(questions=[locked], at=at)[locked.pk]
    regrade = Regrade.objects.create(question=locked, revision=revision, reason=reason, done_by=by, done_at=at)
    RegradedResponse.objects.bulk_create(
        [
            RegradedResponse(regrade=regrade, response=change.response, before=change.before, after=change.after)
            for change in looked_at.changes
        ],
        batch_size=AT_ONCE,
    )
    for change in looked_at.changes:
        change.response.fraction = change.after
    Response.objects.bulk_update([change.response for change in looked_at.changes], ["fraction"], batch_size=500)
    for start in range(0, len(looked_at.changes), AT_ONCE):
        reviews.update_ratings(responses=[change.response for change in looked_at.changes[start : start + AT_ONCE]])
    return regrade
