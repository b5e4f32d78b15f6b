"""Question pages save what is typed as drafts, a draft for each page."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt
from questions.enums import AttemptMode, Mode
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(client: Client) -> Attempt:
    return visitor_attempt(client, make_question("open"))


def save(client: Client, attempt: Attempt, page: uuid.UUID | None, number: int, text: str, **more: str) -> dict:
    """Save the text as the page does, and return the response."""
    about = {"page": str(page or ""), "number": number, "seen": "", "based_on": ""}
    response = client.post(reverse("draft", args=[attempt.public_id, 1]), about | {"text": text} | more)
    assert response.status_code == 200
    return response.json()


def texts() -> list[str]:
    return sorted(draft.fields["text"][0] for draft in Draft.objects.all())


def test_later_save_of_a_page_replaces_the_earlier_one(client: Client, attempt: Attempt) -> None:
    page = uuid.uuid4()
    for number, text in enumerate(("A lock", "A lock is", "A lock is held"), 1):
        assert save(client, attempt, page, number, text)["kept"] == "draft"
        assert texts() == [text]


def test_save_that_arrives_late_changes_nothing(client: Client, attempt: Attempt) -> None:
    page = uuid.uuid4()
    save(client, attempt, page, 2, "A lock is held")
    save(client, attempt, page, 1, "A lock")
    assert texts() == ["A lock is held"]


def test_each_page_has_its_own_draft_and_hears_of_the_other(client: Client, attempt: Attempt) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    assert "versions" not in save(client, attempt, first, 1, "A lock")
    assert "A lock" in save(client, attempt, second, 1, "A queue")["versions"]
    assert texts() == ["A lock", "A queue"]


def test_page_that_shows_a_draft_replaces_it(client: Client, attempt: Attempt) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    save(client, attempt, first, 3, "A lock")
    told = save(client, attempt, second, 1, "A lock is", based_on=f"{first}:3")
    assert "versions" not in told
    assert texts() == ["A lock is"]


def test_draft_goes_when_its_text_becomes_the_answer(client: Client) -> None:
    attempt, page = visitor_attempt(client, make_question("numeric"), mode=Mode.EXAM), uuid.uuid4()
    save(client, attempt, page, 1, "no number")
    assert Draft.objects.exists()
    assert save(client, attempt, page, 2, "7")["kept"] == "saved"
    assert not Draft.objects.exists()
    assert attempt.responses.get().is_answered


@pytest.mark.parametrize("mode", [Mode.EXAM, AttemptMode.INTERVIEW])
def test_text_counts_at_the_end_although_it_was_never_submitted(client: Client, mode: str) -> None:
    attempt = visitor_attempt(client, make_question("open"), mode=mode)
    page = uuid.uuid4()
    for number, text in enumerate(("A lock", "A lock is held, and then"), 1):
        save(client, attempt, page, number, text)
    client.post(reverse("hand-in", args=[attempt.public_id]))
    assert attempt.responses.get().answer["text"] == "A lock is held, and then"


@pytest.mark.parametrize(
    "sent",
    [
        {"page": "none"},
        {"number": "-1"},
        {"number": "9" * 20},
        {"seen": "\0"},
        {"seen": "9" * 50},
        {"based_on": "none:1"},
        {"based_on": "0:" * 900},
        {"shown_at": "soon"},
        {"confidence": "perhaps"},
    ],
)
def test_value_that_no_page_sends_counts_as_missing(client: Client, attempt: Attempt, sent: dict[str, str]) -> None:
    address = reverse("draft", args=[attempt.public_id, 1])
    assert client.post(address, {"page": str(uuid.uuid4()), "text": "A lock"} | sent).status_code == 200
    draft = Draft.objects.get()
    assert (draft.number, draft.seen) == (0, "")
    assert draft.fields == {"text": ["A lock"], "aloud": []}
