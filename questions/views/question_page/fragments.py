"""Parts of pages that are made once for all who see the same: an explanation, and the buttons to keep a question."""

from functools import partial
from types import SimpleNamespace

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.notes.saved_items import SavedItem
from questions.performance.fragment_cache import Fragment, Placeholders, cached


def explained(request: HttpRequest, asked: AskedQuestion, heading: str = "") -> str:
    """The answer's verdict and why, beneath a heading of its own where `heading` names one for what is below it.

    Made once for each answer that a machine grades, unless there is something to tell that is one candidate's alone:
    that it was graded anew, or that the question has changed.
    """
    response, question = asked.response, asked.response.revision.question
    told = asked.has_changed or (heading and response.regradings.all())
    if told or not asked.question_type.machine_graded:
        context = {"asked": asked, "attempt": response.attempt, "heading": heading, "regradings": bool(heading)}
        return render_to_string(
            "questions/attempts/_explained.html", {**context, "focus_outcome": not heading}, request
        )
    follows_from = (
        *(get_language(), heading, response.revision.digest, asked.verification),
        *(response.option_order, response.answer, response.fraction, response.confidence),
        *(question.topic.slug, question.topic.title),
        question.takeaway and question.takeaway.natural_key(),
        question.faq and (*question.faq.natural_key(), question.faq.question),
    )
    fragment = cached(("explained", *follows_from), partial(_explained_once, asked, heading))
    return fragment.fill({"public_id": response.attempt.public_id, "position": response.position})


def _explained_once(asked: AskedQuestion, heading: str) -> Fragment:
    """What is explained, with holes for the attempt and the position in it."""
    placeholders, given = Placeholders(), asked.response
    response = Response(
        attempt=Attempt(pk=given.attempt_id, public_id=placeholders.uuid("public_id")),
        position=placeholders.number("position"),
        revision=given.revision,
        option_order=given.option_order,
        answer=given.answer,
        fraction=given.fraction,
        confidence=given.confidence,
        answered_at=given.answered_at,
    )
    context = {"asked": AskedQuestion(response), "heading": heading, "focus_outcome": not heading}
    return placeholders.fragment(render_to_string("questions/attempts/_explained.html", context))


def keep(request: HttpRequest, asked: AskedQuestion, saved: SavedItem) -> SafeString:
    """The bookmark and the note of the question."""
    key = ("keep", get_language(), saved.is_bookmarked, bool(saved.text))
    fragment = cached(key, partial(_keep_once, is_bookmarked=saved.is_bookmarked, has_note=bool(saved.text)))
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


def _keep_once(*, is_bookmarked: bool, has_note: bool) -> Fragment:
    """The bookmark and the note, with holes for what they are on."""
    placeholders = Placeholders()
    context = {
        **{name: placeholders.text(name) for name in ("csrf_token", "here")},
        "saved": saved_placeholder(placeholders, is_bookmarked=is_bookmarked, has_note=has_note),
        "position": placeholders.number("position"),
    }
    return placeholders.fragment(render_to_string("questions/notes/_saved_question.html", context))


def saved_placeholder(placeholders: Placeholders, *, is_bookmarked: bool, has_note: bool) -> SimpleNamespace:
    """What stands for a Kept of a question."""
    return SimpleNamespace(
        kind="question",
        pk=placeholders.number("question"),
        is_bookmarked=is_bookmarked,
        text=placeholders.text("note") if has_note else "",
        stamp=placeholders.text("stamp"),
    )
