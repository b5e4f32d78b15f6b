"""What every template may name."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.forms.preferences import THEMES
from questions.models import Focus


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, as one setting gives it, the themes to switch between, and what the buttons that start practice
    on every page need: what to practise, and an id, made where a template asks for it."""
    return {
        "site_name": settings.SITE_NAME,
        "themes": THEMES,
        "focuses": Focus.choices,
        "start_id": uuid.uuid4,
    }
