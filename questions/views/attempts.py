"""Views of an attempt in progress: question page, overview, hand in, abandon."""

import uuid
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.attempts import drafts, keeping
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.keeping import Kept
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptMode, AttemptStatus
from questions.forms.attempts import SubmittedPage
from questions.types import UNKNOWN, AnswerForm
from questions.views.drafts import (
    asked_now,
    keep_note,
    keep_page,
    keep_result,
    keep_submitted_marks,
    refused,
    reviewed_in,
)
from questions.views.http import sent_by_htmx
from questions.views.question_page import page as question_page
from questions.views.question_page import query


def own_attempt(request: HttpRequest, public_id: uuid.UUID) -> Attempt:
    """Return the owner's attempt, ended if its time has run out; raise Http404 for an attempt of somebody else."""
    attempt = get_object_or_404(Attempt.objects.owned_by(owner_of(request)), public_id=public_id)
    return attempts.close_if_due(attempt=attempt, at=timezone.now())


@never_cache
@require_safe
def attempt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Redirect to the first unanswered question, to the last step of an interview or the overview, or to the result if
    the attempt has ended."""
    found = own_attempt(request, public_id)
    if not found.is_open or found.is_time_up(timezone.now()):
        return redirect("result", public_id)
    if found.mode == AttemptMode.PLACEMENT:
        return redirect("placement-question", public_id)
    position = found.responses.unanswered().values_list("position", flat=True).first()
    if position:
        return redirect("question", public_id, position)
    return redirect("closing" if found.is_interview else "overview", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Show a question, with its explanation once the answer is final; save a submitted answer and flag."""
    at = timezone.now()
    if (asked := asked_now(partial(query.asked_at, owner_of(request), public_id, position), at)) is None:
        raise Http404
    attempt = asked.response.attempt
    if attempt.mode == AttemptMode.PLACEMENT and attempt.is_open:
        return redirect("placement-question", public_id)
    if request.method == "POST":
        return _submit(request, asked, at)
    if not attempt.is_open or attempt.is_time_up(at):
        return redirect(_result_url(asked.response))
    return question_page.page(request, asked)


def _submit(request: HttpRequest, asked: AskedQuestion, at: datetime) -> HttpResponse:
    """Keep what the page holds, as the answer if the button asks for that, and go where the button leads."""
    submission, form = SubmittedPage(request.POST), asked.form(request.POST)
    attempt = asked.response.attempt
    try:
        if attempt.is_open:
            keep_submitted_marks(request.POST, asked, at=at)
        else:
            keep_result(request, attempt, at)
        keep_note(request, asked, at)
        if submission.used is not None or submission.discarded:
            return _take_version(request, asked, form, submission, at)
        if reviewed_in(request):
            return _go_on(request, asked, submission)
        if not attempt.is_open:
            return _reject(request, asked, form, submission, at)
        if not _makes_answer(asked, form, submission):
            return _keep_and_go_on(request, asked, form, submission, at)
        return _answer(request, asked, form, submission, at)
    except drafts.TooMuch:
        return refused(request, asked, form, submission)


def _makes_answer(asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage) -> bool:
    """Return whether the button makes what the page holds the answer, and no newer answer stands in the way."""
    attempt = asked.response.attempt
    if submission.go_to == "over" and not attempt.is_time_up(timezone.now()):  # a browser's clock is fast
        return False
    if attempt.explains_at_once:
        return not asked.response.is_answered and not submission.moves_on
    return not submission.is_outdated(asked.response) or asked.is_saved(form)


def _answer(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime
) -> HttpResponse:
    """Save the answer, or show the page again if it is invalid; on the way to another page, keep it and say so."""
    response, page = asked.response, submission.page_save
    if submission.go_to == "unknown":
        return _say_unknown(request, asked, form, submission, at)
    answer = keeping.answer_of(asked, form, page)
    if answer and response.attempt.explains_at_once and (missing := form.missing()):
        form.add_error(None, missing)
        answer = None
    try:
        attempts.record_response(response=response, answer=answer, at=at, **submission.values(at))
    except attempts.AttemptClosed:
        return _reject(request, asked, form, submission, at)
    except attempts.AlreadyAnswered:
        return _keep_and_go_on(request, asked, form, submission, at)
    if answer is not None:
        keeping.forget(asked, page)
        if not answer and not submission.moves_on:
            messages.success(request, _("Your answer was removed, because the page was empty."))
        return _go_on(request, asked, submission)
    keep_page(asked, form, submission, at)
    if not form.errors:
        if not submission.moves_on and submission.go_to != "over":
            messages.warning(request, _("Nothing was saved: give an answer first."))
        return _go_on(request, asked, submission)
    if not submission.moves_on and submission.go_to != "over":
        return question_page.page(request, query.reread(asked), form, submission)
    errors = " ".join(str(error) for listed in form.errors.values() for error in listed)
    text = _("Question %(position)d is not answered yet; your draft is saved. %(errors)s")
    messages.warning(request, text % {"position": response.position, "errors": errors})
    return _go_on(request, asked, submission)


