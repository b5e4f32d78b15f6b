"""Taking a quiz, an exam, a session or an interview: the question page, the overview before handing in, and the end."""

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
    """Return the requester's attempt, ended if its time has run out; raise Http404 for anybody else's."""
    attempt = get_object_or_404(Attempt.objects.owned_by(owner_of(request)), public_id=public_id)
    return attempts.close_if_due(attempt=attempt, at=timezone.now())


@never_cache
@require_safe
def attempt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Lead to the first unanswered question, to the overview, or to the result of an attempt that has ended."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    position = found.responses.unanswered().values_list("position", flat=True).first()
    return redirect("question", public_id, position) if position else redirect("overview", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Show one question, explained once its answer is final; save what its page sends and lead on."""
    if (response := query.response_at(owner_of(request), public_id, position)) is None:
        raise Http404
    attempts.close_if_due(attempt=response.attempt, at=timezone.now())
    asked = AskedQuestion(response)
    if request.method == "POST":
        return _submitted(request, asked) if response.attempt.is_open else _refused(request, asked)
    if not response.attempt.is_open:
        return redirect(_result_url(response))
    return question_page.page(request, asked)


def _submitted(request: HttpRequest, asked: AskedQuestion) -> HttpResponse:
    """Save the flag and the answer, then lead on; show the page again if the answer cannot be read."""
    submission, form, response = SubmissionForm(request.POST), asked.form(request.POST), asked.response
    submission.is_valid()
    at = timezone.now()
    if _is_overtaken(asked, form, submission):
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
        return _refused(request, asked)
    except attempts.AlreadyAnswered:
        messages.warning(request, _("You had answered this question already; your first answer stands."))
    if wants_answer and not form.is_valid():
        return question_page.page(request, asked, form, submission)
    if answer is None and not submission.moves_on:
        messages.warning(request, _("Nothing was saved: give an answer first."))
    return _led_on(request, response, submission)


def _is_overtaken(asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm) -> bool:
    """Whether an interview's page holds words that a newer answer from another page would lose or be lost to."""
    if not asked.response.attempt.is_interview or not submission.is_outdated(asked.response):
        return False
    return not form.is_valid() or asked.would_change(form)


def _wants_answer(request: HttpRequest, asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm) -> bool:
    """Whether the answer on the page is to be saved; tell the candidate if a newer one stands in its way."""
    if not submission.moves_on:
        return True
    if asked.response.attempt.explains_at_once:
        return False
    if submission.is_outdated(asked.response):
        if form.is_valid() and asked.would_change(form):
            messages.warning(request, _("This question was answered on another page; that answer was kept."))
        return False
    return True


def _led_on(request: HttpRequest, response: Response, submission: SubmissionForm) -> HttpResponse:
    """Lead where the button leads: to a question, which htmx gets at once, or to the end."""
    attempt, target = response.attempt, submission.target(response.position)
    following: Response | None = response if target == response.position else None
    if target is not None and following is None:
        following = query.response_at(attempt.owner, attempt.public_id, target)
    if following is None:
        return _finished_or_overview(attempt)
    url = reverse("question", args=[attempt.public_id, target])
    if not sent_by_htmx(request):
        return redirect(url)
    page = question_page.page(request, AskedQuestion(following))
    page.headers["HX-Push-Url"] = url
    return page


def _finished_or_overview(attempt: Attempt) -> HttpResponse:
    """End a session, or a practice quiz without open questions, and lead to its result; otherwise lead to the overview,
    which asks once more."""
    if attempt.is_session or (attempt.explains_at_once and not attempt.responses.unanswered().exists()):
        return _finished(attempt)
    return redirect("overview", attempt.public_id)


def _finished(attempt: Attempt) -> HttpResponse:
    """End the attempt and lead to its result, or back to the plan if nothing was answered in a session."""
    ended = attempts.finish(attempt=attempt, at=timezone.now())
    return redirect("result", ended.public_id) if ended else redirect("today")


def _refused(request: HttpRequest, asked: AskedQuestion) -> HttpResponse:
    """Say why nothing was saved and lead to the result; show an interview's unsaved words, to be copied."""
    attempt, form = asked.response.attempt, asked.form(request.POST)
    messages.error(request, _closed_message(attempt))
    if attempt.is_interview and form.unsaved():
        return render(request, "questions/interviews/late.html", {"attempt": attempt, "unsaved": form.unsaved()})
    return redirect(_result_url(asked.response))


def _closed_message(attempt: Attempt) -> str:
    """Why an answer was not saved."""
    if attempt.status == AttemptStatus.EXPIRED or attempt.is_open:
        return _("Time has run out, so this answer was not saved. Everything that you had saved was handed in.")
    return _("This quiz has ended, so this answer was not saved. What you had handed in stays as it was.")


def _result_url(response: Response) -> str:
    """The place of the response on the result page."""
    return f"{reverse('result', args=[response.attempt.public_id])}#question-{response.position}"


@never_cache
@require_safe
def overview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which questions are answered and flagged before the attempt is handed in."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    context = {"attempt": found, **question_page.attempt_progress(found)}
    return render(request, "questions/attempts/overview.html", context)


@require_POST
def hand_in(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """End the attempt."""
    return _finished(own_attempt(request, public_id))


@require_POST
def abandon(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the attempt up; its answers are kept."""
    try:
        attempts.abandon(attempt=own_attempt(request, public_id), at=timezone.now())
    except attempts.IllegalTransition:
        messages.info(request, _("That quiz had ended already."))
    return redirect("history")
