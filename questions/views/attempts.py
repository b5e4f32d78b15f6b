"""Taking a quiz: one page a question, an overview, the result and the history."""

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
from questions.interviews.report import InterviewQuestion
from questions.types import AnswerForm
from questions.views import interviews
from questions.views.http import sent_by_htmx
from questions.views.question_page import page as question_page
from questions.views.question_page import query


def own_attempt(request: HttpRequest, public_id: uuid.UUID) -> Attempt:
    """The requester's attempt, ended if its time has run out; raises Http404 for anybody else's."""
    attempt = get_object_or_404(Attempt.objects.owned_by(owner_of(request)), public_id=public_id)
    return attempts.close_if_due(attempt=attempt, at=timezone.now())


@never_cache
@require_safe
def attempt(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Leads to where one left off: the first question without an answer, the overview, or the result."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    position = found.responses.unanswered().values_list("position", flat=True).first()
    return redirect("question", public_id, position) if position else redirect("overview", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """One question: asked, or explained once its answer is final."""
    if (response := query.response_at(owner_of(request), public_id, position)) is None:
        raise Http404
    asked = _asked(response)
    found = attempts.close_if_due(attempt=asked.response.attempt, at=timezone.now())
    if request.method == "POST":
        return _take_turn(request, found, asked) if found.is_open else _refused(request, found, asked)
    if not found.is_open:
        return redirect(f"{reverse('result', args=[public_id])}#question-{position}")
    return _page(request, asked)


def _asked(response: Response) -> AskedQuestion:
    """The question as the attempt's mode asks it."""
    return (InterviewQuestion if response.attempt.is_interview else AskedQuestion)(response)


def _page(
    request: HttpRequest, asked: AskedQuestion, form: AnswerForm | None = None, submission: SubmissionForm | None = None
) -> HttpResponse:
    """The question's page as the attempt's mode shows it, with what was sent where `form` and `turn` hold that."""
    if isinstance(asked, InterviewQuestion):
        return interviews.page(request, asked, form, submission)
    return question_page.page(request, asked, form, submission)


def _take_turn(request: HttpRequest, attempt: Attempt, asked: AskedQuestion) -> HttpResponse:
    """Saves what the question page sent, then leads on; shows the page again where the answer cannot be read."""
    submission, response = SubmissionForm(request.POST), asked.response
    submission.is_valid()
    form = asked.form(request.POST)
    outdated = attempt.is_interview and submission.is_outdated(response)
    if outdated and (not form.is_valid() or asked.would_change(form)):
        messages.warning(
            request,
            _("This was answered on another page meanwhile. What you wrote here is not lost: save it to replace that."),
        )
        return _page(request, asked, form, SubmissionForm.for_page(response, timezone.now()))
    flagged = bool(submission.cleaned_data.get("flagged"))
    try:
        if flagged != response.flagged:
            attempts.set_flag(attempt=attempt, position=response.position, flagged=flagged, at=timezone.now())
        if _holds_answer(request, attempt, asked, form, submission):
            if not form.is_valid():
                return _page(request, asked, form, submission)
            _save(request, attempt, asked, form, submission)
    except attempts.AttemptClosed:
        return _refused(request, attempt, asked)
    except attempts.AlreadyAnswered:
        messages.warning(request, _("You had answered this question already; your first answer stands."))
    return _led_on(request, attempt, response.position, submission)


def _holds_answer(
    request: HttpRequest, attempt: Attempt, asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm
) -> bool:
    """Whether the answer on the page is meant to be saved; tells where a newer one stands in its way."""
    if not submission.moves_on:
        return True
    if attempt.explains_at_once:
        return False
    if submission.is_outdated(asked.response):
        if not form.is_valid() or not asked.would_change(form):
            return False
        messages.warning(request, _("This question was answered on another page; that answer was kept."))
        return False
    return True


def _save(
    request: HttpRequest, attempt: Attempt, asked: AskedQuestion, form: AnswerForm, submission: SubmissionForm
) -> None:
    """Records the answer, or says that there was none."""
    at, answer = timezone.now(), form.answer()
    if answer is None:
        if not submission.moves_on:
            messages.warning(request, _("Nothing was saved: give an answer first."))
        return
    attempts.record_response(
        attempt=attempt,
        position=asked.response.position,
        answer=answer,
        at=at,
        confidence=submission.cleaned_data.get("confidence", ""),
        duration=submission.duration(at),
    )


def _led_on(request: HttpRequest, attempt: Attempt, position: int, submission: SubmissionForm) -> HttpResponse:
    """Where the button leads: to a question, which htmx gets at once, or to the end."""
    target = submission.target(position)
    led_to = None if target is None else query.response_at(attempt.owner, attempt.public_id, target)
    if led_to is None:
        return _finished_or_overview(attempt)
    address = reverse("question", args=[attempt.public_id, target])
    if not sent_by_htmx(request):
        return redirect(address)
    page = _page(request, _asked(led_to))
    page.headers["HX-Push-Url"] = address
    return page


def _finished_or_overview(attempt: Attempt) -> HttpResponse:
    """The result of a session, and of a practice quiz in which every answer is in; otherwise the overview, which asks
    once more."""
    if attempt.is_session or (attempt.explains_at_once and not attempt.responses.unanswered().exists()):
        return _finished(attempt)
    return redirect("overview", attempt.public_id)


def _finished(attempt: Attempt) -> HttpResponse:
    """Ends the attempt and leads to its result, or back to the plan where nothing came of it."""
    ended = attempts.finish(attempt=attempt, at=timezone.now())
    return redirect("result", ended.public_id) if ended else redirect("today")


def _refused(request: HttpRequest, attempt: Attempt, asked: AskedQuestion) -> HttpResponse:
    """Says why nothing was saved any more, and leads to the result."""
    messages.error(request, _closed_message(attempt))
    form = asked.form(request.POST)
    if attempt.is_interview and form.unsaved():
        return interviews.too_late(request, attempt, form)
    return redirect(f"{reverse('result', args=[attempt.public_id])}#question-{asked.response.position}")


def _closed_message(attempt: Attempt) -> str:
    """Why an answer was not saved."""
    if attempt.status == AttemptStatus.EXPIRED or attempt.is_open:
        return _("Time has run out, so this answer was not saved. Everything that you had saved was handed in.")
    return _("This quiz has ended, so this answer was not saved. What you had handed in stays as it was.")


@never_cache
@require_safe
def overview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Which questions are answered and flagged, before one hands in."""
    found = own_attempt(request, public_id)
    if not found.is_open:
        return redirect("result", public_id)
    context = {"attempt": found, **question_page.progress_of(found)}
    return render(request, "questions/attempts/overview.html", context)


@require_POST
def hand_in(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ends the attempt."""
    return _finished(own_attempt(request, public_id))


@require_POST
def abandon(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Gives the attempt up; its answers are kept."""
    try:
        attempts.abandon(attempt=own_attempt(request, public_id), at=timezone.now())
    except attempts.IllegalTransition:
        messages.info(request, _("That quiz had ended already."))
    return redirect("history")
