"""Pages for problem reports: report form, the owner's reports, public corrections of a topic."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from questions.accounts import rate_limits
from questions.accounts.visitors import owner_of
from questions.attempts.asked_question import AskedQuestion
from questions.bank.models.topics import Topic
from questions.forms.problem_reports import ReportForm
from questions.problem_reports import services as feedback
from questions.problem_reports.models import QuestionReport
from questions.views.attempts import own_attempt


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Show and save the form to report a problem with a question of one's attempt."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.with_question(), position=position)
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = {"attempt": attempt, "asked": AskedQuestion(response), "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "questions/problem_reports/report.html", context)
    owner = owner_of(request)
    if not rate_limits.allows(request, "report", key=f"{owner.user_id or owner.visitor}"):
        form.add_error(None, _("Too many problem reports in the last hour. Copy your text and send it later."))
        return render(request, "questions/problem_reports/report.html", context, status=429)
    try:
        feedback.report(response=response, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. Staff will check the question, and their decision will appear here."))
    except feedback.AlreadyDecided:
        messages.info(
            request, _("You have already reported this problem, and staff have decided. See their decision below.")
        )
    return redirect("reports")


@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Show the owner's reports and their outcomes."""
    found = QuestionReport.objects.by_owner(owner_of(request)).with_question()
    return render(request, "questions/problem_reports/reports.html", {"reports": found})


@require_safe
def corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the corrections of a topic that problem reports led to."""
    topic = get_object_or_404(Topic, slug=slug)
    found = QuestionReport.objects.corrections_in(topic).with_question()
    return render(request, "questions/problem_reports/corrections.html", {"topic": topic, "reports": found})
