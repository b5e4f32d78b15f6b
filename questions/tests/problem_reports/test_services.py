"""Reporting a problem with a question, and deciding on reports."""

import pytest
from django.test import Client
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.enums import Status
from questions.problem_reports import services as feedback
from questions.problem_reports.models import Outcome, QuestionReport, Reason
from questions.problem_reports.services import AlreadyDecided, CannotDecide
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def owner() -> Owner:
    return Owner(user_id=UserFactory().pk)


def response_of(owner: Owner, **fields):
    """Return a response of the owner to a new question."""
    questions = [make_question("single_choice", **fields)]
    attempt = attempts.start(owner=owner, questions=questions, mode="practice", title="One", at=NOW)
    return attempt.responses.get()


def reported(owner: Owner, response=None, *, text: str = "", at=NOW) -> QuestionReport:
    response = response or response_of(owner)
    return feedback.report(response=response, reason=Reason.UNCLEAR, text=text, at=at)


def decide(report: QuestionReport, outcome: str, reply: str = "Thank you.") -> QuestionReport:
    return feedback.decide(report=report, outcome=outcome, reply=reply, by=UserFactory(is_staff=True), at=NOW)


def test_a_report_stores_the_revision_and_is_open(owner: Owner) -> None:
    report = reported(owner, text="Unclear.")
    assert report.revision == report.response.revision
    assert report.is_open
    assert list(QuestionReport.objects.undecided()) == [report]


def test_a_second_report_on_the_same_response_replaces_the_first(owner: Owner) -> None:
    response = response_of(owner)
    reported(owner, response, text="First.")
    reported(owner, response, text="Second.")
    assert QuestionReport.objects.get().text == "Second."


def test_a_decided_report_is_not_replaced(owner: Owner) -> None:
    response = response_of(owner)
    decide(reported(owner, response), Outcome.UNCHANGED)
    with pytest.raises(AlreadyDecided):
        reported(owner, response)


def test_corrected_requires_a_changed_question(owner: Owner) -> None:
    report = reported(owner)
    with pytest.raises(CannotDecide, match="Correct it first"):
        decide(report, Outcome.CORRECTED)
    question = report.revision.question
    question.stem += " Now clear."
    question.save()
    report = QuestionReport.objects.get()
    assert decide(report, Outcome.CORRECTED).decided_at == NOW
    assert list(QuestionReport.objects.corrections_in(question.topic)) == [report]


@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.RETIRED])
def test_every_decision_requires_a_reply(owner: Owner, outcome: str) -> None:
    with pytest.raises(CannotDecide, match="tell the candidate"):
        decide(reported(owner), outcome, reply=" ")


def test_withdrawing_retires_the_question_and_unchanged_is_not_logged(owner: Owner) -> None:
    withdrawn, left = reported(owner), reported(owner)
    decide(withdrawn, Outcome.RETIRED)
    decide(left, Outcome.UNCHANGED)
    question = withdrawn.revision.question
    question.refresh_from_db()
    assert question.status == Status.RETIRED
    assert list(QuestionReport.objects.corrections_in(question.topic)) == [withdrawn]
    assert not QuestionReport.objects.corrections_in(left.revision.question.topic)


def test_a_decision_can_be_reverted(owner: Owner) -> None:
    report = decide(decide(reported(owner), Outcome.UNCHANGED), Outcome.OPEN, reply="")
    assert (report.decided_at, report.decided_by) == (None, None)


def test_a_report_survives_the_deletion_of_its_attempt(owner: Owner, client: Client) -> None:
    report = reported(owner)
    report.response.attempt.delete()
    report.refresh_from_db()
    assert report.response is None
