"""What every template may name."""

import uuid
from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.accounts.preferences import Preferences
from questions.forms.preferences import THEMES
from questions.practice.focus import Focus


def site(request: HttpRequest) -> dict[str, Any]:
    """The site, how the visitor wants it to look, where they are, and an id for what a button starts, made where a
    template asks for it. A page that is made for several has holes for what is each reader's own."""
    context = {
        **frame(getattr(request, "preferences", None) or Preferences()),
        "here": request.get_full_path(),
        "start_id": uuid.uuid4,
    }
    if placeholders := getattr(request, "placeholders", None):
        numbers = count()
        context["csrf_token"] = placeholders.text("csrf_token")
        context["start_id"] = lambda: placeholders.text(f"start_id {next(numbers)}")
    return context


def frame(preferences: Preferences) -> dict[str, Any]:
    """What does not depend on the request: the site's name, as one setting gives it, the themes to switch between, and
    what the buttons that start practice can be told."""
    return {
        "site_name": settings.SITE_NAME,
        "themes": THEMES,
        "focuses": Focus.choices,
        "preferences": preferences,
    }
