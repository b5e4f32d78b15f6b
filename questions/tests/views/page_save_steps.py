"""A question page as a browser holds it, and the saves that static/js/autosave.js makes of it."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt
from questions.tests.attempt_steps import page_of
from questions.tests.server_process import hidden

Fields = dict[str, Any]
ABOUT = ("answering", "shown_at", "seen", "page", "based_on")


def draft_url(attempt: Attempt, position: int = 1) -> str:
    """Return the address to which a question page sends what it holds."""
    return reverse("draft", args=[attempt.public_id, position])


class Page:
    """An open page of a question; `html` is how it was rendered."""

    def __init__(self, client: Client, attempt: Attempt, position: int = 1) -> None:
        self.client, self.attempt, self.position = client, attempt, position
        self.read(client.get(page_of(attempt, position), follow=True).content.decode())

    def read(self, html: str) -> None:
        """Take the values that the page was rendered with."""
        form = html.partition('<form id="turn"')[2].partition("</form>")[0]
        found = hidden(form)
        self.html, self.number = html, 0
        self.about = {name: found[name] for name in ABOUT if name in found}

    @property
    def is_form(self) -> bool:
        """Return whether the page has the form of a question."""
        return "page" in self.about

    def data(self, fields: Fields) -> Fields:
        """Return what the page sends next."""
        self.number += 1
        return self.about | {"number": self.number} | fields

    def post(self, data: Fields) -> Any:
        """Send a save, which may be one that was made before, and return its response."""
        return self.client.post(draft_url(self.attempt, self.position), data)

    def save(self, **fields: Any) -> dict[str, Any]:
        """Save the fields as the script does, and return what the server tells."""
        return self.take(self.post(self.data(fields)).json())

    def take(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return what the server tells about a save, after the page has taken it in."""
        if "error" not in told:
            self.about["based_on"] = ""
            if told["kept"] != "beside":
                self.about["seen"] = told["seen"]
        return told

    def press(self, go: str, **fields: Any) -> HttpResponse:
        """Submit the page with a button and follow to the next page, which the tab then holds."""
        data = self.data(fields) | {"go": go}
        response = self.client.post(page_of(self.attempt, self.position), data, follow=True)
        self.read(response.content.decode())
        return response


def texts(attempt: Attempt, position: int = 1) -> list[str]:
    """Return the texts of the drafts of a question, the last first."""
    drafts = Draft.objects.of_answers().filter(response__attempt=attempt, response__position=position)
    return [draft.fields["text"][0] for draft in drafts]
