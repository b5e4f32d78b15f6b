"""Verbs on readers' reports."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from questions.attempts.models import Response
from questions.bank import authoring
from questions.enums import Status
from questions.problem_reports.models import Outcome, QuestionReport


class AlreadyDecided(Exception):
    """Staff have decided this report."""


class CannotDecide(Exception):
    """The outcome does not fit; the message says why."""


@transaction.atomic
def report(*, response: Response, reason: str, text: str, at: datetime) -> QuestionReport:
    """The report of a problem with what was asked there; a second one about the same place replaces the first.

    Raises AlreadyDecided when staff have answered it.
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
    """Raises CannotDecide where the outcome does not fit: "corrected" needs a question that says something else than
    what was reported, and every decision needs a word to the reader."""
    if outcome == Outcome.CORRECTED and report.revision.question.item().digest() == report.revision.digest:
        raise CannotDecide(_("The question still says what was reported. Correct it first."))
    if outcome != Outcome.OPEN and not reply.strip():
        raise CannotDecide(_("Tell the reader what was done, or why nothing was."))


@transaction.atomic
def decide(
    *, report: QuestionReport, outcome: str, reply: str, by: AbstractBaseUser | AnonymousUser, at: datetime
) -> QuestionReport:
    """The report with its outcome; a question that is withdrawn is retired. Raises CannotDecide."""
    validate_decision(report=report, outcome=outcome, reply=reply)
    if outcome == Outcome.RETIRED:
        authoring.set_status(questions=[report.revision.question], status=Status.RETIRED)
    decided = outcome != Outcome.OPEN
    report.outcome, report.reply = outcome, reply
    report.decided_at, report.decided_by_id = (at, by.pk) if decided else (None, None)
    report.save()
    return report
