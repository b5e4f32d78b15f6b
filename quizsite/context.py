"""What every template may name."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The site's name, as one setting gives it."""
    return {"site_name": settings.SITE_NAME}
