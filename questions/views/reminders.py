"""Reminders of the study plan: the calendar feed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed
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
        messages.info(request, _("Make a plan first."))
    return redirect(reverse("plan") + "#reminders")


def reminders_context(request: HttpRequest, plan: StudyPlan) -> dict[str, Any]:
    """Return what the section "Reminders" of the plan page shows."""
    address = ""
    if plan.calendar_id:
        address = request.build_absolute_uri(reverse("calendar", args=[calendar_feed.token_of(plan.calendar_id)]))
    return {"calendar_address": address}
