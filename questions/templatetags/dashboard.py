"""The editors' desk on the front page of the admin."""

from typing import Any

from django import template
from django.urls import reverse

from questions.admin import dashboard

register = template.Library()


@register.inclusion_tag("admin/_pending_work.html")
def pending_work() -> dict[str, Any]:
    """Render the pending work, each line a link to the list that holds it."""
    return {"pending_work": dashboard.pending_work(), "questions_url": reverse("admin:questions_question_changelist")}
