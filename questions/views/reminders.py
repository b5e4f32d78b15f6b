"""Reminders of the study plan: the calendar feed, the choice of emails, and the link that ends them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.forms.study import ReminderForm
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed, reminders
from questions.study.agenda import agenda_of


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar feed with that address, to anybody who knows it."""
    plan = calendar_feed.plan_of(token)
    if plan is None:
        return HttpResponseNotFound(_("Calendar not found."), content_type="text/plain; charset=utf-8")
    at = timezone.now()
    url = request.build_absolute_uri(reverse("today"))
    content = calendar_feed.feed(agenda_of(owner=plan.owner, at=at), url=url, at=at)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Give the calendar feed a new address."""
    if calendar_feed.renew(owner=owner_of(request)):
        messages.success(request, _("Your calendar has a new address. Add it to your calendar app."))
    else:
        messages.info(request, _("Make a study plan first."))
    return redirect(_section())


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Save how often the user wants to be reminded by email."""
    form = ReminderForm(request.POST)
    if form.is_valid():
        try:
            reminders.choose(owner=owner_of(request), frequency=form.cleaned_data["reminders"])
        except reminders.NoConfirmedAddress:
            messages.error(request, _("Confirm your email address first."))
        else:
            messages.success(request, _("Your choice is saved."))
    return redirect(_section())


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that ends the reminders; end them if it is pressed.

    Mail programs post here by themselves (RFC 8058), without cookies. The signed token stands in for the log-in.
    """
    plan_id = reminders.plan_id_of(token)
    if plan_id is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        reminders.unsubscribe(plan_id=plan_id)
    return render(request, "questions/study/unsubscribe.html", {"is_done": is_done})


def reminders_context(request: HttpRequest, plan: StudyPlan) -> dict[str, Any]:
    """Return what the section "Reminders" of the plan page shows."""
    address, form = "", None
    if plan.calendar_id:
        address = request.build_absolute_uri(reverse("calendar", args=[calendar_feed.token_of(plan.calendar_id)]))
    if settings.SITE_URL and plan.pk and reminders.has_confirmed_address(plan.owner):
        form = ReminderForm(initial={"reminders": plan.reminders})
    return {"calendar_address": address, "offers_email": bool(settings.SITE_URL), "reminder_form": form}


def _section() -> str:
    return reverse("plan") + "#reminders"
