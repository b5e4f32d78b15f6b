"""Template tag for the attempt whose time is running."""

from typing import Any

from django import template
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.accounts.visitors import owner_of
from questions.attempts.models import Attempt

register = template.Library()


@register.inclusion_tag("questions/attempts/_running.html", takes_context=True)
def running_attempt(context: dict[str, Any]) -> dict[str, Any]:
    """Render the clock of the owner's exam or interview, which leads back to it; nothing on a page that is rendered
    without a request, and nothing without a query for visitors who have not begun anything."""
    request: Any = context.get("request")
    owner = owner_of(request) if hasattr(request, "user") else Owner()
    if owner == Owner():
        return {}
    at = timezone.now()
    timed = Attempt.objects.owned_by(owner).in_progress().filter(deadline_at__gt=at)
    if (attempt := timed.order_by("deadline_at").first()) is None:
        return {}
    return {"attempt": attempt, "seconds_left": int((attempt.deadline_at - at).total_seconds())}
