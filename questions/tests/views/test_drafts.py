"""What a question page saves while its candidate types, and what the pages show of it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.attempts.drafts import MAX_CHARACTERS, MAX_VERSIONS
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.notes.models import Bookmark, Note
from questions.tests.attempt_steps import messages_of, page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.views.page_save_steps import Page, draft_url, texts

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)
EXPLAINED_AT_ONCE = [AttemptMode.PRACTICE, AttemptMode.TODAY]
# a placement test has a page of its own
MODES = pytest.mark.parametrize("mode", [mode for mode in AttemptMode.values if mode != AttemptMode.PLACEMENT])


def begin(client: Client, mode: str, *questions: Question, **options) -> Attempt:
    return visitor_attempt(client, *questions or [make_question("numeric")], mode=mode, **options)


def result(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("result", args=[attempt.public_id])).content.decode()


def is_answered(attempt: Attempt) -> bool:
    return attempt.responses.get(position=1).is_answered


class TestSave:
    @MODES
    def test_valid_answer_comes_back_and_counts_in_an_exam(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        told = Page(client, attempt).save(text="76543")
        assert told["kept"] == ("saved" if mode == AttemptMode.EXAM else "draft")
        assert is_answered(attempt) == (mode == AttemptMode.EXAM)
        assert 'value="76543"' in Page(client, attempt).html

    @MODES
    def test_invalid_text_comes_back_and_does_not_count(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        assert Page(client, attempt).save(text="abc")["kept"] == "draft"
        page = Page(client, attempt)
        assert 'value="abc"' in page.html
        assert "Draft saved at" in page.html
        assert not is_answered(attempt)

    @MODES
    def test_blank_page_keeps_nothing(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        assert Page(client, attempt).save(text="") | {"at": ""} == {
            "kept": "saved",
            "seen": "",
            "notes": {"note": {"seen": ""}},
            "versions": "",
            "at": "",
            "is_open": True,
            "seconds_left": None,
        }
        assert texts(attempt) == []

    def test_emptied_page_removes_an_exam_answer(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.EXAM)
        page = Page(client, attempt)
        page.save(text="76543")
        assert page.save(text="")["seen"] == ""
        assert not is_answered(attempt)
        assert "76543" not in Page(client, attempt).html

    def test_emptied_page_of_an_interview_shows_no_text_and_keeps_the_answer(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, time_limit=LIMIT)
        Page(client, attempt).press("next", text="76543")
        assert Page(client, attempt).save(text="")["kept"] == "draft"
        assert 'value="76543"' not in Page(client, attempt).html
        assert is_answered(attempt)
        Page(client, attempt).press("next", text="")
        assert not is_answered(attempt)

    @pytest.mark.parametrize("mode", EXPLAINED_AT_ONCE)
    def test_emptied_page_does_not_touch_a_final_answer(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        left_open = Page(client, attempt)
        Page(client, attempt).press("check", text="76543")
        assert left_open.save(text="")["kept"] == "saved"
        assert attempt.responses.get().answer == {"text": "76543"}

    @MODES
    def test_buttons_of_other_views_keep_the_page_and_the_note(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        data = Page(client, attempt).data({"text": "abc", "note": "Rosebud.", "note_seen": "", "marked": "on"})
        client.post(reverse("bookmark", args=["question", attempt.responses.get().revision.question_id]), data)
        assert texts(attempt) == ["abc"]
        assert Note.objects.get().text == "Rosebud."

    @MODES
    def test_older_save_that_arrives_late_changes_nothing(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        page = Page(client, attempt)
        late = page.data({"text": "76"})
        page.save(text="76543")
        page.post(late)
        shown = Page(client, attempt).html
        assert 'value="76543"' in shown
        assert "You also wrote this in another tab" not in shown

    @pytest.mark.parametrize("mode", EXPLAINED_AT_ONCE)
    def test_check_removes_the_drafts_of_its_page(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text="7")
        page = Page(client, attempt)
        late = page.data({"text": "76"})
        page.save(text="765")
        page.press("check", text="76543")
        assert page.post(late).json()["kept"] == "saved"
        assert texts(attempt) == []
        assert "did not submit it" not in Page(client, attempt).html

    @pytest.mark.parametrize("mode", [AttemptMode.EXAM, AttemptMode.INTERVIEW])
    def test_save_of_the_button_removes_the_drafts_of_its_page(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text="abc")
        Page(client, attempt).press("save", text="76543")
        assert texts(attempt) == []

    @pytest.mark.parametrize("mode", [*EXPLAINED_AT_ONCE, AttemptMode.EXAM])
    @pytest.mark.parametrize("text", ["abc", ""])
    def test_confidence_comes_back_with_and_without_a_text(self, client: Client, mode: str, text: str) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text=text, confidence="unsure")
        page = Page(client, attempt)
        assert re.search('<input[^>]*value="unsure"[^>]* checked', page.html)
        page.press("check", text="76543", confidence="unsure")
        assert attempt.responses.get().confidence == "unsure"
        assert texts(attempt) == []

    def test_nul_characters_are_left_out(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE)
        assert Page(client, attempt).save(text="a\0b")["kept"] == "draft"
        assert 'value="ab"' in Page(client, attempt).html

    def test_page_tells_the_time_left(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.EXAM, time_limit=LIMIT)
        told = Page(client, attempt).save(text="1")
        left = client.get(reverse("time-left", args=[attempt.public_id])).json()
        for answer in (told, left):
            assert answer["is_open"]
            assert LIMIT.total_seconds() - 60 < answer["seconds_left"] <= LIMIT.total_seconds()
        assert len(left["csrf_token"]) == 64


class TestEnd:
    @MODES
    def test_draft_after_the_end_is_late_and_shown_in_the_result(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        page = Page(client, attempt)
        Page(client, attempt).press("check", text="12")
        attempts.submit(attempt=attempt, at=timezone.now())
        told = page.save(text="Rosebud")
        assert (told["kept"], told["is_open"]) == ("late", False)
        assert "Rosebud" in told["versions"]
        shown = result(client, attempt)
        assert "but did not submit it." in shown
        assert "Rosebud" in shown

    @pytest.mark.parametrize("mode", [*EXPLAINED_AT_ONCE, AttemptMode.EXAM])
    def test_draft_from_before_the_end_is_shown_in_the_result(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        Page(client, attempt).save(text="Rosebud")
        client.post(reverse("hand-in", args=[attempt.public_id]))
        assert "Rosebud" in result(client, attempt)
        assert not is_answered(attempt)

    def test_drafts_of_an_interview_are_handed_in(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, make_question("open"), make_question("numeric"))
        for position, text in ((1, "Mine."), (2, "76543")):
            Page(client, attempt, position).save(text=text)
        client.post(reverse("hand-in", args=[attempt.public_id]))
        assert [response.answer["text"] for response in attempt.responses.all()] == ["Mine.", "76543"]
        assert "did not submit it" not in result(client, attempt)

    def test_older_drafts_of_an_interview_are_shown_in_the_report(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, make_question("open"), make_question("numeric"))
        pages = [Page(client, attempt, position) for position in (1, 1, 2, 2)]
        for page, text in zip(pages, ("Older words.", "Later words.", "1212", "76543"), strict=True):
            page.save(text=text)
        client.post(reverse("hand-in", args=[attempt.public_id]))
        assert [response.answer["text"] for response in attempt.responses.all()] == ["Later words.", "76543"]
        shown = result(client, attempt)
        assert shown.count("did not submit it") == 2
        assert "Older words." in shown and "1212" in shown

    @pytest.mark.parametrize("go", ["over", "next"])
    def test_page_that_comes_after_the_end_hears_that_its_draft_was_handed_in(self, client: Client, go: str) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, time_limit=LIMIT)
        page = Page(client, attempt)
        page.save(text="76543")
        begun = timezone.now() - LIMIT - settings.DEADLINE_GRACE
        Attempt.objects.filter(pk=attempt.pk).update(started_at=begun, deadline_at=begun + LIMIT)
        response = client.post(page_of(attempt), page.data({"text": "76543", "go": go}))
        assert "Everything you wrote was handed in." in messages_of(response)
        assert (is_answered(attempt), texts(attempt)) == (True, [])

    def test_script_hears_that_its_draft_was_handed_in(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.INTERVIEW, time_limit=LIMIT)
        page = Page(client, attempt)
        page.save(text="76543")
        begun = timezone.now() - LIMIT - settings.DEADLINE_GRACE
        Attempt.objects.filter(pk=attempt.pk).update(started_at=begun, deadline_at=begun + LIMIT)
        assert page.save(text="76543")["kept"] == "saved"
        assert page.save(text="12")["kept"] == "late"


class TestTooMuch:
    LONG = "x" * (MAX_CHARACTERS + 1)

    @MODES
    def test_long_text_is_refused_and_stays_on_the_page(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode, make_question("open"))
        refused = Page(client, attempt).post({"text": self.LONG})
        assert (refused.status_code, refused.json()) == (413, {"error": "too much"})
        page = Page(client, attempt)
        response = page.press("next", text=self.LONG)
        assert response.status_code == 200
        assert "Your answer was not saved: it is too long" in page.html
        assert self.LONG in page.html
        assert texts(attempt) == []

    @MODES
    def test_one_page_too_many_is_refused_and_keeps_its_text(self, client: Client, mode: str) -> None:
        attempt = begin(client, mode)
        pages = [Page(client, attempt) for _ in range(MAX_VERSIONS + 1)]
        for number, page in enumerate(pages[:-1]):
            page.save(text=f"abc {number}")
        assert pages[-1].post(pages[-1].data({"text": "Rosebud"})).status_code == 413
        pages[-1].press("next", text="Rosebud")
        assert "too many drafts of it in other tabs" in pages[-1].html
        assert 'value="Rosebud"' in pages[-1].html

    def test_text_beside_a_final_answer_is_shown_although_it_is_refused(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE, make_question("open"))
        page = Page(client, attempt)
        Page(client, attempt).press("check", text="Mine.")
        page.press("check", text=self.LONG)
        assert "could not be saved" in page.html
        assert self.LONG in page.html
        assert "discard-None" not in page.html

    def test_other_buttons_show_the_page_again_with_its_text_and_note(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.PRACTICE, make_question("open"))
        page, question = Page(client, attempt), attempt.responses.get().revision.question_id
        for url in (reverse("bookmark", args=["question", question]), reverse("note", args=["question", question])):
            data = page.data({"text": self.LONG, "note": "Rosebud.", "note_seen": "", "marked": "on"})
            shown = client.post(url, data).content.decode()
            assert "Your answer was not saved: it is too long" in shown
            assert self.LONG in shown
            assert "Rosebud." in shown
        assert not Bookmark.objects.exists()

    def test_late_text_is_shown_although_it_is_refused(self, client: Client) -> None:
        attempt = begin(client, AttemptMode.EXAM, make_question("open"))
        page = Page(client, attempt)
        attempts.submit(attempt=attempt, at=timezone.now())
        page.press("save", text=self.LONG)
        assert "could not be saved" in page.html
        assert self.LONG in page.html


def test_draft_of_a_question_that_does_not_exist_is_told_as_json(client: Client) -> None:
    attempt = begin(client, AttemptMode.EXAM)
    for position in (2, 99_999):
        response = client.post(draft_url(attempt, position), {"text": "abc"})
        assert (response.status_code, response.json()) == (404, {"error": "login"})
    assert client.get(draft_url(attempt)).status_code == 405
