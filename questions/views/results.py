"""Pages after an attempt: result, verification program, practice of missed questions, history."""

import math
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt
from questions.attempts.results import result_of, scored
from questions.forms.quizzes import StartForm
from questions.notes import saved_items
from questions.practice import services as quizzes
from questions.quality import checks, verification
from questions.scheduling.models import Review
from questions.study.activity import Activity, days_of
from questions.study.agenda import agenda_of
from questions.views import interviews
from questions.views.attempts import own_attempt
from questions.views.drafts import keeps_page
from questions.views.question_page import fragments

ATTEMPTS_PER_PAGE = 25
OUTCOMES = ["wrong", "unknown", "partly", "unanswered", "unmarked", "right"]  # in the order of a result
FILTERS = [
    ("all", _lazy("All")),
    ("wrong", _lazy("Not right")),
    ("unsure", _lazy("Unsure")),
    ("flagged", _lazy("Flagged")),
]


@never_cache
@require_safe
def result(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the score, and every question with the candidate's answer and the right one."""
    found = own_attempt(request, public_id)
    if found.is_open:
        return _time_up(request, found) if found.is_time_up(timezone.now()) else redirect(found)
    if found.is_interview:
        return interviews.report(request, found)
    outcome = result_of(found)
    saved = saved_items.of_questions(found.owner, outcome.question_ids)
    questions = fragments.reviewed(request, outcome, saved)
    context = {
        "result": outcome,
        "questions": sorted(questions, key=lambda one: OUTCOMES.index(one[0].outcome)),
        "filters": FILTERS,
        "form": StartForm(),
        "page_id": uuid.uuid4(),
        **(_end_of_session(found) if found.is_session else {}),
    }
    return render(request, "questions/attempts/result.html", context)


def _end_of_session(session: Attempt) -> dict[str, Any]:
    """Return what the result of a session says about the day, and about the next one."""
    agenda = agenda_of(owner=session.owner, at=timezone.now())
    days = days_of(Review.objects.owned_by(session.owner).counting())
    activity = Activity(days, agenda.day, agenda.calendar)
    return {
        "agenda": agenda,
        "next_day": agenda.ahead[1] if len(agenda.ahead) > 1 else None,
        "week": activity.weeks[-1],
        "activity": activity,
    }


def _time_up(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Show that the time is up while the last saves may still arrive, and lead to the result after that."""
    seconds = math.ceil(settings.DEADLINE_GRACE.total_seconds())
    return render(request, "questions/attempts/time_up.html", {"attempt": attempt, "seconds": seconds})


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
@keeps_page
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
