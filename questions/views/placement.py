"""Pages of the placement test: offer, question, result."""

import uuid
from contextlib import suppress
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.attempts import drafts
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode
from questions.forms.attempts import SubmittedPage, initial_values
from questions.forms.quizzes import StartForm
from questions.scheduling.placement import MAX_QUESTIONS, MIN_QUESTIONS
from questions.study import placement as placements
from questions.study.agenda import Agenda, agenda_of
from questions.study.percentages import Forecast
from questions.study.services import NothingToAsk
from questions.types import UNKNOWN, AnswerForm
from questions.views.attempts import own_attempt
from questions.views.drafts import asked_now, keep_page
from questions.views.home import quick_plan
from questions.views.question_page import fragments, query


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def placement(request: HttpRequest) -> HttpResponse:
    """Offer the placement test; start or resume it."""
    if request.method == "POST":
        return _start(request)
    context = {
        "running": placements.running(owner_of(request)),
        "form": StartForm(),
        "least": MIN_QUESTIONS,
        "most": MAX_QUESTIONS,
    }
    return render(request, "questions/placement/placement.html", context)


def _start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    form.is_valid()
    try:
        attempt = placements.start(owner=owner_or_new_visitor(request), at=timezone.now(), public_id=form.public_id)
    except NothingToAsk:
        messages.info(request, _("You have already seen every question that a placement test could ask."))
        return redirect("today")
    return redirect("placement-question", attempt.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the question of a placement test that is not answered yet, below the explanation of the one before; save an
    answer, and end the test where the candidate stops it or no question is left to ask."""
    attempt, at = _own_placement(request, public_id), timezone.now()
    answered = list(attempt.responses.answered().with_question())
    asked = asked_now(partial(query.asked_at, attempt.owner, public_id, len(answered) + 1), at)
    if asked is None or not attempt.is_open:
        ended = not placements.advance(attempt=attempt, at=at).is_open
        return redirect("placement-result" if ended else "placement-question", public_id)
    if request.method == "POST":
        return _submit(request, asked)
    return _page(request, asked, answered, asked.form())


def _submit(request: HttpRequest, asked: AskedQuestion) -> HttpResponse:
    """Save what the page holds, and go to the next question or to the result."""
    attempt, at, form = asked.response.attempt, timezone.now(), asked.form(request.POST)
    if request.POST.get("position") != str(asked.response.position):  # sent twice, or from an old page
        return redirect("placement-question", attempt.public_id)
    submission = SubmittedPage(request.POST)
    if "stop" in request.POST:
        return _stop(asked, form, submission)
    answer = UNKNOWN if "unknown" in request.POST else form.answer() if form.is_valid() else None
    if answer is None:
        if not form.errors:
            form.add_error(None, _("Choose an option, or say that you don't know."))
        return _page(request, asked, list(attempt.responses.answered().with_question()), form)
    try:
        attempts.record_response(response=asked.response, answer=answer, at=at, **submission.values(at))
    except (attempts.AlreadyAnswered, attempts.AttemptClosed):
        return redirect("placement-question", attempt.public_id)
    ended = not placements.advance(attempt=attempt, at=at).is_open
    return redirect("placement-result" if ended else "placement-question", attempt.public_id)


def _stop(asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage) -> HttpResponse:
    """End the test; what is chosen but not answered is kept as a draft."""
    at = timezone.now()
    with suppress(drafts.TooMuch):  # which no page of this site sends
        keep_page(asked, form, submission, at)
    ended = attempts.finish(attempt=asked.response.attempt, at=at)
    return redirect("placement-result", ended.public_id) if ended else redirect("today")


def _page(request: HttpRequest, asked: AskedQuestion, answered: list[Any], form: AnswerForm) -> HttpResponse:
    before = AskedQuestion(answered[-1]) if answered else None
    context = {
        "asked": asked,
        "form": form,
        "sent": initial_values(asked, timezone.now()),
        "before": before,
        "explained_html": fragments.explained(request, before, heading="h3") if before else "",
        "most": MAX_QUESTIONS,
    }
    return render(request, "questions/placement/question.html", context)


@never_cache
@require_safe
def result(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what the answers say about each topic, what the plan makes of it, and the button for the first session."""
    attempt = _own_placement(request, public_id)
    if attempt.is_open:
        return redirect("placement-question", public_id)
    agenda = agenda_of(owner=attempt.owner, at=timezone.now())
    fractions = list(attempt.responses.answered().values_list("fraction", flat=True))
    context = {
        "attempt": attempt,
        "agenda": agenda,
        "right": sum(fraction == 1 for fraction in fractions),
        "count": len(fractions),
        "topics": _forecasts(agenda),
        "start_form": StartForm(),
        **({} if agenda.calendar.deadline else quick_plan(agenda.plan, agenda.day)),
    }
    return render(request, "questions/placement/result.html", context)


def _forecasts(agenda: Agenda) -> list[tuple[Topic, Forecast]]:
    """Return each topic with the range of what is known of its new questions, the least known first."""
    new = agenda.new_by_topic
    shares = sorted(agenda.known_shares.items(), key=lambda entry: entry[1].middle)
    return [(agenda.topics[pk], Forecast.from_range(share, seen=0, of=new[pk])) for pk, share in shares if new[pk]]


def _own_placement(request: HttpRequest, public_id: uuid.UUID) -> Attempt:
    """Return the owner's placement test; raise Http404 for any other attempt."""
    attempt = own_attempt(request, public_id)
    if attempt.mode != AttemptMode.PLACEMENT:
        raise Http404
    return attempt
