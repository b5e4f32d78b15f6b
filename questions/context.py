"""What every template may name."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.forms.preferences import THEMES
from questions.models import Focus
from questions.preferences import Preferences


def site(request: HttpRequest) -> dict[str, Any]:
    """The site, how the visitor wants it to look, where they are, and an id for what a button starts, made where a
    template asks for it."""
    return {
        **frame(getattr(request, "preferences", None) or Preferences()),
        "here": request.get_full_path(),
        "start_id": uuid.uuid4,
    }


def frame(preferences: Preferences) -> dict[str, Any]:
    """What does not depend on the request: the site's name, as one setting gives it, the themes to switch between, and
    what the buttons that start practice can be told."""
    return {
        "site_name": settings.SITE_NAME,
        "themes": THEMES,
        "focuses": Focus.choices,
        "preferences": preferences,
    }
