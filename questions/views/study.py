"""The plan, the day's session, and what one can do about a question in it."""

import uuid
from math import ceil

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.bank.models.topics import Topic
from questions.forms.quizzes import StartForm
from questions.forms.study import ExtraMinutesForm, PlanForm, SetAsideForm, zone_options
from questions.percent import percent
from questions.scheduling import reviews
from questions.scheduling.models import Card, Review
from questions.study import services as plans
from questions.study.agenda import agenda_of
from questions.views.attempts import own_attempt

NEAR = 14  # days that are shown at once
ASIDE = 5  # questions put aside that are shown under Today
A_PAGE = 50
MORE = 10  # minutes that are offered when the day's time is used


@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What the plan holds for today, and one button to begin."""
    owner, at = owner_of(request), timezone.now()
    agenda = agenda_of(owner=owner, at=at)
    session, unseen = agenda.session(agenda.seconds_left), set(agenda.unseen)
    context = {
        "agenda": agenda,
        "session": session,
        "new": sum(pk in unseen for pk in session),
        "reviews": sum(pk not in unseen for pk in session),
        "minutes_left": ceil(agenda.seconds_left / 60),
        "minutes_today": round(agenda.seconds_today / 60),
        "more": agenda.session(MORE * 60),
        "minutes_more": MORE,
        "running": plans.running_session(owner=owner, day=agenda.day, plan=agenda.plan),
        "aside": Card.objects.owned_by(owner).set_aside().with_question()[:ASIDE],
        "aside_count": agenda.set_aside.total(),
        "form": StartForm(),
    }
    return render(request, "questions/study/today.html", context)


@never_cache
@require_safe
def aside(request: HttpRequest) -> HttpResponse:
    """All that the plan does not ask at the moment."""
    found = Card.objects.owned_by(owner_of(request)).set_aside().with_question()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "questions/study/set_aside.html", {"page": page})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begins the day's session, or goes on with it."""
    form, more = StartForm(request.POST), ExtraMinutesForm(request.POST)
    form.is_valid()
    minutes = more.cleaned_data["minutes"] if more.is_valid() else None
    try:
        session = plans.start_session(
            owner=owner_or_new_visitor(request), at=timezone.now(), minutes=minutes, public_id=form.public_id
        )
    except plans.NothingToAsk:
        messages.info(request, _("Nothing is left to ask for today."))
        return redirect("today")
    return redirect(session)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The plan: what it is made from, whether the time is enough, and the days ahead."""
    owner, at = owner_of(request), timezone.now()
    agenda = agenda_of(owner=owner, at=at)
    zone = timezone.get_current_timezone_name()
    form = PlanForm(agenda, Topic.objects.all(), request.POST if request.method == "POST" else None, zone=zone)
    if request.method == "POST" and form.is_valid():
        plans.save_plan(owner=owner_or_new_visitor(request), at=at, **form.values)
        messages.success(request, _("Your plan is saved."))
        return redirect("plan")
    studied_days = Review.objects.owned_by(owner).counting().since(agenda.plan.begun_on).days()
    context = {
        "agenda": agenda,
        "form": form,
        "studied_days": studied_days,
        "near": agenda.ahead[:NEAR],
        "far": agenda.ahead[NEAR:],
        "retention": percent(agenda.plan.retention),
        "browser_zone": zone,
        "zones": zone_options(),
    }
    return render(request, "questions/study/plan.html", context)


@require_POST
def undo(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Takes the last answer out of the schedule."""
    attempt = own_attempt(request, public_id)
    response = get_object_or_404(attempt.responses.select_related("revision"), position=position)
    try:
        again = plans.undo(owner=owner_of(request), response=response, at=timezone.now())
    except reviews.NothingToUndo:
        messages.info(request, _("Only the last answer can be undone."))
        return redirect("today")
    messages.success(request, _("Undone: the schedule is as if you had not given that answer."))
    if again is None:
        return redirect("today")
    messages.info(request, _("The question comes once more at the end of this session."))
    return redirect(attempt)


@require_POST
def put_aside(request: HttpRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """Leaves a question out until tomorrow, suspends it, or marks it as known; then leads on."""
    attempt, owner, at = own_attempt(request, public_id), owner_of(request), timezone.now()
    response = get_object_or_404(attempt.responses.with_question(), position=position)
    form = SetAsideForm(request.POST)
    if form.is_valid():
        question, action = response.revision.question, form.cleaned_data["action"]
        if action == "bury":
            plans.set_aside(owner=owner, question=question, bury_on=reviews.study_day_of(owner=owner, at=at))
        else:
            plans.set_aside(owner=owner, question=question, status=action)
        messages.success(request, _told(action))
        if attempt.is_open:
            plans.skip(attempt=attempt, position=position, at=at)
    return redirect(attempt)


def _told(action: str) -> str:
    """What became of the question, in words."""
    return {
        "bury": _("You will not be asked that again before tomorrow."),
        "suspended": _("The plan does not ask that any more; it is listed under Today."),
        "known": _("Marked as known: the plan does not ask it; it is listed under Today."),
    }[action]


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets the plan ask again what was put aside."""
    card = get_object_or_404(Card.objects.owned_by(owner_of(request)), pk=pk)
    plans.reactivate(card=card, at=timezone.now())
    messages.success(request, _("The plan asks it again."))
    return redirect("today")
