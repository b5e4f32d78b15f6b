"""A question's page in a quiz or an exam: a frame made once for each way it can look, and filled for each request."""

import uuid
from dataclasses import dataclass
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from questions.accounts.preferences import Preferences
from questions.attempts.asked_question import AskedQuestion, review_outcome
from questions.attempts.models import Attempt, Response
from questions.context_processors import frame
from questions.forms.attempts import SubmissionForm, initial
from questions.performance.fragment_cache import Fragment, Placeholders, cached
from questions.types import AnswerForm
from questions.views.question_page import fragments, query

# What is filled into a frame as it stands, beside what an address or a form needs in a shape of its own.
FILLED = (
    *("csrf_token", "start_id", "count", "answered_count", "saved_at", "ends_at", "outcome"),
    *("messages_html", "asked_html", "explained_html", "card_html", "places_html"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """All that makes one frame differ from another."""

    signed_in: bool
    is_staff: bool
    theme: str
    keys: bool
    explains_at_once: bool
    is_session: bool
    is_timed: bool
    is_answered: bool
    is_explained: bool
    is_first: bool
    is_last: bool
    is_flagged: bool
    confidence: str
    is_bookmarked: bool
    has_note: bool


def page(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm | None = None, submission: SubmissionForm | None = None
) -> HttpResponse:
    """The page, with what was sent where `form` and `turn` hold that."""
    response, attempt = asked.response, asked.response.attempt
    saved = query.saved_with(response)
    shown = submission.shown if submission else initial(response, timezone.now())
    progress, preferences = progress_of(attempt), request.preferences  # type: ignore[attr-defined]
    look = Look(
        signed_in=request.user.is_authenticated,
        is_staff=request.user.is_staff,
        theme=preferences.theme,
        keys=preferences.keys,
        explains_at_once=attempt.explains_at_once,
        is_session=attempt.is_session,
        is_timed=attempt.deadline_at is not None,
        is_answered=response.is_answered,
        is_explained=response.is_revealed,
        is_first=response.position == 1,
        is_last=response.position == progress["count"],
        is_flagged=bool(shown["flagged"]),
        confidence=shown["confidence"] or "",
        is_bookmarked=saved.is_bookmarked,
        has_note=bool(saved.text),
    )
    values = {
        **progress,
        "csrf_token": get_token(request),
        "start_id": uuid.uuid4(),
        "title": attempt.title,
        "public_id": attempt.public_id,
        "position": response.position,
        "question": saved.pk,
        "note": saved.text,
        "stamp": saved.stamp,
        "shown_at": shown["shown_at"],
        "seen": shown["seen"],
        "saved_at": clock(response.answered_at) if response.answered_at else "",
        "outcome": asked.outcome_label if look.is_explained else "",
        "messages_html": _messages(request),
        "asked_html": "" if look.is_explained else _asked(asked, form),
        "explained_html": fragments.explained(request, asked) if look.is_explained else "",
        "card_html": _card(request, asked) if look.is_session else "",
        "places_html": _places(progress["places"], response.position),
    }
    fragment = cached(("question", get_language(), settings.SITE_NAME, look), partial(_framed, look))
    return HttpResponse(fragment.fill(values))


def progress_of(attempt: Attempt) -> dict[str, Any]:
    """How far the attempt has come, the time left in seconds and when it ends."""
    places, end = query.places(attempt), attempt.deadline_at
    return {
        "places": places,
        "count": len(places),
        "answered_count": sum(place.is_answered for place in places),
        "seconds_left": max(0, int((end - timezone.now()).total_seconds())) if end else None,
        "ends_at": clock(end, "H:i:s T") if end else "",
    }


def clock(at: Any, form: str = "H:i:s") -> str:
    """The time of day where the candidate is."""
    return date_format(timezone.localtime(at), form)


def _framed(look: Look) -> Fragment:
    """The page as it looks, rendered without a request: what is in neither `look` nor a hole cannot be in it."""
    placeholders = Placeholders()
    public_id, position = placeholders.uuid("public_id"), placeholders.number("position")
    sent = {name: placeholders.text(name) for name in ("shown_at", "seen")}
    context = {
        **frame(Preferences(theme=look.theme, keys=look.keys)),
        **{name: placeholders.text(name) for name in FILLED},
        "look": look,
        "user": SimpleNamespace(is_authenticated=look.signed_in, is_staff=look.is_staff),
        "attempt": SimpleNamespace(
            public_id=public_id,
            title=placeholders.text("title"),
            is_open=True,
            explains_at_once=look.explains_at_once,
        ),
        "position": position,
        "here": reverse("question", args=[public_id, position]),
        "seconds_left": placeholders.text("seconds_left") if look.is_timed else None,
        "saved": fragments.saved_placeholder(placeholders, is_bookmarked=look.is_bookmarked, has_note=look.has_note),
        "submission": SubmissionForm(initial={"confidence": look.confidence, "flagged": look.is_flagged, **sent}),
    }
    return placeholders.fragment(render_to_string("questions/attempts/question.html", context))


def _messages(request: HttpRequest) -> str:
    """What is to be told, once."""
    told = get_messages(request)
    return render_to_string("_messages.html", {"messages": told}) if len(told) else ""


def _asked(asked: AskedQuestion, form: AnswerForm | None) -> str:
    """The question and the fields for its answer; made once unless they hold what somebody wrote."""
    response = asked.response

    def made() -> str:
        return render_to_string("questions/attempts/_asked.html", {"asked": asked, "form": form or asked.form()})

    if form is not None:
        return made()
    follows_from = (get_language(), response.revision.digest, response.option_order, response.answer)
    return cached(("asked", *follows_from), made, unless=lambda: not asked.question_type.machine_graded)


def _card(request: HttpRequest, asked: AskedQuestion) -> str:
    """What one can do about the question in a session of the plan."""
    response = asked.response
    context = {"attempt": response.attempt, "position": response.position, "learned": review_outcome(response)}
    return render_to_string("questions/attempts/_card.html", context, request)


def _places(places: list[Response], current: int) -> SafeString:
    """A button for each place."""
    language = get_language()
    buttons = (_place(language, one.position, one.is_answered, one.flagged, one.position == current) for one in places)
    return mark_safe("".join(buttons))  # noqa: S308 - rendered by a template


@lru_cache(maxsize=2_000)
def _place(_language: str, position: int, is_answered: bool, is_flagged: bool, is_current: bool) -> str:
    """The button that leads to a place."""
    context = {"position": position, "is_answered": is_answered, "is_flagged": is_flagged, "is_current": is_current}
    return render_to_string("questions/attempts/_question_link.html", context)
