"""Steps that tests of the pages share: start a quiz, read what a page holds, send what a browser would send."""

import uuid
from typing import Any

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
    """An attempt at the questions that belongs to the client's session."""
    session = client.session
    visitor = session.setdefault(SESSION_KEY, str(uuid.uuid4()))
    session.save()
    client.cookies["sessionid"] = session.session_key
    options.setdefault("at", timezone.now())
    return attempts.start(
        owner=Owner(visitor=uuid.UUID(visitor)), questions=questions, mode=mode, title="Some quiz", **options
    )


def page_of(attempt: Attempt, position: int = 1) -> str:
    """The address of a question."""
    return reverse("question", args=[attempt.public_id, position])


def note_on(kind: str, pk: int) -> str:
    """The address of one's note on a question, a guide or an FAQ."""
    return reverse("note", args=[kind, pk])


def bookmark_on(kind: str, pk: int) -> str:
    """The address of one's bookmark on it."""
    return reverse("bookmark", args=[kind, pk])


def sent_for(response: Response, answer: dict[str, Any]) -> dict[str, Any]:
    """What a browser sends from the page of that response when the answer is filled in."""
    item = response.revision.item()
    form = types.get(item.type).form(item, response.option_order, answer=answer)
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def key_of(response: Response) -> dict[str, Any]:
    """A right answer to what was asked, without the candidate's own marks."""
    item = response.revision.item()
    return {name: value for name, value in types.get(item.type).key(item).items() if name != "met"}


def wrong_answer_to(response: Response) -> dict[str, Any]:
    """An answer that earns less than everything."""
    item = response.revision.item()
    count = len(item.options)
    wrong: dict[str, dict[str, Any]] = {
        "multiple_choice": {"chosen": list(range(count))},
        "short_answer": {"text": "surely not this"},
        "numeric": {"text": "-987654321"},
        "ordering": {"order": list(reversed(range(count)))},
        "matching": {"matches": [None, *key_of(response).get("matches", [])[1:]]},
        "open": {"text": "No idea.", "aloud": False},
    }
    light = min(range(count), key=lambda index: item.options[index].weight, default=0)
    return wrong.get(item.type, {"chosen": [light]})
