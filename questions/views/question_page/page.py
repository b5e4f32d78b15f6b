"""The question page in every mode: a frame that is rendered and cached once per variant, and filled for each request.

docs/performance.md explains why it does not use Django's `render`.
"""

import math
import uuid
from dataclasses import dataclass
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from questions.accounts.preferences import Preferences
from questions.attempts.asked_question import AskedQuestion, outcome_by_fraction, review_outcome
from questions.attempts.clock import clock
from questions.attempts.models import Attempt, Response
from questions.attempts.versions import versions
from questions.content.markdown import phrase_html
from questions.context_processors import frame
from questions.forms.attempts import SubmissionForm, SubmittedPage, initial_values
from questions.interviews.selection import pace_of
from questions.performance import switches
from questions.performance.fragment_cache import Fragment, Placeholders, cached
from questions.types import AnswerForm
from questions.views.question_page import fragments, query

RECORDINGS_POLICY = {"media-src": ["blob:"]}  # Content-Security-Policy of pages that play recordings
# Names of the values that fill the frame as text; `_frame` adds those that URLs and forms need.
SENT = ("shown_at", "seen", "page", "based_on")  # the values of `SubmittedPage` that each page has of its own
FILLED = (
    *(
        "csrf_token",
        "start_id",
        "count",
        "answered_count",
        "saved_at",
        "draft_at",
        "ends_at",
        "minutes_left",
        "outcome",
    ),
    *("messages_html", "asked_html", "explained_html", "versions_html", "learned_html", "card_html"),
    *("outline_html", "follow_up_html", "follow_up_field"),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """Everything in which frames differ; a key of the cache."""

    signed_in: bool
    is_staff: bool
    theme: str
    keys: bool
    is_interview: bool
    explains_at_once: bool
    is_session: bool
    is_timed: bool
    is_machine_graded: bool
    has_follow_up: bool
    is_answered: bool
    is_explained: bool
    is_unknown: bool
    needs_marks: bool
    has_draft: bool
    is_rejected: bool
    is_first: bool
    is_last: bool
    is_flagged: bool
    confidence: str
    is_bookmarked: bool
    has_note: bool

    @property
    def section(self) -> str:
        """Return the entry of the navigation that the page belongs to."""
        return "study" if self.is_session else "interview" if self.is_interview else "practice"

    @property
    def onward(self) -> str:
        """Return the button that leads on from this question: "next" or "finish"."""
        return "finish" if self.is_last else "next"

    @property
    def primary(self) -> str:
        """Return the button that is the primary action: "check", "save", "marks", "next" or "finish"."""
        if self.needs_marks:
            return "marks"
        if self.is_explained or (self.is_answered and not self.has_draft and not self.is_rejected):
            return self.onward
        return "check" if self.explains_at_once else "save"

    @property
    def template(self) -> str:
        return "questions/interviews/question.html" if self.is_interview else "questions/attempts/question.html"


def page(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm | None = None, submission: SubmittedPage | None = None
) -> HttpResponse:
    """Return the page of a question in any mode; `form` and `submission` hold what a request sent that was rejected."""
    response, attempt = asked.response, asked.response.attempt
    is_beside = submission is not None and submission.is_outdated(response)
    others = versions(asked, submission.page_save.page if submission else None, with_answer=is_beside)
    saved = query.saved_with(response)
    shown = initial_values(asked, timezone.now()) | (submission.sent if submission else {})
    progress, preferences = attempt_progress(attempt), request.preferences  # type: ignore[attr-defined]
    variant = Variant(
        signed_in=request.user.is_authenticated,
        is_staff=request.user.is_staff,
        theme=preferences.theme,
        keys=preferences.keys,
        is_interview=attempt.is_interview,
        explains_at_once=attempt.explains_at_once,
        is_session=attempt.is_session,
        is_timed=attempt.deadline_at is not None,
        is_machine_graded=attempt.is_interview and asked.question_type.machine_graded,
        has_follow_up=asked.follow_up is not None,
        is_answered=response.is_answered,
        is_explained=response.is_revealed,
        is_unknown=asked.is_unknown,
        needs_marks=response.is_revealed and asked.outcome == "unmarked",
        has_draft=asked.draft is not None,
        is_rejected=form is not None,
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
        **{name: shown[name] for name in SENT},
        "saved_at": clock(response.answered_at) if response.answered_at else "",
        "draft_at": asked.draft.time if asked.draft else "",
        "outcome": asked.outcome_label if variant.is_explained else "",
        "messages_html": _messages(request),
        "asked_html": "" if variant.is_explained else _asked(asked, form, is_beside=is_beside),
        "explained_html": fragments.explained(request, asked) if variant.is_explained else "",
        "versions_html": fragments.other_versions(request, asked, others),
        **(_card(request, asked) if variant.is_session else {"learned_html": "", "card_html": ""}),
        "outline_html": _outline(progress["outline"], response.position, explained=attempt.explains_at_once),
        **_follow_up(asked, form),
    }
    frame = cached(("question", get_language(), settings.SITE_NAME, variant), partial(_frame, variant))
    page = HttpResponse(frame.fill(values))
    if variant.is_interview:
        csp_update(RECORDINGS_POLICY)(lambda _: page)(request)
    return page


def attempt_progress(attempt: Attempt) -> dict[str, Any]:
    """Return the attempt's outline, the numbers of questions and of answers, and the time left."""
    outline, end = query.outline(attempt), attempt.deadline_at
    seconds_left = max(0, int((end - timezone.now()).total_seconds())) if end else None
    minutes_left = math.ceil((seconds_left or 0) / 60)
    left = ngettext("%d minute left", "%d minutes left", minutes_left) % minutes_left if attempt.is_interview else ""
    return {
        "outline": outline,
        "count": len(outline),
        "answered_count": sum(response.is_answered for response in outline),
        "seconds_left": seconds_left,
        "minutes_left": left,
        "ends_at": timezone.localtime(end).strftime("%H:%M %Z" if attempt.is_interview else "%H:%M:%S %Z")
        if end
        else "",
    }


def _frame(variant: Variant) -> Fragment:
    """Render the frame without a request, so that no candidate's data can end up in it."""
    placeholders = Placeholders()
    public_id, position = placeholders.uuid("public_id"), placeholders.number("position")
    context = {
        **frame(Preferences(theme=variant.theme, keys=variant.keys), variant.section),
        **{name: placeholders.text(name) for name in FILLED},
        "variant": variant,
        "user": SimpleNamespace(is_authenticated=variant.signed_in, is_staff=variant.is_staff),
        "attempt": SimpleNamespace(
            public_id=public_id,
            title=placeholders.text("title"),
            is_open=True,
            explains_at_once=variant.explains_at_once,
        ),
        "position": position,
        "here": reverse("question", args=[public_id, position]),
        "pace": pace_of(machine_graded=variant.is_machine_graded),
        "seconds_left": placeholders.text("seconds_left") if variant.is_timed else None,
        "saved": fragments.saved_placeholder(
            placeholders, is_bookmarked=variant.is_bookmarked, has_note=variant.has_note
        ),
        "submission": SubmissionForm(initial={"confidence": variant.confidence, "flagged": variant.is_flagged}),
        "sent": {name: placeholders.text(name) for name in SENT},
    }
    return placeholders.fragment(render_to_string(variant.template, context))


def _follow_up(asked: AskedQuestion, form: AnswerForm | None) -> dict[str, str]:
    """Render an interview's follow-up question and the field for its answer; empty texts if none is asked."""
    if asked.follow_up is None:
        return {"follow_up_html": "", "follow_up_field": ""}
    field = (form or asked.form())["follow_up"]
    label = format_html('<label class="form-label" for="{}">{}</label>', field.id_for_label, field.label)
    return {
        "follow_up_html": phrase_html(asked.follow_up_text, asked.item.pictures),
        "follow_up_field": format_html("{} {}", label, field),
    }


def _messages(request: HttpRequest) -> str:
    """Render and consume the pending messages."""
    pending = get_messages(request)
    return render_to_string("_messages.html", {"messages": pending}) if len(pending) else ""


def _asked(asked: AskedQuestion, form: AnswerForm | None, *, is_beside: bool) -> str:
    """Render the question and the fields for the answer; cached unless a form is given or the question is open.

    `is_beside` says that the saved answer is shown as another page's already.
    """
    response = asked.response

    def render() -> str:
        context = {"asked": asked, "form": form or asked.form(), "is_beside": is_beside}
        return render_to_string("questions/attempts/_asked.html", context)

    if form is not None or asked.draft:
        return render()
    key = (get_language(), response.revision.digest, response.option_order, response.answer)
    return cached(("asked", *key), render, unless=lambda: not asked.question_type.machine_graded)


def _card(request: HttpRequest, asked: AskedQuestion) -> dict[str, str]:
    """Render when the question comes again in the study plan, and the actions on it in a session."""
    response = asked.response
    learned = review_outcome(response)
    at = response.answered_at if response.fraction is None else None
    context = {
        "attempt": response.attempt,
        "position": response.position,
        "learned": learned,
        "can_undo": learned or (at and Response.objects.filter(pk=response.pk).undoable_since(at).exists()),
    }
    return {
        f"{name}_html": render_to_string(f"questions/attempts/_{name}.html", context, request)
        for name in ("learned", "card")
    }


def _outline(outline: list[Response], current: int, *, explained: bool) -> SafeString:
    """Render a button for each question of the attempt, with the outcomes if the answers are explained at once."""
    language = get_language()
    buttons = (
        _question_link(language, each.position, _state(each, explained), each.flagged, each.position == current)
        for each in outline
    )
    return mark_safe("".join(buttons))  # noqa: S308 - rendered by a template


def _state(response: Any, explained: bool) -> str:
    """Return what the button of a question may tell: the outcome, only whether it is answered, or nothing."""
    if not response.is_answered:
        return ""
    if response.says_unknown:  # which the candidate knows anyway
        return "unknown"
    return outcome_by_fraction(response) if explained else "answered"


@lru_cache(switches.cache_size(2_000, "fragments"))
def _question_link(_language: str, position: int, state: str, is_flagged: bool, is_current: bool) -> str:
    """Render the button that leads to a question."""
    context = {"position": position, "state": state, "is_flagged": is_flagged, "is_current": is_current}
    return render_to_string("questions/attempts/_question_link.html", context)
