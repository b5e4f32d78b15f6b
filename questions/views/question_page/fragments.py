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
from questions.notes.saved_items import Kept
from questions.performance.fragment_cache import Holes, Skeleton, once


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
    skeleton = once(("explained", *follows_from), partial(_explained_once, asked, heading))
    return skeleton.filled({"public_id": response.attempt.public_id, "position": response.position})


def _explained_once(asked: AskedQuestion, heading: str) -> Skeleton:
    """What is explained, with holes for the attempt and the position in it."""
    holes, given = Holes(), asked.response
    response = Response(
        attempt=Attempt(pk=given.attempt_id, public_id=holes.uuid("public_id")),
        position=holes.number("position"),
        revision=given.revision,
        option_order=given.option_order,
        answer=given.answer,
        fraction=given.fraction,
        confidence=given.confidence,
        answered_at=given.answered_at,
    )
    context = {"asked": AskedQuestion(response), "heading": heading, "focus_outcome": not heading}
    return holes.cut(render_to_string("questions/attempts/_explained.html", context))


def keep(request: HttpRequest, asked: AskedQuestion, kept: Kept) -> SafeString:
    """The bookmark and the note of the question."""
    key = ("keep", get_language(), kept.is_bookmarked, bool(kept.text))
    skeleton = once(key, partial(_keep_once, is_bookmarked=kept.is_bookmarked, has_note=bool(kept.text)))
    return skeleton.filled(
        {
            "csrf_token": get_token(request),
            "here": request.get_full_path(),
            "question": kept.pk,
            "note": kept.text,
            "stamp": kept.stamp,
            "position": asked.response.position,
        }
    )


def _keep_once(*, is_bookmarked: bool, has_note: bool) -> Skeleton:
    """The bookmark and the note, with holes for what they are on."""
    holes = Holes()
    context = {
        **{name: holes.text(name) for name in ("csrf_token", "here")},
        "kept": kept_in(holes, is_bookmarked=is_bookmarked, has_note=has_note),
        "position": holes.number("position"),
    }
    return holes.cut(render_to_string("questions/notes/_saved_question.html", context))


def kept_in(holes: Holes, *, is_bookmarked: bool, has_note: bool) -> SimpleNamespace:
    """What stands for a Kept of a question."""
    return SimpleNamespace(
        kind="question",
        pk=holes.number("question"),
        is_bookmarked=is_bookmarked,
        text=holes.text("note") if has_note else "",
        stamp=holes.text("stamp"),
    )
