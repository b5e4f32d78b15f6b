"""Own marks of open answers: ticks are kept until they are saved, on the question page and in a result."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.draft_models import Draft
from questions.attempts.drafts import MAX_VERSIONS
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.notes.models import Note
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.server_process import hidden
from questions.tests.views.page_save_steps import Page

pytestmark = pytest.mark.django_db
NOT_SAVED = "Your ticks count when you save your marks."


def answered(client: Client, count: int = 1, **options) -> Attempt:
    """Return an attempt at open questions that are answered."""
    attempt = visitor_attempt(client, *(make_question("open") for _ in range(count)), **options)
    for position in range(1, count + 1):
        Page(client, attempt, position).press("check", text="Mine.")
    return attempt


def result(client: Client, attempt: Attempt) -> str:
    """Return the result, after handing in if that has not happened."""
    return client.post(reverse("hand-in", args=[attempt.public_id]), follow=True).content.decode()


def marks_page(html: str) -> dict[str, str]:
    """Return what identifies the page of a result, as its form for marks sends it."""
    found = hidden(html.partition('<form id="marks"')[2].partition("</form>")[0])
    return {name: found[name] for name in ("page", "reviewing")}


def base(html: str, position: int) -> str:
    """Return the draft on which the ticks on the page are based."""
    (found,) = re.findall(f'name="marks-{position}" value="([^"]*)"', html)
    return found


def ticks(html: str, position: int = 1) -> list[str]:
    """Return the values of the ticked criteria of a question."""
    boxes = re.findall(f'<input[^>]* name="met-{position}"[^>]*>', html)
    return [value for box in boxes if " checked" in box for value in re.findall('value="([^"]*)"', box)]


def save(client: Client, attempt: Attempt, **data) -> dict[str, object]:
    return client.post(reverse("marks-drafts", args=[attempt.public_id]), data).json()


def assess(client: Client, attempt: Attempt, position: int = 1, **data):
    return client.post(reverse("assess", args=[attempt.public_id, position]), data)


class TestQuestionPage:
    def test_ticks_come_back_and_do_not_count(self, client: Client) -> None:
        attempt = answered(client)
        page = Page(client, attempt)
        page.post(page.data({"marks-1": "", "met-1": ["1", "3"]}))
        html = Page(client, attempt).html
        assert ticks(html) == ["1", "3"]
        assert NOT_SAVED in html
        assert attempt.responses.get().fraction is None

    @pytest.mark.parametrize("go", ["next", "1", "finish"])
    def test_buttons_that_leave_the_page_keep_the_ticks(self, client: Client, go: str) -> None:
        attempt = answered(client, 2)
        page = Page(client, attempt)
        page.press(go, **{"marks-1": "", "met-1": ["2"]})
        assert ticks(result(client, attempt)) == ["2"]

    def test_saved_marks_replace_the_ticks_of_all_pages(self, client: Client) -> None:
        attempt = answered(client)
        page, other = Page(client, attempt), Page(client, attempt)
        other.post(other.data({"marks-1": "", "met-1": ["3"]}))
        assess(client, attempt, **page.data({"marks-1": "", "met-1": ["1"]}))
        html = Page(client, attempt).html
        assert ticks(html) == ["1"]
        assert NOT_SAVED not in html
        assert attempt.responses.get().answer["met"] == [0]

    def test_saving_the_marks_saves_the_flag_and_the_note(self, client: Client) -> None:
        attempt = answered(client)
        data = Page(client, attempt).data({"met-1": ["1"], "flagged": "on", "note": "Rosebud.", "note_seen": ""})
        assess(client, attempt, **data)
        assert attempt.responses.get().flagged
        assert Note.objects.get().text == "Rosebud."

    def test_marks_are_saved_while_many_pages_hold_ticks(self, client: Client) -> None:
        attempt = answered(client)
        for number in range(MAX_VERSIONS + 1):
            page = Page(client, attempt)
            page.post(page.data({"marks-1": "", "met-1": [str(1 + number % 4)]}))
        assert Draft.objects.count() == MAX_VERSIONS
        page = Page(client, attempt)
        assess(client, attempt, **page.data({"marks-1": "", "met-1": ["1", "2"]}))
        assert attempt.responses.get().answer["met"] == [0, 1]
        html = Page(client, attempt).html
        assert ticks(html) == ["1", "2"]
        assert NOT_SAVED not in html
        assert html.count("You also ticked these points in another tab") == 4  # the same ticks are listed once

    def test_ticks_of_an_exam_in_progress_are_neither_kept_nor_saved(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("open"), mode=AttemptMode.EXAM)
        Page(client, attempt).press("save", text="Mine.")
        save(client, attempt, **{"marks-1": "", "met-1": ["1"]})
        assert assess(client, attempt, **{"met-1": ["1"], "marks-1": ""}).status_code == 404
        assert not Draft.objects.exists()
        assert "met" not in attempt.responses.get().answer


class TestResult:
    def test_ticks_of_all_answers_are_kept(self, client: Client) -> None:
        attempt = answered(client, 3)
        about = marks_page(result(client, attempt))
        data = {"marks-1": "", "met-1": ["1"], "marks-2": "", "marks-3": "", "met-3": ["2", "4"]}
        told = save(client, attempt, **about, **data, number=1)
        assert (told["kept"], told["is_open"]) == ("draft", False)
        html = result(client, attempt)
        assert [ticks(html, position) for position in (1, 2, 3)] == [["1"], [], ["2", "4"]]
        assert html.count(NOT_SAVED) == 2

    def test_unticked_boxes_leave_no_draft(self, client: Client) -> None:
        attempt = answered(client)
        about = marks_page(result(client, attempt))
        for number, met in ((1, ["1"]), (2, [])):
            save(client, attempt, **about, number=number, **{"marks-1": "", "met-1": met})
        assert not Draft.objects.exists()

    def test_older_save_that_arrives_late_changes_nothing(self, client: Client) -> None:
        attempt = answered(client)
        about = marks_page(result(client, attempt))
        for number, met in ((2, ["1", "2"]), (1, ["1"])):
            save(client, attempt, **about, number=number, **{"marks-1": "", "met-1": met})
        assert ticks(result(client, attempt)) == ["1", "2"]

    def test_next_page_replaces_the_ticks_that_it_shows(self, client: Client) -> None:
        attempt = answered(client)
        save(client, attempt, **marks_page(result(client, attempt)), number=1, **{"marks-1": "", "met-1": ["1"]})
        html = result(client, attempt)
        data = {"marks-1": base(html, 1), "met-1": ["2"]}
        save(client, attempt, **marks_page(html), number=1, **data)
        assert [draft.fields["met"] for draft in Draft.objects.all()] == [["2"]]

    def test_saving_the_marks_of_one_answer_keeps_the_ticks_at_the_others(self, client: Client) -> None:
        attempt = answered(client, 2)
        about = marks_page(result(client, attempt))
        data = {"marks-1": "", "met-1": ["1"], "marks-2": "", "met-2": ["2"]}
        saved = assess(client, attempt, 2, **about, number=1, **data)
        assert saved.url == f"{reverse('result', args=[attempt.public_id])}#marks-2"
        html = result(client, attempt)
        assert (ticks(html, 1), ticks(html, 2)) == (["1"], ["2"])
        assert html.count(NOT_SAVED) == 1
        assert [response.fraction is None for response in attempt.responses.all()] == [True, False]


@pytest.mark.parametrize(
    "data",
    [
        {"marks-9": "", "met-9": ["1"]},
        {"marks-99999": "", "met-99999": ["1"]},
        {"marks-1": "", "met-1": ["99"]},
        {"marks-x": "", "met-1": ["1"]},
        {"met-1": ["1"]},
    ],
)
def test_forged_positions_and_criteria_keep_nothing(client: Client, data: dict[str, object]) -> None:
    attempt = answered(client)
    save(client, attempt, **data)
    client.post(page_of(attempt), data | {"go": "save"})
    assert not Draft.objects.exists()


def test_unanswered_and_machine_graded_questions_have_no_marks(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("open"), make_question("numeric"))
    Page(client, attempt, 2).press("check", text="76543")
    save(client, attempt, **{"marks-1": "", "met-1": ["1"], "marks-2": "", "met-2": ["1"]})
    assert not Draft.objects.exists()
    assert assess(client, attempt, 1, **{"met-1": ["1"]}).status_code == 404
    assess(client, attempt, 2, **{"met-2": ["1"]})
    assert "met" not in attempt.responses.get(position=2).answer
