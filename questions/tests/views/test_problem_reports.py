"""Problem reports on the pages: report a problem, see its outcome."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.enums import Mode
from questions.problem_reports import services as feedback
from questions.problem_reports.models import Outcome, QuestionReport, Reason
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db


def report_url(attempt, position: int = 1) -> str:
    return reverse("report", args=[attempt.public_id, position])


def decided(outcome: str, reply: str) -> QuestionReport:
    report = QuestionReport.objects.get()
    by = UserFactory(is_staff=True)
    return feedback.decide(report=report, outcome=outcome, reply=reply, by=by, at=timezone.now())


@pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM])
def test_visitor_reports_a_problem_and_sees_the_outcome(client: Client, mode: str) -> None:
    attempt = visitor_attempt(client, make_question("single_choice", stem="Why a walrus?"), mode=mode)
    assert 'name="go" value="report"' in client.get(page_of(attempt)).content.decode()
    assert client.post(page_of(attempt), {"go": "report"}).url == report_url(attempt)
    assert "Why a walrus?" in client.get(report_url(attempt)).content.decode()
    page = client.post(report_url(attempt), {"reason": Reason.WRONG_KEY, "text": "I ran it."}, follow=True)
    assert "· <strong>Open</strong>" in page.content.decode()
    decided(Outcome.RETIRED, "You are right, it is gone.")
    assert "You are right, it is gone." in client.get(reverse("reports")).content.decode()


def test_report_needs_a_reason_and_other_reasons_need_a_text(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("single_choice"))
    assert client.post(report_url(attempt), {}).context["form"].errors["reason"]
    page = client.post(report_url(attempt), {"reason": Reason.OTHER, "text": " "})
    assert "Describe the problem." in page.content.decode()
    assert not QuestionReport.objects.exists()


def test_second_report_after_the_decision_gets_a_message(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("single_choice"))
    client.post(report_url(attempt), {"reason": Reason.TYPO})
    decided(Outcome.UNCHANGED, "It is meant so.")
    page = client.post(report_url(attempt), {"reason": Reason.TYPO}, follow=True)
    assert "staff have decided" in page.content.decode()


def test_report_on_attempt_of_another_owner_is_not_found(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("single_choice"))
    assert Client().post(report_url(attempt), {"reason": Reason.TYPO}).status_code == 404


def test_list_has_only_own_reports_and_can_be_empty(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("single_choice"))
    client.post(report_url(attempt), {"reason": Reason.TYPO, "text": "A walrus."})
    page = Client().get(reverse("reports")).content.decode()
    assert "No problem reports yet" in page
    assert "walrus" not in page


def test_corrections_of_a_topic_are_public(client: Client) -> None:
    question = make_question("single_choice", stem="Why a walrus?")
    log = reverse("corrections", args=[question.topic.slug])
    assert log in client.get(question.topic.get_absolute_url()).content.decode()
    assert "No corrections so far" in client.get(log).content.decode()
    attempt = visitor_attempt(client, question)
    client.post(report_url(attempt), {"reason": Reason.UNCLEAR, "text": "Private words."})
    question.stem = "Why the walrus operator?"
    question.save()
    decided(Outcome.CORRECTED, "The operator is meant.")
    page = Client().get(log).content.decode()
    assert "The operator is meant." in page
    assert "Private words." not in page


class TestAdmin:
    def test_staff_see_the_asked_question_when_deciding(self, client: Client) -> None:
        question = make_question("single_choice", stem="Why a walrus?")
        attempt = visitor_attempt(client, question)
        client.post(report_url(attempt), {"reason": Reason.UNCLEAR, "text": "What walrus?"})
        staff = Client()
        staff.force_login(UserFactory(is_staff=True, is_superuser=True))
        report = QuestionReport.objects.get()
        url = reverse("admin:questions_questionreport_change", args=[report.pk])
        page = staff.get(url).content.decode()
        assert "Why a walrus?" in page
        assert "What walrus?" in page
        refused = staff.post(url, {"outcome": Outcome.CORRECTED, "reply": "Done."}).content.decode()
        assert "Correct it first." in refused
        question.stem = "Why the operator?"
        question.save()
        assert staff.post(url, {"outcome": Outcome.CORRECTED, "reply": "Done."}).status_code == 302
        report.refresh_from_db()
        assert (report.outcome, report.decided_by.is_staff) == (Outcome.CORRECTED, True)
