"""Helpers of the page tests: start an attempt, build URLs and form data, read messages."""

import uuid
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import Mode


def visitor_attempt(client: Client, *questions: Question, mode: str = Mode.PRACTICE, **options: Any) -> Attempt:
    """Return an attempt at the questions that belongs to the client's session."""
    session = client.session
    visitor = session.setdefault(SESSION_KEY, str(uuid.uuid4()))
    session.save()
    client.cookies["sessionid"] = session.session_key
    options.setdefault("at", timezone.now())
    return attempts.start(
        owner=Owner(visitor=uuid.UUID(visitor)), questions=questions, mode=mode, title="Some quiz", **options
    )


def page_of(attempt: Attempt, position: int = 1) -> str:
    """Return the URL of a question in an attempt."""
    return reverse("question", args=[attempt.public_id, position])


def messages_of(response: Any) -> str:
    """Return the texts of the messages of a response."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def note_on(kind: str, pk: int) -> str:
    """Return the URL of the note on a question, a guide or an FAQ."""
    return reverse("note", args=[kind, pk])


def bookmark_on(kind: str, pk: int) -> str:
    """Return the URL of the bookmark on a question, a guide or an FAQ."""
    return reverse("bookmark", args=[kind, pk])


def sent_for(response: Response, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the form data that a browser submits for the answer."""
    item = response.revision.item()
    form = types.get(item.type).form(item, response.option_order, answer=answer)
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def key_of(response: Response) -> dict[str, Any]:
    """Return a right answer, without the candidate's own marks."""
    item = response.revision.item()
    return {name: value for name, value in types.get(item.type).key(item).items() if name != "met"}


def wrong_answer_to(response: Response) -> dict[str, Any]:
    """Return an answer that earns less than full credit."""
    item = response.revision.item()
    count = len(item.options)
    wrong: dict[str, dict[str, Any]] = {
        "multiple_choice": {"chosen": list(range(count))},
        "short_answer": {"text": "surely not this"},
        "numeric": {"text": "-987654321"},
        "ordering": {"order": list(reversed(range(count)))},
        "matching": {"matches": [2, *key_of(response).get("matches", [])[1:]]},
        "find_lines": {"lines": [3]},
        "open": {"text": "No idea.", "aloud": False},
    }
    light = min(range(count), key=lambda index: item.options[index].weight, default=0)
    return wrong.get(item.type, {"chosen": [light]})
