"""Context processor: the variables that every template can use."""

import uuid
from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.accounts.preferences import THEMES, Preferences
from questions.practice.focus import Focus

# The entry of the navigation that a page belongs to, by the name of its URL.
SECTIONS = {
    **dict.fromkeys(["today", "plan", "aside", "placement", "placement-question", "placement-result"], "study"),
    **dict.fromkeys(["practice", "practise-focus", "practise-weakest", "quiz"], "practice"),
    **dict.fromkeys(["interview", "closing"], "interview"),
    **dict.fromkeys(["topics", "topic", "corrections"], "topics"),
    **dict.fromkeys(["progress", "history"], "progress"),
}


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, the preferences, the current path and ids that make start buttons idempotent.

    A page that is cached for several visitors gets placeholders for the CSRF token and for these ids.
    """
    match = request.resolver_match
    context = {
        **frame(
            getattr(request, "preferences", None) or Preferences(),
            SECTIONS.get(match.url_name or "", "") if match else "",
        ),
        "here": request.get_full_path(),
        "start_id": uuid.uuid4,
    }
    if placeholders := getattr(request, "placeholders", None):
        numbers = count()
        context["csrf_token"] = placeholders.text("csrf_token")
        context["start_id"] = lambda: placeholders.text(f"start_id {next(numbers)}")
    return context


def frame(preferences: Preferences, section: str) -> dict[str, Any]:
    """Return the variables that depend on the preferences and the section of the site alone: its name, themes,
    languages and focuses of practice."""
    return {
        "section": section,
        "site_name": settings.SITE_NAME,
        "themes": THEMES.items(),
        "languages": settings.LANGUAGES,
        "focuses": Focus.choices,
        "preferences": preferences,
    }
