"""Pages of the mock interview: start, the question at its end, and report."""

import uuid
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.attempts import services as attempts
from questions.attempts.clock import clock
from questions.attempts.models import Attempt
from questions.attempts.results import scored
from questions.enums import AttemptMode
from questions.forms.interviews import ClosingForm, InterviewForm
from questions.forms.quizzes import StartForm
from questions.interviews import closing as closings
from questions.interviews import services as interviews
from questions.interviews.report import report_of
from questions.interviews.verdict import verdict_of
from questions.notes import saved_items
from questions.notes.models import stamp
from questions.views.attempts import finish_and_show, own_attempt
from questions.views.drafts import time_left_of
from questions.views.question_page import fragments
from questions.views.question_page.page import RECORDINGS_POLICY, attempt_progress

MAX_LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def interview(request: HttpRequest) -> HttpResponse:
    """Show the form for a mock interview and the owner's earlier interviews; start one."""
    owner, at = owner_of(request), timezone.now()
    form = InterviewForm(
        request.POST if request.method == "POST" else None, initial={"topics": list(interviews.weights(owner=owner))}
    )
    if request.method == "POST" and form.is_valid():
        return _start(request, form)
    attempts.close_overdue(owner=owner, at=at)
    held = Attempt.objects.owned_by(owner).in_mode(AttemptMode.INTERVIEW).latest_first().with_progress()
    return render(request, "questions/interviews/interview.html", {"form": form, "held": scored(held[:MAX_LISTED])})


def _start(request: HttpRequest, form: InterviewForm) -> HttpResponse:
    """Start the interview and redirect to it, with a message if it has fewer questions than planned."""
    attempt = interviews.start(
        owner=owner_or_new_visitor(request),
        minutes=form.cleaned_data["minutes"],
        topics=form.cleaned_data["topics"],
        at=timezone.now(),
        public_id=form.public_id,
    )
    if shortfall := form.shortfall():
        messages.info(request, shortfall)
    return redirect(attempt)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the last step, what the candidate would ask the interviewer; save it and go where the button leads."""
    attempt = _own_interview(request, public_id)
    form = ClosingForm(request.POST if request.method == "POST" else None, initial={"text": attempt.closing_question})
    if request.method == "POST" and _save_closing(attempt, form):
        return _leave_closing(request, attempt)
    if request.method != "POST" and (not attempt.is_open or attempt.is_time_up(timezone.now())):
        return redirect("result", public_id)
    context = {
        "attempt": attempt,
        "form": form,
        "seen": form["seen"].value() or stamp(attempt.closing_question),
        "page_id": uuid.uuid4(),
        **attempt_progress(attempt),
    }
    return render(request, "questions/interviews/closing.html", context)


def _leave_closing(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Hand the interview in, or go back to its questions, as the button says."""
    go = request.POST.get("go")
    if attempt.is_open and go == "previous":
        return redirect("question", attempt.public_id, attempt.responses.count())
    if attempt.is_open and go == "finish":
        return redirect("overview", attempt.public_id)
    return finish_and_show(attempt)


@require_POST
def closing_draft(request: HttpRequest, public_id: uuid.UUID) -> JsonResponse:
    """Save the candidate's question while it is typed, and return what the page needs to know."""
    try:
        attempt = _own_interview(request, public_id)
    except Http404:
        return JsonResponse({"error": "login"}, status=404)
    form, at = ClosingForm(request.POST), timezone.now()
    if not _save_closing(attempt, form):
        return JsonResponse({"error": "too much"}, status=413)
    saved = attempt.closing_question
    told: dict[str, Any] = {"kept": "saved" if attempt.is_open else "late", "seen": stamp(saved), "at": clock(at)}
    if saved.strip() != form.cleaned_data["text"].strip():  # joined with the text of another page
        told["joined"] = {"text": saved}
    return JsonResponse(told | time_left_of(attempt, at))


def _own_interview(request: HttpRequest, public_id: uuid.UUID) -> Attempt:
    """Return the owner's interview, ended if its time has run out; raise Http404 for anything else."""
    attempt = own_attempt(request, public_id)
    if not attempt.is_interview:
        raise Http404
    return attempt


def _save_closing(attempt: Attempt, form: ClosingForm) -> bool:
    """Save what the form holds; return False, with an error on the form, if it is too long."""
    if not form.is_valid():
        return False
    try:
        closings.write_question(attempt=attempt, **form.cleaned_data)
    except closings.TooLong:
        form.add_error(
            "text",
            _("Your question was changed in another tab, and both versions together are too long. Shorten yours."),
        )
        return False
    return True


def report(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Show the report on an interview that has ended."""
    report = report_of(attempt)
    saved = saved_items.of_questions(attempt.owner, report.result.question_ids)
    questions = fragments.reviewed(request, report.result, saved)
    context = {
        "report": report,
        "verdict": verdict_of(report),
        "questions": questions,
        "attempt": attempt,
        "form": StartForm(),
        "page_id": uuid.uuid4(),
    }
    page = render(request, "questions/interviews/report.html", context)
    csp_update(RECORDINGS_POLICY)(lambda _: page)(request)
    return page
