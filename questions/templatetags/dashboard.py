"""The editors' desk on the front page of the admin."""

from typing import Any

from django import template
from django.urls import reverse

from questions.admin.dashboard import desk as what_waits

register = template.Library()


@register.inclusion_tag("admin/_desk.html")
def desk() -> dict[str, Any]:
    """What waits for staff, each line a link to the list that holds it."""
    return {"desk": what_waits(), "questions_url": reverse("admin:questions_question_changelist")}
