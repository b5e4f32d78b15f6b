"""What a question page sends besides the answer is read with care."""

import uuid

import pytest
from django.test import Client

from questions.attempts.draft_models import Draft
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.views.page_save_steps import Page, draft_url

pytestmark = pytest.mark.django_db


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
def test_value_that_no_page_sends_counts_as_missing(client: Client, sent: dict[str, str]) -> None:
    attempt = visitor_attempt(client, make_question("open"))
    assert client.post(draft_url(attempt), {"page": str(uuid.uuid4()), "text": "A lock"} | sent).status_code == 200
    draft = Draft.objects.get()
    assert (draft.number, draft.seen) == (0, "")
    assert draft.fields == {"text": ["A lock"], "aloud": []}


def test_ends_of_lines_make_no_difference(client: Client) -> None:
    """htmx sends a line feed, the script's own copy of the same page a carriage return as well."""
    attempt = visitor_attempt(client, make_question("open"))
    page = Page(client, attempt)
    sent = page.data({"text": "A lock.\n\nOr none."})
    client.post(page_of(attempt), sent | {"go": "check"})
    assert page.post(sent | {"text": "A lock.\r\n\r\nOr none."}).json()["kept"] == "saved"
    assert attempt.responses.get().answer["text"] == "A lock.\n\nOr none."
    assert not Draft.objects.exists()
