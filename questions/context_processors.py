"""Context processor: the variables that every template can use."""

import uuid
from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.accounts.preferences import THEMES, Preferences
from questions.practice.focus import Focus


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, the preferences, the current path and ids that make start buttons idempotent.

    A page that is cached for several visitors gets placeholders for the CSRF token and for these ids.
    """
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
    """Return the variables that depend on nothing but the preferences: site name, themes and focuses of practice."""
    return {
        "site_name": settings.SITE_NAME,
        "themes": THEMES.items(),
        "focuses": Focus.choices,
        "preferences": preferences,
    }
