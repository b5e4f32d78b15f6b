"""Views of an attempt in progress: question page, overview, hand in, abandon."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptStatus
from questions.forms.attempts import SubmissionForm
from questions.types import AnswerForm
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
    """Redirect to the first unanswered question, to the overview, or to the result if the attempt has ended."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    position = found.responses.unanswered().values_list("position", flat=True).first()
    return redirect("question", public_id, position) if position else redirect("overview", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Show a question, with its explanation once the answer is final; save a submitted answer and flag."""
    if (response := query.response_at(owner_of(request), public_id, position)) is None:
        raise Http404
    attempts.close_if_due(attempt=response.attempt, at=timezone.now())
    asked = AskedQuestion(response)
    if request.method == "POST":
        return _submit(request, asked) if response.attempt.is_open else _reject(request, asked)
    if not response.attempt.is_open:
        return redirect(_result_url(response))
    return question_page.page(request, asked)


def _submit(request: HttpRequest, asked: AskedQuestion) -> HttpResponse:
    """Save the flag and the answer and go where the button leads; show the page again if the answer is invalid."""
    submission, form, response = SubmissionForm(request.POST), asked.form(request.POST), asked.response
    submission.is_valid()
    at = timezone.now()
    if _has_edit_conflict(asked, form, submission):
        messages.warning(
            request,
            _("This was answered on another page meanwhile. What you wrote here is not lost: save it to replace that."),
        )
        return question_page.page(request, asked, form, SubmissionForm.for_page(response, at))
    wants_answer = _wants_answer(request, asked, form, submission)
    answer = form.answer() if wants_answer and form.is_valid() else None
    try:
        attempts.record_response(response=response, answer=answer, at=at, **submission.values(at))
    except attempts.AttemptClosed:
        return _reject(request, asked)
    except attempts.AlreadyAnswered:
        messages.warning(request, _("You had answered this question already; your first answer stands."))
    if wants_answer and not form.is_valid():
        return question_page.page(request, asked, form, submission)
    if answer is None and not submission.moves_on:
        messages.warning(request, _("Nothing was saved: give an answer first."))
    return _go_on(request, response, submission)


def _has_edit_conflict(asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm) -> bool:
    """Return whether the text of an interview answer conflicts with a newer answer from another page."""
    if not asked.response.attempt.is_interview or not submission.is_outdated(asked.response):
        return False
    return not form.is_valid() or asked.would_change(form)


def _wants_answer(request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm) -> bool:
    """Return whether to save the submitted answer; warn the candidate if a newer answer prevents it."""
    if not submission.moves_on:
        return True
    if asked.response.attempt.explains_at_once:
        return False
    if submission.is_outdated(asked.response):
        if form.is_valid() and asked.would_change(form):
            messages.warning(request, _("This question was answered on another page; that answer was kept."))
        return False
    return True


def _go_on(request: HttpRequest, response: Response, submission: SubmissionForm) -> HttpResponse:
    """Go where the button leads: to another question, which htmx gets without a redirect, or to the end."""
    attempt, target = response.attempt, submission.target(response.position)
    next_response: Response | None = response if target == response.position else None
    if target is not None and next_response is None:
        next_response = query.response_at(attempt.owner, attempt.public_id, target)
    if next_response is None:
        return _finish_or_overview(attempt)
    url = reverse("question", args=[attempt.public_id, target])
    if not sent_by_htmx(request):
        return redirect(url)
    page = question_page.page(request, AskedQuestion(next_response))
    page.headers["HX-Push-Url"] = url
    return page


def _finish_or_overview(attempt: Attempt) -> HttpResponse:
    """End a session, or a practice quiz without unanswered questions; redirect to the overview otherwise."""
    if attempt.is_session or (attempt.explains_at_once and not attempt.responses.unanswered().exists()):
        return _finish(attempt)
    return redirect("overview", attempt.public_id)


def _finish(attempt: Attempt) -> HttpResponse:
    """End the attempt and redirect to its result, or to Today if a session has no answers."""
    ended = attempts.finish(attempt=attempt, at=timezone.now())
    return redirect("result", ended.public_id) if ended else redirect("today")


def _reject(request: HttpRequest, asked: AskedQuestion) -> HttpResponse:
    """Say why the answer was not saved and redirect to the result; show an unsaved interview answer for copying."""
    attempt, form = asked.response.attempt, asked.form(request.POST)
    messages.error(request, _closed_message(attempt))
    if attempt.is_interview and form.unsaved():
        return render(request, "questions/interviews/late.html", {"attempt": attempt, "unsaved": form.unsaved()})
    return redirect(_result_url(asked.response))


def _closed_message(attempt: Attempt) -> str:
    if attempt.status == AttemptStatus.EXPIRED or attempt.is_open:
        return _("Time has run out, so this answer was not saved. Everything that you had saved was handed in.")
    return _("This quiz has ended, so this answer was not saved. What you had handed in stays as it was.")


def _result_url(response: Response) -> str:
    """Return the URL of the response on the result page."""
    return f"{reverse('result', args=[response.attempt.public_id])}#question-{response.position}"


@never_cache
@require_safe
def overview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which questions are answered and flagged."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    context = {"attempt": found, **question_page.attempt_progress(found)}
    return render(request, "questions/attempts/overview.html", context)


@require_POST
def hand_in(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Hand the attempt in."""
    return _finish(own_attempt(request, public_id))


@require_POST
def abandon(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Abandon the attempt and keep its answers."""
    try:
        attempts.abandon(attempt=own_attempt(request, public_id), at=timezone.now())
    except attempts.IllegalTransition:
        messages.info(request, _("That quiz had ended already."))
    return redirect("history")
