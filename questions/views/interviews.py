"""The mock interview: where it begins, its questions' pages, and its report."""

import math
from typing import Any

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
from questions.forms.attempts import SubmissionForm
from questions.forms.interviews import InterviewForm
from questions.forms.quizzes import StartForm
from questions.interviews import services as interviews
from questions.interviews.report import InterviewQuestion, report_of
from questions.notes import saved_items
from questions.types import AnswerForm
from questions.views.question_page.page import progress_of

LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def interview(request: HttpRequest) -> HttpResponse:
    """What a mock interview is, how to begin one, and those that one has held."""
    owner, at = owner_of(request), timezone.now()
    form = InterviewForm(
        request.POST if request.method == "POST" else None, initial={"topics": list(interviews.weights(owner=owner))}
    )
    if request.method == "POST" and form.is_valid():
        return _begun(request, form)
    attempts.close_overdue(owner=owner, at=at)
    held = Attempt.objects.owned_by(owner).in_mode(AttemptMode.INTERVIEW).latest_first().with_progress()
    return render(request, "questions/interviews/interview.html", {"form": form, "held": scored(held[:LISTED])})


def _begun(request: HttpRequest, form: InterviewForm) -> HttpResponse:
    """Leads to the first question; says so where there are fewer than planned."""
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


def page(
    request: HttpRequest,
    asked: InterviewQuestion,
    form: AnswerForm | None = None,
    submission: SubmissionForm | None = None,
) -> HttpResponse:
    """The page of a question in an interview, with what was sent where `form` and `turn` hold that."""
    progress = progress_of(asked.response.attempt)
    context = {
        **progress,
        "attempt": asked.response.attempt,
        "asked": asked,
        "form": form or asked.form(),
        "submission": submission or SubmissionForm.for_page(asked.response, timezone.now()),
        "is_last": asked.response.position == progress["count"],
        "minutes_left": math.ceil((progress["seconds_left"] or 0) / 60),
    }
    return _with_recordings(request, "questions/interviews/question.html", context)


def too_late(request: HttpRequest, attempt: Attempt, form: AnswerForm) -> HttpResponse:
    """What was written and came after the end, so that it can be copied."""
    return render(request, "questions/interviews/late.html", {"attempt": attempt, "unsaved": form.unsaved()})


def report(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The report on an interview that has ended."""
    report = report_of(attempt)
    saved = saved_items.of_questions(attempt.owner, report.result.question_ids)
    questions = [(asked, saved[asked.response.revision.question_id]) for asked in report.result.questions]
    context = {"report": report, "questions": questions, "attempt": attempt, "form": StartForm()}
    return _with_recordings(request, "questions/interviews/report.html", context)


def _with_recordings(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, which may play what this browser has recorded."""
    response = render(request, template, context)
    csp_update({"media-src": ["blob:"]})(lambda _: response)(request)
    return response
