"""Cached fragments of pages: the explanation of an answer, and the bookmark and note of a question."""

from collections.abc import Mapping
from functools import partial
from types import SimpleNamespace

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.attempts.results import Result
from questions.attempts.versions import Version, versions
from questions.notes.saved_items import SavedItem
from questions.performance.fragment_cache import Fragment, Placeholders, cached


def reviewed(
    request: HttpRequest, result: Result, saved: Mapping[int, SavedItem]
) -> list[tuple[AskedQuestion, str, str, SafeString]]:
    """Return the questions of a result, each with the HTML of its explanation, of drafts beside it, and of its bookmark
    and note."""
    return [
        (
            asked,
            explained(request, asked, heading="h4"),
            other_versions(request, asked, versions(asked)),
            saved_item(request, asked, saved[pk]),
        )
        for pk, asked in zip(result.question_ids, result.questions, strict=True)
    ]


def explained(request: HttpRequest, asked: AskedQuestion, heading: str = "") -> str:
    """Render the outcome and the explanation, with a heading element such as "h4" if `heading` names one.

    All candidates with the same answer share the cached HTML, unless it holds something personal: an open answer, a
    regrade, or a notice that the question has changed.
    """
    response, question = asked.response, asked.response.revision.question
    is_personal = asked.has_changed or (heading and response.regradings.all())
    if is_personal or not asked.question_type.machine_graded:
        context = {
            "asked": asked,
            "attempt": response.attempt,
            "heading": heading,
            "regradings": bool(heading),
            "marks_form": "marks" if heading else "turn",
            "recordings": response.attempt.is_interview,
            "focus_outcome": not heading,
        }
        return render_to_string("questions/attempts/_explained.html", context, request)
    key = (
        "explained",
        *(get_language(), heading, response.revision.digest, asked.verification),
        *(response.option_order, response.answer, response.fraction, response.confidence),
        *(question.topic.slug, question.topic.title),
        question.takeaway and question.takeaway.natural_key(),
        question.faq and (*question.faq.natural_key(), question.faq.question),
    )
    fragment = cached(key, partial(_render_explained, asked, heading))
    return fragment.fill({"public_id": response.attempt.public_id, "position": response.position})


def _render_explained(asked: AskedQuestion, heading: str) -> Fragment:
    """Render an explanation with placeholders for the attempt and the position."""
    placeholders, original = Placeholders(), asked.response
    response = Response(
        attempt=Attempt(pk=original.attempt_id, public_id=placeholders.uuid("public_id")),
        position=placeholders.number("position"),
        revision=original.revision,
        option_order=original.option_order,
        answer=original.answer,
        fraction=original.fraction,
        confidence=original.confidence,
        answered_at=original.answered_at,
    )
    context = {"asked": AskedQuestion(response), "heading": heading, "focus_outcome": not heading}
    return placeholders.fragment(render_to_string("questions/attempts/_explained.html", context))


def other_versions(request: HttpRequest, asked: AskedQuestion, found: list[Version]) -> str:
    """Render what other pages hold for the question, with buttons to take it up or to delete it; empty if nothing."""
    if not found:
        return ""
    attempt = asked.response.attempt
    context = {
        "asked": asked,
        "versions": found,
        "form_id": "turn" if attempt.is_open else "marks",
        "url": reverse("question", args=[attempt.public_id, asked.response.position]),
    }
    return render_to_string("questions/attempts/_versions.html", context, request)


def saved_item(request: HttpRequest, asked: AskedQuestion, saved: SavedItem) -> SafeString:
    """Render the bookmark and the note of the question."""
    key = ("saved", get_language(), saved.is_bookmarked, bool(saved.text))
    fragment = cached(key, partial(_render_saved, is_bookmarked=saved.is_bookmarked, has_note=bool(saved.text)))
    return fragment.fill(
        {
            "csrf_token": get_token(request),
            "here": request.get_full_path(),
            "question": saved.pk,
            "note": saved.text,
            "stamp": saved.stamp,
            "position": asked.response.position,
        }
    )


def _render_saved(*, is_bookmarked: bool, has_note: bool) -> Fragment:
    """Render a bookmark and a note with placeholders for the question."""
    placeholders = Placeholders()
    context = {
        **{name: placeholders.text(name) for name in ("csrf_token", "here")},
        "saved": saved_placeholder(placeholders, is_bookmarked=is_bookmarked, has_note=has_note),
        "page_form": "marks",
        "position": placeholders.number("position"),
    }
    return placeholders.fragment(render_to_string("questions/notes/_saved_question.html", context))


def saved_placeholder(placeholders: Placeholders, *, is_bookmarked: bool, has_note: bool) -> SimpleNamespace:
    """Return placeholders in the shape of a question's `SavedItem`."""
    return SimpleNamespace(
        kind="question",
        pk=placeholders.number("question"),
        is_bookmarked=is_bookmarked,
        text=placeholders.text("note") if has_note else "",
        stamp=placeholders.text("stamp"),
    )
