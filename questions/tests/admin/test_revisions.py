"""Revisions of a question: history, comparison and restoring."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Status
from questions.tests.admin.steps import save
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db


def compare_url(question: Question) -> str:
    return reverse("admin:questions_question_compare", args=[question.pk])


def restore_url(question: Question, number: int) -> str:
    return reverse("admin:questions_question_restore", args=[question.pk, number])


@pytest.fixture
def edited(staff: Client) -> Question:
    """Return a question that staff have edited twice."""
    question = make_question("single_choice", stem="Where does the sun rise?")
    save(staff, question, {"stem": "Where does the moon rise?"})
    save(staff, question, {"choices-1-feedback": "Not at all."})
    return question


def test_each_save_is_a_revision_with_its_author(staff: Client, edited: Question) -> None:
    by = [revision.made_by_id for revision in QuestionRevision.objects.order_by("number")]
    user_id = int(staff.session["_auth_user_id"])
    assert by == [None, user_id, user_id]
    page = staff.get(reverse("admin:questions_question_history", args=[edited.pk])).content.decode()
    assert page.count("with the current version") == 3
    assert "Changed" in page  # Django's own log is still there


def test_two_revisions_are_compared(staff: Client, edited: Question) -> None:
    page = staff.get(compare_url(edited), {"old": 1, "new": 2}).content.decode()
    assert "<del>sun</del>" in page
    assert "<ins>moon</ins>" in page
    assert "Not at all" not in page
    now = staff.get(compare_url(edited), {"old": 1}).content.decode()
    assert "<ins>Not</ins>" in now or "Not at all" in now


def test_markup_in_a_text_is_escaped(staff: Client) -> None:
    question = make_question("single_choice", stem="What does `<b>` do?")
    save(staff, question, {"stem": "What does `<script>` do?"})
    page = staff.get(compare_url(question), {"old": 1}).content.decode()
    assert "&lt;" in page
    assert "<ins><script>" not in page


def test_restoring_changes_the_content_and_keeps_all_revisions(staff: Client, edited: Question) -> None:
    response = staff.post(restore_url(edited, 1))
    assert response.status_code == 302
    now = Question.objects.with_content().get(pk=edited.pk).item()
    assert now == QuestionRevision.objects.get(number=1).item()
    assert QuestionRevision.objects.count() == 3
    history = staff.get(reverse("admin:questions_question_history", args=[edited.pk])).content.decode()
    assert "Restored revision 1." in history


def test_published_question_is_not_restored_to_invalid_content(staff: Client) -> None:
    question = make_question("single_choice", status=Status.DRAFT)
    question.choices.update(weight=0)
    save(staff, question, {"stem": "Better?"})
    question.choices.filter(position=1).update(weight=1)
    Question.objects.update(status=Status.PUBLISHED)
    response = staff.post(restore_url(question, 1))
    assert "exactly one right option" in " ".join(str(m) for m in get_messages(response.wsgi_request))
    assert Question.objects.get().stem == "Better?"


def test_restoring_needs_the_permission_and_a_post(client: Client) -> None:
    question = make_question()
    client.force_login(UserFactory(is_staff=True))
    assert client.post(restore_url(question, 1)).status_code == 403
    assert client.get(restore_url(question, 1)).status_code == 405


@pytest.mark.parametrize("query", [{"old": "9"}, {"old": "1", "new": "9"}, {"old": "x"}])
def test_unknown_revision_is_not_found(staff: Client, edited: Question, query: dict[str, str]) -> None:
    assert staff.get(compare_url(edited), query).status_code == 404


def test_question_without_a_revision_is_not_found(staff: Client) -> None:
    assert staff.get(compare_url(make_question())).status_code == 404
