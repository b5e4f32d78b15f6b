"""Pages of the mock interview: start and report."""

import uuid

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.attempts.results import scored
from questions.enums import AttemptMode
from questions.forms.interviews import InterviewForm
from questions.forms.quizzes import StartForm
from questions.interviews import services as interviews
from questions.interviews.report import report_of
from questions.notes import saved_items
from questions.views.question_page import fragments
from questions.views.question_page.page import RECORDINGS_POLICY

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


def report(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Show the report on an interview that has ended."""
    report = report_of(attempt)
    saved = saved_items.of_questions(attempt.owner, report.result.question_ids)
    questions = fragments.reviewed(request, report.result, saved)
    context = {
        "report": report,
        "questions": questions,
        "attempt": attempt,
        "form": StartForm(),
        "page_id": uuid.uuid4(),
    }
    page = render(request, "questions/interviews/report.html", context)
    csp_update(RECORDINGS_POLICY)(lambda _: page)(request)
    return page
