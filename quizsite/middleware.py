"""What every request passes through."""

import logging
import re
import uuid
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from questions.accounts.preferences import Preferences
from quizsite.monitoring import log_formatters

LINES = logging.getLogger("quizsite.requests")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
PERSONAL = "/account"  # addresses, secrets of apps and recovery codes; both our pages and allauth's begin with it
SANE_ID = re.compile(r"[\w.:=+/-]{8,100}", re.ASCII)


class HeadersMiddleware:
    """Sets them where nothing else did, and has no browser keep pages about an account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.path_info.startswith(PERSONAL):
            add_never_cache_headers(response)
        return response


class RequestMiddleware:
    """Gives every request an id, its proxy's where that is sane, and says it again in the response and in the log.

    Where LOG_REQUESTS asks for that, a line tells how each request went.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        began, token = perf_counter(), log_formatters.CURRENT.set(request)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if LINES.isEnabledFor(logging.INFO):
                _tell(request, response, perf_counter() - began)
        finally:
            log_formatters.CURRENT.reset(token)
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Writes the line about a request."""
    match = request.resolver_match
    fields = {
        "method": request.method,
        "path": log_formatters.scrubbed(request.path),
        "view": match.view_name if match else None,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    LINES.info("%(method)s %(path)s %(status)s, %(milliseconds)s ms, %(view)s", fields, extra=fields)


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
