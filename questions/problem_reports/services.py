"""Problem report services: report a problem with a question, and decide on a report."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from questions.attempts.models import Response
from questions.bank import authoring
from questions.enums import Status
from questions.problem_reports.models import Outcome, QuestionReport


class AlreadyDecided(Exception):
    """Staff have already decided this report."""


class CannotDecide(Exception):
    """The decision is not possible; the message says why."""


@transaction.atomic
def report(*, response: Response, reason: str, text: str, at: datetime) -> QuestionReport:
    """Create and return the report of a problem with the question of this response; a second one replaces the first.

    Raise AlreadyDecided if staff have decided the first one.
    """
    earlier = QuestionReport.objects.select_for_update().filter(response=response).first()
    if earlier and not earlier.is_open:
        raise AlreadyDecided
    made, _created = QuestionReport.objects.update_or_create(
        response=response,
        defaults={"revision_id": response.revision_id, "reason": reason, "text": text, "reported_at": at},
    )
    return made


def validate_decision(*, report: QuestionReport, outcome: str, reply: str) -> None:
    """Raise CannotDecide if the decision is not possible: "corrected" requires that the question has changed since it
    was asked, and every decision requires a reply to the reader."""
    if outcome == Outcome.CORRECTED and report.revision.question.item().digest() == report.revision.digest:
        raise CannotDecide(_("The question has not been changed since it was asked. Correct it first."))
    if outcome != Outcome.OPEN and not reply.strip():
        raise CannotDecide(_("Write a reply: tell the candidate what was done, or why nothing was done."))


@transaction.atomic
def decide(
    *, report: QuestionReport, outcome: str, reply: str, by: AbstractBaseUser | AnonymousUser, at: datetime
) -> QuestionReport:
    """Save the decision and return the report; the outcome "retired" retires the question. Raise CannotDecide."""
    validate_decision(report=report, outcome=outcome, reply=reply)
    if outcome == Outcome.RETIRED:
        authoring.set_status(questions=[report.revision.question], status=Status.RETIRED)
    decided = outcome != Outcome.OPEN
    report.outcome, report.reply = outcome, reply
    report.decided_at, report.decided_by_id = (at, by.pk) if decided else (None, None)
    report.save()
    return report
