"""The regrade page, its log, and what candidates see of a regrade."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.attempts.regrade_models import Regrade
from questions.bank.models.questions import Question
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def candidate() -> Client:
    return Client()


@pytest.fixture
def question(candidate: Client) -> Question:
    """Return a question whose key was changed after a candidate answered it."""
    question = make_question("single_choice", stem="Which one?")
    attempt = visitor_attempt(candidate, question)
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [1]}, at=timezone.now())
    attempts.submit(attempt=attempt, at=timezone.now())
    question.choices.update(weight=0)
    question.choices.filter(position=2).update(weight=1)
    return question


def url(question: Question) -> str:
    return reverse("admin:questions_question_regrade", args=[question.pk])


def send(client: Client, question: Question, **changes):
    initial = client.get(url(question)).context["form"].initial
    return client.post(url(question), initial | {"reason": "Beta was right all along."} | changes)


def test_page_previews_the_changes(staff: Client, question: Question) -> None:
    page = staff.get(url(question)).content.decode()
    assert "1 answer would earn more." in page
    assert 'value="Regrade 1 answer"' in page
    assert "0.00" in page
    assert "1.00" in page
    assert not Regrade.objects.exists()


def test_regrade_needs_a_reason_which_candidates_see(staff: Client, question: Question, candidate: Client) -> None:
    assert "This field is required" in send(staff, question, reason="").content.decode()
    response = send(staff, question)
    assert response.url == reverse("admin:questions_regrade_change", args=[Regrade.objects.get().pk])
    assert "1 answer was regraded." in " ".join(str(m) for m in get_messages(response.wsgi_request))
    log = staff.get(response.url).content.decode()
    assert "Beta was right all along." in log
    attempt = Attempt.objects.get()
    result = candidate.get(reverse("result", args=[attempt.public_id])).content.decode()
    assert "Beta was right all along." in result
    assert "your answer earned 0 % before and earns 100 %" in result
    assert "Score: 100 %" in result
    assert "regraded" in candidate.get(reverse("history")).content.decode()


def test_question_changed_since_the_preview_is_not_regraded(staff: Client, question: Question) -> None:
    response = send(staff, question, digest="0" * 64)
    assert response.url == url(question)
    assert not Regrade.objects.exists()


def test_only_editors_regrade(client: Client, question: Question) -> None:
    reviewer = UserFactory(is_staff=True)
    reviewer.groups.set([Group.objects.get(name="Reviewer")])
    client.force_login(reviewer)
    assert client.get(url(question)).status_code == 403
    reviewer.groups.set([Group.objects.get(name="Editor")])
    assert client.get(url(question)).status_code == 200


def test_candidate_sees_the_differences_to_the_current_question(candidate: Client, question: Question) -> None:
    Question.objects.update(stem="Which of both?")
    page = candidate.get(reverse("result", args=[Attempt.objects.get().public_id])).content.decode()
    assert "<del>one</del>" in page
    assert "<ins>of both</ins>" in page


def test_result_without_a_regrade_does_not_mention_it(candidate: Client, question: Question) -> None:
    page = candidate.get(reverse("result", args=[Attempt.objects.get().public_id])).content.decode()
    assert "egraded" not in page
    assert "regraded" not in candidate.get(reverse("history")).content.decode()
