"""The button "I don't know" on the pages: in practice, in an exam, and what becomes of typed text."""

import pytest
from django.test import Client
from django.urls import reverse

from questions import types
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.views.page_save_steps import Page, texts
from questions.types import UNKNOWN

pytestmark = pytest.mark.django_db
TEXT = "A walrus, I would say."
REPLACES = "If you answer now, your answer replaces it."


def answer_of(attempt: Attempt) -> object:
    return attempt.responses.get(position=1).answer


def exam(client: Client, *names: str) -> Attempt:
    return visitor_attempt(client, *(make_question(name) for name in names), mode=AttemptMode.EXAM)


@pytest.mark.parametrize("name", types.names())
@pytest.mark.parametrize("mode", [AttemptMode.PRACTICE, AttemptMode.TODAY])
def test_it_is_explained_at_once(client: Client, name: str, mode: str) -> None:
    question = make_question(name, explanation="Because of *this*.")
    attempt = visitor_attempt(client, question, mode=mode)
    html = Page(client, attempt).press("unknown").content.decode()
    assert answer_of(attempt) == UNKNOWN
    assert "Because of <em>this</em>." in html
    assert 'class="outcome is-unknown"' in html
    assert "Given aloud" not in html
    assert "Save my marks" not in html
    assert 'value="unknown"' not in html


def test_typed_text_is_kept_in_practice(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("open"))
    html = Page(client, attempt).press("unknown", text=TEXT).content.decode()
    assert answer_of(attempt) == UNKNOWN
    assert "but did not submit it" in html
    assert TEXT in html


@pytest.mark.parametrize("name", types.names())
def test_it_is_not_graded_in_an_exam_before_the_end(client: Client, name: str) -> None:
    attempt = exam(client, name)
    html = Page(client, attempt).press("unknown").content.decode()
    assert answer_of(attempt) == UNKNOWN
    assert REPLACES in html
    assert "is-unknown" in html.partition('class="places"')[2]
    assert 'class="outcome' not in html
    assert "I don't know" in client.get(reverse("overview", args=[attempt.public_id])).content.decode()
    result = client.post(reverse("hand-in", args=[attempt.public_id]), follow=True).content.decode()
    assert "I don&#x27;t know" in result
    assert "Not answered" not in result


@pytest.mark.parametrize("go", ["save", "next", "previous", "finish", "2"])
def test_the_empty_page_of_an_exam_does_not_take_it_back(client: Client, go: str) -> None:
    attempt = exam(client, "short_answer", "true_false")
    page = Page(client, attempt)
    page.press("unknown")
    page.press(go, text="", confidence="sure")
    assert answer_of(attempt) == UNKNOWN
    assert not Draft.objects.exists()
    page = Page(client, attempt)
    assert page.save(text="")["kept"] == "saved"
    assert answer_of(attempt) == UNKNOWN


def test_an_answer_replaces_it_in_an_exam(client: Client) -> None:
    attempt = exam(client, "short_answer")
    page = Page(client, attempt)
    page.press("unknown")
    assert page.save(text="Zirconium")["kept"] == "saved"
    assert answer_of(attempt) == {"text": "Zirconium"}
    assert REPLACES not in Page(client, attempt).html


def test_typed_text_is_offered_in_an_exam_but_does_not_count(client: Client) -> None:
    attempt = exam(client, "open", "true_false")
    page = Page(client, attempt)
    page.save(text=TEXT)  # which made it the answer
    html = page.press("unknown", text=TEXT).content.decode()
    assert answer_of(attempt) == UNKNOWN
    assert texts(attempt) == [TEXT]
    assert "It does not count" in html
    page.press("next", text="")
    assert (answer_of(attempt), texts(attempt)) == (UNKNOWN, [TEXT])
    page = Page(client, attempt)
    page.press(f"use-{Draft.objects.get().pk}", text="")
    page.press("save", text=TEXT)
    assert answer_of(attempt) == {"text": TEXT, "aloud": False}
    assert not Draft.objects.exists()


def test_it_does_not_replace_an_answer_of_another_page_unseen(client: Client) -> None:
    attempt = exam(client, "short_answer")
    older, page = Page(client, attempt), Page(client, attempt)
    page.press("save", text="Zirconium")
    html = older.press("unknown", text="").content.decode()
    assert answer_of(attempt) == {"text": "Zirconium"}
    assert "You have since answered this question in another tab" in html
    older.press("unknown", text="")
    assert answer_of(attempt) == UNKNOWN


@pytest.mark.parametrize("mode", [AttemptMode.EXAM, AttemptMode.PRACTICE])
def test_copy_that_the_browser_sends_once_more_changes_nothing(client: Client, mode: str) -> None:
    attempt = visitor_attempt(client, make_question("open"), mode=mode)
    page = Page(client, attempt)
    copy = page.data({"text": TEXT})
    client.post(page_of(attempt), copy | {"go": "unknown"})
    assert page.post(copy).json()["kept"] == "saved"
    assert (answer_of(attempt), texts(attempt)) == (UNKNOWN, [TEXT])


def test_too_long_a_text_is_shown_again_instead(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("open"))
    text = "walrus " * 10_000
    html = Page(client, attempt).press("unknown", text=text).content.decode()
    assert answer_of(attempt) is None
    assert "Your answer was not saved: it is too long" in html


def test_late_answer_is_refused(client: Client) -> None:
    attempt = exam(client, "true_false")
    page = Page(client, attempt)
    client.post(reverse("hand-in", args=[attempt.public_id]))
    page.press("unknown", choice="1")
    assert answer_of(attempt) is None
    assert Draft.objects.get().fields["choice"] == ["1"]