def _say_unknown(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime
) -> HttpResponse:
    """Save "I don't know" as the answer, and keep what was typed as a draft."""
    keeping.keep_unknown(asked=asked, form=form, page=submission.page_save, at=at)
    try:
        attempts.record_response(response=asked.response, answer=UNKNOWN, at=at, **submission.values(at))
    except attempts.AttemptClosed:
        return _reject(request, asked, form, submission, at)
    except attempts.AlreadyAnswered:
        return _keep_and_go_on(request, asked, form, submission, at)
    return _go_on(request, asked, submission)


def _keep_and_go_on(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime
) -> HttpResponse:
    """Keep what the page holds as a draft, and go on; if a newer answer stands in the way of a save, show both."""
    kept = keep_page(asked, form, submission, at)
    if kept == Kept.LATE:
        return _reject(request, asked, form, submission, at)
    if kept == Kept.FINAL:
        text = _("You have already answered this question, and your first answer counts. Your draft is shown below.")
        messages.warning(request, text)
    if kept == Kept.BESIDE and not submission.moves_on:
        text = _("You have since answered this question in another tab. Save this page to replace that answer.")
        messages.warning(request, text)
        return question_page.page(request, query.reread(asked), form, submission)
    if kept == Kept.BESIDE:
        text = _(
            "You answered this question in another tab, and that answer counts. "
            "What you wrote here is saved as a draft."
        )
        messages.warning(request, text)
    return _go_on(request, asked, submission)


def _take_version(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime
) -> HttpResponse:
    """Show the draft of another page in the fields, or delete it; what this page holds is kept either way."""
    if submission.discarded:  # first, in case that there are too many to keep what this page holds
        pk, number = submission.discarded
        drafts.delete(response=asked.response, pk=pk, number=number)
    keep_page(asked, form, submission, at)
    if submission.used is not None:
        drafts.use(response=asked.response, pk=submission.used, at=at)
    if asked.response.attempt.is_open:
        return redirect("question", asked.response.attempt.public_id, asked.response.position)
    return redirect(_result_url(asked.response))


def _go_on(request: HttpRequest, asked: AskedQuestion, submission: SubmittedPage) -> HttpResponse:
    """Go where the button leads: to another question, which htmx gets without a redirect, or to the end."""
    response, attempt = asked.response, asked.response.attempt
    if submission.go_to == "over" and attempt.is_time_up(timezone.now()):
        return finish_and_show(attempt)
    if submission.go_to == "report":
        return redirect("report", attempt.public_id, response.position)
    target = submission.target(response.position)
    next_asked: AskedQuestion | None = None
    if target == response.position:
        next_asked = query.reread(asked)
    elif target is not None:
        next_asked = query.asked_at(attempt.owner, attempt.public_id, target)
    if next_asked is None:
        return _finish_or_overview(attempt, submission)
    url = reverse("question", args=[attempt.public_id, target])
    if not sent_by_htmx(request):
        return redirect(url)
    page = question_page.page(request, next_asked)
    page.headers["HX-Push-Url"] = url
    return page


def _finish_or_overview(attempt: Attempt, submission: SubmittedPage) -> HttpResponse:
    """End a session, or a practice quiz without unanswered questions; redirect to the last step of an interview after
    its last question, and to the overview otherwise."""
    if attempt.is_session or (attempt.explains_at_once and not attempt.responses.unanswered().exists()):
        return finish_and_show(attempt)
    is_over = attempt.is_interview and submission.go_to != "finish"
    return redirect("closing" if is_over else "overview", attempt.public_id)


def finish_and_show(attempt: Attempt) -> HttpResponse:
    """End the attempt and redirect to its result, or to Today if a session has no answers."""
    ended = attempts.finish(attempt=attempt, at=timezone.now())
    return redirect("result", ended.public_id) if ended else redirect("today")


def _reject(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmittedPage, at: datetime
) -> HttpResponse:
    """Keep what came too late, say so, and redirect to the result, which shows it."""
    kept = keep_page(asked, form, submission, at)
    attempt = asked.response.attempt
    if kept != Kept.LATE:
        messages.info(request, _("Everything you wrote was handed in."))
    elif attempt.status == AttemptStatus.EXPIRED or attempt.is_open:
        messages.error(
            request, _("Time is up, so this answer does not count. You can find what you wrote in the result.")
        )
    else:
        messages.error(
            request, _("The quiz has ended, so this answer does not count. You can find what you wrote in the result.")
        )
    return redirect(_result_url(asked.response))


def _result_url(response: Response) -> str:
    """Return the URL of the response on the result page."""
    return f"{reverse('result', args=[response.attempt.public_id])}#question-{response.position}"


@never_cache
@require_safe
def overview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which questions are answered and flagged."""
    found = own_attempt(request, public_id)
    if not found.is_open or found.is_time_up(timezone.now()):
        return redirect("result", public_id)
    context = {"attempt": found, **question_page.attempt_progress(found)}
    return render(request, "questions/attempts/overview.html", context)


@require_POST
def hand_in(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand the attempt in."""
    return finish_and_show(own_attempt(request, public_id))


@require_POST
def abandon(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Abandon the attempt and keep its answers."""
    try:
        attempts.abandon(attempt=own_attempt(request, public_id), at=timezone.now())
    except attempts.IllegalTransition:
        messages.info(request, _("That quiz has already ended."))
    return redirect("history")
