"""The last step of an interview: the question that the candidate would ask."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.interviews.closing import MAX_LENGTH
from questions.notes.models import stamp
from questions.tests.attempt_steps import messages_of, page_of, sent_for, visitor_attempt, wrong_answer_to
from questions.tests.factories import make_question
from questions.tests.server_process import hidden

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=30)
ASKED = "What would I work on first?"


def interview(client: Client, **options) -> Attempt:
    options.setdefault("time_limit", LIMIT)
    return visitor_attempt(client, make_question("true_false"), mode=AttemptMode.INTERVIEW, **options)


def url(attempt: Attempt, name: str = "closing") -> str:
    return reverse(name, args=[attempt.public_id])


def asked(attempt: Attempt) -> str:
    attempt.refresh_from_db()
    return attempt.closing_question


def draft(client: Client, attempt: Attempt, text: str, seen: str = "") -> dict:
    return client.post(url(attempt, "closing-draft"), {"text": text, "seen": seen}).json()


def test_it_comes_after_the_last_question_and_hands_in(client: Client) -> None:
    attempt = interview(client)
    place = attempt.responses.get()
    left = client.post(page_of(attempt), sent_for(place, wrong_answer_to(place)) | {"go": "next"})
    assert left.url == url(attempt)
    assert "What would you ask us?" in client.get(url(attempt)).content.decode()
    assert client.post(url(attempt), {"text": ASKED, "go": "hand-in"}).url == url(attempt, "result")
    attempt.refresh_from_db()
    assert (attempt.is_open, attempt.closing_question) == (False, ASKED)
    assert attempt.responses.count() == 1  # it is no question of the bank
    assert ASKED in client.get(url(attempt, "result")).content.decode()


def test_interview_without_open_questions_left_continues_there(client: Client) -> None:
    attempt = interview(client)
    place = attempt.responses.get()
    assert client.get(url(attempt, "attempt")).url == page_of(attempt)
    client.post(page_of(attempt), sent_for(place, wrong_answer_to(place)) | {"go": "save"})
    assert client.get(url(attempt, "attempt")).url == url(attempt)


@pytest.mark.parametrize(("go", "name"), [("previous", ""), ("finish", "overview")])
def test_other_buttons_keep_the_text_and_do_not_hand_in(client: Client, go: str, name: str) -> None:
    attempt = interview(client)
    left = client.post(url(attempt), {"text": f" {ASKED} ", "go": go})
    assert left.url == (url(attempt, name) if name else page_of(attempt))
    assert (asked(attempt), attempt.is_open) == (f" {ASKED} ", True)
    assert ASKED in client.get(url(attempt)).content.decode()


def test_page_saves_while_it_is_typed(client: Client) -> None:
    attempt = interview(client)
    told = draft(client, attempt, "Score")
    assert (told["kept"], told["is_open"], told["seen"]) == ("saved", True, stamp("Score"))
    told = draft(client, attempt, ASKED, told["seen"])
    assert asked(attempt) == ASKED
    assert draft(client, attempt, " ", told["seen"])["seen"] == ""
    assert asked(attempt) == ""


def test_text_of_another_page_is_joined_and_sent_back(client: Client) -> None:
    attempt = interview(client)
    page = hidden(client.get(url(attempt)).content.decode())
    draft(client, attempt, "From one tab.")
    told = draft(client, attempt, "From the other.", page["seen"])
    both = asked(attempt)
    assert "From one tab." in both and "From the other." in both
    assert (told["joined"], told["seen"]) == ({"text": both}, stamp(both))
    assert draft(client, attempt, both, told["seen"]).get("joined") is None
    client.post(url(attempt), {"text": "", "seen": page["seen"], "go": "hand-in"})
    assert asked(attempt) == both


def test_too_long_text_is_shown_again(client: Client) -> None:
    attempt = interview(client)
    text = "x" * (MAX_LENGTH + 1)
    page = client.post(url(attempt), {"text": text, "go": "hand-in"})
    assert (page.status_code, text in page.content.decode()) == (200, True)
    assert client.post(url(attempt, "closing-draft"), {"text": text}).status_code == 413
    assert (asked(attempt), attempt.is_open) == ("", True)


def test_two_texts_that_do_not_fit_together_are_not_lost(client: Client) -> None:
    attempt = interview(client)
    draft(client, attempt, "x" * MAX_LENGTH)
    page = client.post(url(attempt), {"text": "One more.", "seen": "", "go": "hand-in"}).content.decode()
    assert "both versions together are too long" in page
    assert "One more." in page
    assert (asked(attempt), attempt.is_open) == ("x" * MAX_LENGTH, True)


def test_late_text_is_kept_with_the_report(client: Client) -> None:
    attempt = interview(client, at=timezone.now() - 2 * LIMIT)
    assert draft(client, attempt, "Late.")["kept"] == "late"
    assert client.get(url(attempt)).url == url(attempt, "result")
    left = client.post(url(attempt), {"text": ASKED, "seen": stamp("Late."), "go": "previous"})
    assert left.url == url(attempt, "result")
    assert messages_of(left) == ""
    assert ASKED in client.get(url(attempt, "result")).content.decode()


def test_others_and_other_quizzes_have_no_such_page(client: Client) -> None:
    attempt, quiz = interview(client), visitor_attempt(client, make_question("open"))
    for browser, target in ((Client(), attempt), (client, quiz)):
        assert browser.get(url(target)).status_code == 404
        assert browser.post(url(target), {"text": ASKED}).status_code == 404
        assert browser.post(url(target, "closing-draft"), {"text": ASKED}).status_code == 404
        assert asked(target) == ""


def test_overview_says_whether_it_is_written(client: Client) -> None:
    attempt = interview(client)
    assert "not written (optional, not graded)" in client.get(url(attempt, "overview")).content.decode()
    draft(client, attempt, ASKED)
    page = client.get(url(attempt, "overview")).content.decode()
    assert f'href="{url(attempt)}"' in page
    assert "not written" not in page


def test_text_is_escaped_and_examples_come_with_the_report_only(client: Client) -> None:
    attempt = interview(client)
    draft(client, attempt, "<b>Why?</b>")
    page = client.get(url(attempt)).content.decode()
    assert "&lt;b&gt;Why?&lt;/b&gt;" in page
    assert "Good questions to ask" not in page
    client.post(reverse("hand-in", args=[attempt.public_id]))
    page = client.get(url(attempt, "result")).content.decode()
    assert "&lt;b&gt;Why?&lt;/b&gt;" in page
    assert "Good questions to ask" in page
