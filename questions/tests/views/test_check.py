"""How an answer was verified: shown with the program after the answer, never before."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.enums import Mode
from questions.quality import checks, verification
from questions.tests.attempt_steps import key_of, page_of, visitor_attempt
from questions.tests.factories import TopicFactory, make_question

pytestmark = pytest.mark.django_db
SLUG = "module-list-in-flask"


@pytest.fixture
def question(monkeypatch):
    """A verified question: it is in the manifest and has a check."""
    question = make_question("single_choice", topic=TopicFactory(slug="framework-choice"), slug=SLUG)
    entry = {"item": question.item().digest(), "check": "", "with": ["Flask"]}
    known = {
        "python": "3.11",
        "packages": {"Flask": "3.1.3"},
        "names": {"Flask": "Flask"},
        "questions": {f"framework-choice/{SLUG}": entry},
    }
    monkeypatch.setattr(verification, "manifest", lambda: known)
    assert checks.find("framework-choice", SLUG)
    return question


def check_url(attempt) -> str:
    return reverse("check", args=[attempt.public_id, 1])


def answer(attempt) -> None:
    place = attempt.responses.get()
    attempts.record_response(response=attempt.responses.get(position=1), answer=key_of(place), at=timezone.now())


def test_verification_and_program_are_shown_after_the_answer(client: Client, question) -> None:
    attempt = visitor_attempt(client, question)
    assert "Verified by running" not in client.get(page_of(attempt)).content.decode()
    answer(attempt)
    page = client.get(page_of(attempt)).content.decode()
    assert "Verified by running the code on Python 3.11, Flask 3.1.3." in page
    assert check_url(attempt) in page
    check = client.get(check_url(attempt))
    assert b"test_module_list_in_flask" in check.content
    assert b"pip install" in check.content


def test_verification_is_hidden_before_the_answer_and_during_an_exam(client: Client, question) -> None:
    practice = visitor_attempt(client, question)
    exam = visitor_attempt(client, question, mode=Mode.EXAM)
    answer(exam)
    assert client.get(check_url(practice)).status_code == 404
    assert client.get(check_url(exam)).status_code == 404
    attempts.submit(attempt=exam, at=timezone.now())
    assert client.get(check_url(exam)).status_code == 200


def test_attempt_of_another_owner_is_not_found(client: Client, question) -> None:
    attempt = visitor_attempt(client, question)
    answer(attempt)
    assert Client().get(check_url(attempt)).status_code == 404


def test_edited_question_is_not_shown_as_verified(client: Client, question) -> None:
    question.stem += " Now?"
    question.save()
    attempt = visitor_attempt(client, question)
    answer(attempt)
    assert "Verified by running" not in client.get(page_of(attempt)).content.decode()
    assert client.get(check_url(attempt)).status_code == 404


def test_revision_from_before_the_edit_stays_verified(client: Client, question) -> None:
    attempt = visitor_attempt(client, question)
    answer(attempt)
    question.stem += " Now?"
    question.save()
    assert "Verified by running" in client.get(page_of(attempt)).content.decode()
