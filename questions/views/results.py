"""Pages after an attempt: result, self-assessment, verification program, practice of missed questions, history."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.attempts.results import result_of, scored
from questions.forms.quizzes import StartForm
from questions.notes import saved_items
from questions.practice import services as quizzes
from questions.quality import checks, verification
from questions.types import AssessmentForm
from questions.views import interviews
from questions.views.attempts import own_attempt
from questions.views.question_page import fragments

ATTEMPTS_PER_PAGE = 25


@never_cache
@require_safe
def result(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the score, and every question with the candidate's answer and the right one."""
    found = own_attempt(request, public_id)
    if found.is_open:
        return redirect(found)
    if found.is_interview:
        return interviews.report(request, found)
    outcome = result_of(found)
    saved = saved_items.of_questions(found.owner, outcome.question_ids)
    context = {"result": outcome, "questions": fragments.reviewed(request, outcome, saved), "form": StartForm()}
    return render(request, "questions/attempts/result.html", context)


@require_POST
def assess(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Save the candidate's own marks of an open question."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.select_related("revision"), position=position)
    form = AssessmentForm(response.revision.item(), data=request.POST)
    try:
        if form.is_valid():
            attempts.assess(attempt=attempt, position=position, met=form.met())
            messages.success(request, _("Your marks are saved."))
        else:
            messages.error(request, " ".join(str(error) for error in form.errors["met"]))
    except (Response.DoesNotExist, attempts.AttemptClosed) as error:
        raise Http404 from error
    if attempt.is_open:
        return redirect("question", public_id, position)
    return redirect(f"{reverse('result', args=[public_id])}#question-{position}")


@never_cache
@require_safe
def check(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Show the program that verified an answer, once the answer may be explained."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.with_question(), position=position)
    asked = AskedQuestion(response)
    question = response.revision.question
    found = checks.find(question.topic.slug, question.slug)
    if not asked.verification or not found or not response.is_revealed:
        raise Http404
    script = found.script(asked.item, verification.manifest()["packages"])
    return render(request, "questions/attempts/check.html", {"asked": asked, "check": found.text, "script": script})


@require_POST
def practise_missed(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Start a practice quiz on the questions that were missed."""
    form = StartForm(request.POST)
    form.is_valid()
    try:
        attempt = quizzes.start_missed(
            attempt=own_attempt(request, public_id),
            owner=owner_of(request),
            at=timezone.now(),
            public_id=form.public_id,
        )
    except ValueError:
        messages.info(request, _("Nothing is left to practise: the questions you missed are no longer asked."))
        return redirect("result", public_id)
    return redirect(attempt)


@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show the owner's attempts, the latest first."""
    owner = owner_of(request)
    attempts.close_overdue(owner=owner, at=timezone.now())
    listed = Attempt.objects.owned_by(owner).latest_first().with_progress().with_regraded()
    page = Paginator(listed, ATTEMPTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "questions/attempts/history.html", {"page": page, "scored": scored(page.object_list)})
