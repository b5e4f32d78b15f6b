"""Notes on the page of a result: every button keeps all of them, with the ticks, and so does the page itself."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.notes.models import MAX_NOTE_LENGTH, Bookmark, Note
from questions.notes.services import SEPARATOR
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.server_process import hidden
from questions.tests.views.page_save_steps import Page

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def attempt(client: Client) -> Attempt:
    """An attempt that has ended, with two answers to mark."""
    attempt = visitor_attempt(client, make_question("open"), make_question("open"))
    for position in (1, 2):
        Page(client, attempt, position).press("check", text="Mine.")
    client.post(reverse("hand-in", args=[attempt.public_id]))
    return attempt


def question(attempt: Attempt, position: int = 1) -> int:
    return attempt.responses.get(position=position).revision.question_id


def result(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("result", args=[attempt.public_id])).content.decode()


def page_with(client: Client, attempt: Attempt, **fields: Any) -> dict[str, Any]:
    """Return what the page of the result sends, with notes on both questions and a tick at the second answer."""
    html = result(client, attempt)
    about = hidden(html.partition('<form id="marks"')[2].partition("</form>")[0])
    seen = {f"note_seen-{pk}": value for pk, value in re.findall(r'name="note_seen-(\d+)" value="([^"]*)"', html)}
    written = {f"note-{question(attempt, position)}": f"Note {position}." for position in (1, 2)}
    return about | seen | written | {"marks-1": "", "marks-2": "", "met-2": ["3"], "number": 1} | fields


def notes() -> list[str]:
    return sorted(Note.objects.values_list("text", flat=True))


def is_ticked(client: Client, attempt: Attempt) -> bool:
    (box,) = re.findall('<input[^>]* name="met-2" value="3"[^>]*>', result(client, attempt))
    return " checked" in box


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_saving_one_note_keeps_the_other_and_the_ticks(client: Client, attempt: Attempt, headers) -> None:
    pk = question(attempt)
    response = client.post(reverse("note", args=["question", pk]), page_with(client, attempt), headers=headers)
    if headers:
        assert f'name="note_seen-{pk}"' in response.content.decode()
    else:
        assert response.url == f"{reverse('result', args=[attempt.public_id])}#keep-question-{pk}"
    assert notes() == ["Note 1.", "Note 2."]
    assert is_ticked(client, attempt)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_bookmark_keeps_the_notes_and_the_ticks(client: Client, attempt: Attempt, headers) -> None:
    pk = question(attempt)
    data = page_with(client, attempt, marked="on")
    response = client.post(reverse("bookmark", args=["question", pk]), data, headers=headers)
    if headers:
        assert 'form="marks"' in response.content.decode()
    else:
        assert response.url == f"{reverse('result', args=[attempt.public_id])}#keep-question-{pk}"
    assert Bookmark.objects.get().question_id == pk
    assert notes() == ["Note 1.", "Note 2."]
    assert is_ticked(client, attempt)


def test_other_buttons_keep_the_notes_and_the_ticks(client: Client, attempt: Attempt) -> None:
    def addresses() -> dict[str, str]:
        return {"missed": reverse("practise-missed", args=[attempt.public_id]), "report": page_of(attempt)}

    for name, address in addresses().items():
        Note.objects.all().delete()
        response = client.post(address, page_with(client, attempt, go="report"))
        target = reverse("report", args=[attempt.public_id, 1]) if name == "report" else "/attempts/"
        assert response.url.startswith(target) or name == "missed", name
        assert notes() == ["Note 1.", "Note 2."], name
        assert is_ticked(client, attempt), name
    Note.objects.all().delete()
    client.post(reverse("assess", args=[attempt.public_id, 1]), page_with(client, attempt, **{"met-1": ["1"]}))
    assert notes() == ["Note 1.", "Note 2."]
    assert is_ticked(client, attempt)
    assert attempt.responses.get(position=1).answer["met"] == [0]


def test_page_saves_its_notes_by_itself(client: Client, attempt: Attempt) -> None:
    pk, url = question(attempt), reverse("marks-drafts", args=[attempt.public_id])
    page, other = page_with(client, attempt), page_with(client, attempt, **{f"note-{question(attempt)}": "Another."})
    told = client.post(url, page).json()["notes"]
    assert notes() == ["Note 1.", "Note 2."]
    assert set(told) == {f"note-{question(attempt, position)}" for position in (1, 2)}
    assert set(told[f"note-{pk}"]) == {"seen"}
    told = client.post(url, other).json()["notes"]
    joined = f"Note 1.{SEPARATOR}Another."
    assert told[f"note-{pk}"]["text"] == joined  # so that the page shows both before it saves again
    assert notes() == [joined, "Note 2."]
    again = page | {f"note_seen-{pk}": told[f"note-{pk}"]["seen"], f"note-{pk}": f"{joined} More."}
    client.post(url, again)
    assert notes() == [f"{joined} More.", "Note 2."]


def test_question_page_learns_of_text_that_another_page_added(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("open"))
    page, other = Page(client, attempt), Page(client, attempt)
    other.save(note="Of the other.", note_seen="")
    told = page.save(note="Of this.", note_seen="")
    assert told["notes"]["note"]["text"] == f"Of the other.{SEPARATOR}Of this."


def test_note_that_is_too_long_is_refused_and_the_rest_is_kept(client: Client, attempt: Attempt) -> None:
    pk = question(attempt)
    data = page_with(client, attempt, marked="on", **{f"note-{pk}": "x" * (MAX_NOTE_LENGTH + 1)})
    response = client.post(reverse("bookmark", args=["question", pk]), data, follow=True)
    assert "Your last change was not saved, because the note is too long. Shorten it." in response.content.decode()
    assert notes() == ["Note 2."]


def test_notes_on_questions_that_were_not_asked_are_not_saved(client: Client, attempt: Attempt) -> None:
    hidden_question = make_question("open")
    stranger = visitor_attempt(Client(), make_question("open"), mode=AttemptMode.PRACTICE)
    data = page_with(client, attempt) | {f"note-{hidden_question.pk}": "Not mine.", f"note-{'9' * 18}": "Nowhere."}
    client.post(reverse("marks-drafts", args=[attempt.public_id]), data)
    assert notes() == ["Note 1.", "Note 2."]
    Note.objects.all().delete()
    client.post(reverse("practise-missed", args=[attempt.public_id]), data | {"reviewing": str(stranger.public_id)})
    client.post(reverse("practise-missed", args=[attempt.public_id]), data | {"reviewing": "walrus"})
    assert notes() == []
