"""What every request passes through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from questions.preferences import Preferences


class PreferencesMiddleware:
    """Reads the visitor's preferences into `request.preferences` and shows times in their zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences = Preferences.from_cookies(request.COOKIES)
        request.preferences = preferences  # type: ignore[attr-defined]
        if preferences.zone:
            with timezone.override(preferences.zone):
                return self.get_response(request)
        return self.get_response(request)
