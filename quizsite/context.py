"""What every template may name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from questions.forms.preferences import THEMES


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, as one setting gives it, and the themes to switch between."""
    return {"site_name": settings.SITE_NAME, "themes": THEMES}
