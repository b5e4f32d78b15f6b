"""Template tag for the dashboard of pending work in the admin."""

from typing import Any

from django import template
from django.urls import reverse

from questions.admin import dashboard

register = template.Library()


@register.inclusion_tag("admin/_pending_work.html")
def pending_work() -> dict[str, Any]:
    """Render the pending work; each line links to the list of its items."""
    return {"pending_work": dashboard.pending_work(), "questions_url": reverse("admin:questions_question_changelist")}
