"""Home page: a first question and a plan for newcomers, a dashboard for everybody who has begun."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from questions import types
from questions.accounts.owners import Owner
from questions.accounts.visitors import owner_of
from questions.attempts.quiz_models import Quiz
from questions.attempts.results import progress
from questions.bank.models.topics import Topic
from questions.forms.quizzes import DEFAULT_QUESTIONS
from questions.forms.study import PlanForm
from questions.performance.anonymous_page_cache import cached_for_anonymous
from questions.practice import first_impressions
from questions.quality.verification import manifest
from questions.scheduling.plan_models import StudyPlan
from questions.scheduling.study_day import study_day
from questions.study import progress_report
from questions.study.agenda import agenda_of, default_plan
from questions.views.next_step import next_step_context

MINUTES = (10, 20, 30, 45, 60)  # a day, offered for a new plan


@cached_for_anonymous
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the dashboard of an owner who has begun something or is logged in, and the first page to everybody else."""
    owner = owner_of(request)
    return _first_page(request) if owner == Owner() else _dashboard(request, owner)


def _first_page(request: HttpRequest) -> HttpResponse:
    topics, day = progress(Owner()), study_day(timezone.now(), timezone.get_current_timezone())
    item = first_impressions.first_item()
    context = {
        "topics": topics,
        "questions": sum(entry.asked for entry in topics),
        "verified": len(manifest()["questions"]),
        "number": DEFAULT_QUESTIONS,
        "item": item,
        "answer_form": first_impressions.form_of(item) if item else None,
        "question_type": types.get(item.type) if item else None,
        "quizzes": Quiz.objects.published().with_counts(),
        **quick_plan(default_plan(Owner(), day), day),
    }
    return render(request, "questions/home/first_page.html", context)


def _dashboard(request: HttpRequest, owner: Owner) -> HttpResponse:
    at = timezone.now()
    agenda, report = agenda_of(owner=owner, at=at), progress_report(owner, at=at)
    context = {
        **next_step_context(owner, agenda, report, at=at),
        "week": report.activity.weeks[-1],
        "quizzes": Quiz.objects.published().with_counts(),
        **({} if agenda.is_saved else quick_plan(agenda.plan, agenda.day)),
    }
    return render(request, "questions/home/dashboard.html", context)


def quick_plan(plan: StudyPlan, day: date) -> dict[str, Any]:
    """Return the context of the short form for a plan."""
    zone = timezone.get_current_timezone_name()
    return {"plan_form": PlanForm(plan, Topic.objects.all(), day=day, zone=zone), "minutes": MINUTES}
