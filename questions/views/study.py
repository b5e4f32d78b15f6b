"""Pages of the study plan: today's session, plan, set-aside questions, undo."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.forms.quizzes import StartForm
from questions.forms.study import ExtraMinutesForm, PlanForm, SetAsideForm, zone_options
from questions.percent import percent
from questions.scheduling import reviews
from questions.scheduling.models import Card
from questions.study import services as plans
from questions.study.agenda import agenda_of
from questions.study.plan_picture import plan_days, plan_weeks
from questions.views.attempts import own_attempt
from questions.views.drafts import keeps_page
from questions.views.reminders import reminders_context

WEEKS_SHOWN = 6  # of the plan; later weeks are folded away
MAX_ASIDE_ON_TODAY = 5
CARDS_PER_PAGE = 50
EXTRA_MINUTES = 10  # offered when the day's time is used up


@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show today's session and the button that starts it."""
    owner, at = owner_of(request), timezone.now()
    agenda = agenda_of(owner=owner, at=at)
    last = plans.last_answer(owner=owner, at=at)
    context = {
        "agenda": agenda,
        "last": last,
        "last_question": AskedQuestion(last).short_stem if last else "",
        "more": agenda.session(EXTRA_MINUTES * 60),
        "minutes_more": EXTRA_MINUTES,
        "aside": Card.objects.owned_by(owner).set_aside(agenda.day).with_question()[:MAX_ASIDE_ON_TODAY],
        "aside_count": agenda.set_aside,
        "form": StartForm(),
    }
    return render(request, "questions/study/today.html", context)


@never_cache
@require_safe
def aside(request: HttpRequest) -> HttpResponse:
    """Show all questions that are set aside."""
    owner = owner_of(request)
    day = reviews.study_day_of(owner=owner, at=timezone.now())
    found = Card.objects.owned_by(owner).set_aside(day).with_question()
    page = Paginator(found, CARDS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "questions/study/set_aside.html", {"page": page})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start today's session, or resume it."""
    form, more = StartForm(request.POST), ExtraMinutesForm(request.POST)
    form.is_valid()
    minutes = more.cleaned_data["minutes"] if more.is_valid() else None
    try:
        session = plans.start_session(
            owner=owner_or_new_visitor(request), at=timezone.now(), minutes=minutes, public_id=form.public_id
        )
    except plans.NothingToAsk:
        messages.info(request, _("There are no questions left for today."))
        return redirect("today")
    return redirect(session)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Show and save the study plan, with whether the time is enough and a forecast of the days ahead."""
    owner, at = owner_of(request), timezone.now()
    agenda = agenda_of(owner=owner, at=at)
    zone = timezone.get_current_timezone_name()
    data = request.POST if request.method == "POST" else None
    form = PlanForm(agenda.plan, Topic.objects.all(), data, day=agenda.day, zone=zone)
    if request.method == "POST" and form.is_valid():
        plans.save_plan(owner=owner_or_new_visitor(request), at=at, **form.values)
        messages.success(request, _("Your plan is saved."))
        return redirect("plan")
    days = plan_days(agenda)
    weeks = plan_weeks(days)
    context = {
        "agenda": agenda,
        "form": form,
        "studied_days": agenda.studied_days,
        "days": days,
        "near": weeks[:WEEKS_SHOWN],
        "far": weeks[WEEKS_SHOWN:],
        "retention": percent(agenda.plan.retention),
        "browser_zone": zone,
        "zones": zone_options(),
        **reminders_context(request, agenda.plan),
    }
    return render(request, "questions/study/plan.html", context)


@require_POST
@keeps_page
def undo(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Remove the review of the latest answer from the schedule."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.select_related("revision"), position=position)
    try:
        again = plans.undo(owner=owner_of(request), response=response, at=timezone.now())
    except reviews.NothingToUndo:
        messages.info(request, _("Only the last answer can be undone."))
        return redirect("today")
    messages.success(request, _("Answer undone: “%s”.") % AskedQuestion(response).short_stem)
    if again is None:
        return redirect("today")
    messages.info(request, _("The question will come up again at the end of this session."))
    return redirect(attempt)


@require_POST
@keeps_page
def put_aside(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Set a question aside: skip it until tomorrow, suspend it, or mark it as known."""
    attempt, owner, at = own_attempt(request, public_id), owner_of(request), timezone.now()
    response = get_object_or_404(attempt.responses.with_question(), position=position)
    form = SetAsideForm(request.POST)
    if form.is_valid():
        question, action = response.revision.question, form.cleaned_data["action"]
        if action == "bury":
            plans.set_aside(owner=owner, question=question, bury_on=reviews.study_day_of(owner=owner, at=at))
        else:
            plans.set_aside(owner=owner, question=question, status=action)
        messages.success(request, _aside_message(action))
        if attempt.is_open and not plans.skip(attempt=attempt, position=position, at=at):
            return _past(attempt, position)
    return redirect(attempt)


def _past(attempt: Attempt, position: int) -> HttpResponse:
    """Redirect past a question that stays in the session; to the overview if it was the last one."""
    later = attempt.responses.unanswered().filter(position__gt=position).values_list("position", flat=True).first()
    return redirect("question", attempt.public_id, later) if later else redirect("overview", attempt.public_id)


def _aside_message(action: str) -> str:
    return {
        "bury": _("Skipped until tomorrow. Find it on the Today page under “Set aside”."),
        "suspended": _("Suspended. Find it on the Today page under “Set aside”."),
        "known": _("Marked as known. Find it on the Today page under “Set aside”."),
    }[action]


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a set-aside question to the plan."""
    card = get_object_or_404(Card.objects.owned_by(owner_of(request)), pk=pk)
    plans.reactivate(card=card, at=timezone.now())
    messages.success(request, _("The question is back in your plan."))
    return redirect("today")
