"""Middleware: security headers, request ids, request log, Content-Security-Policy, preferences, unsent forms."""

import logging
import re
import uuid
from collections.abc import Callable
from functools import cached_property
from time import perf_counter
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from questions.accounts import unsent
from questions.accounts.preferences import Preferences
from questions.performance import switches
from questions.views.unsent import kept_url, refuse_if_session_has_ended
from quizsite.monitoring import log_formatters

REQUEST_LOG = logging.getLogger("quizsite.requests")
DEFAULT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
ACCOUNT_PREFIX = "/account"  # of our pages and of allauth's, which show email addresses, MFA secrets and recovery codes
REQUEST_ID = re.compile(r"[\w.:=+/-]{8,100}", re.ASCII)


class HeadersMiddleware:
    """Middleware that adds security headers unless they are set, and keeps account pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in DEFAULT_HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path_info.startswith(ACCOUNT_PREFIX):
            add_never_cache_headers(response)
        return response


class RequestMiddleware:
    """Middleware that gives each request an id for the log and for the X-Request-ID header of the response.

    It takes the id from the proxy's X-Request-ID if that is well-formed. With LOG_REQUESTS it also logs each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        proxy_id = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = proxy_id if REQUEST_ID.fullmatch(proxy_id) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started, token = perf_counter(), log_formatters.CURRENT_REQUEST.set(request)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if REQUEST_LOG.isEnabledFor(logging.INFO):
                _log_request(request, response, perf_counter() - started)
        finally:
            log_formatters.CURRENT_REQUEST.reset(token)
        return response


def _log_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    fields = {
        "method": request.method,
        "path": log_formatters.scrub(request.path),
        "view": match.view_name if match else None,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    REQUEST_LOG.info("%(method)s %(path)s %(status)s, %(milliseconds)s ms, %(view)s", fields, extra=fields)


class PolicyMiddleware(CSPMiddleware):
    """Middleware of django-csp that builds the policy once instead of for each response, unless a view changes it."""

    @cached_property
    def policy(self) -> str:
        """The Content-Security-Policy of the settings."""
        return build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            switches.is_off("policy")
            or settings.DEBUG
            or any(name.startswith("_csp_") for name in (*vars(response), *vars(request)))
        ):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


class PreferencesMiddleware:
    """Middleware that sets `request.preferences` from cookies and activates the visitor's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        preferences = Preferences.from_cookies(request.COOKIES)
        request.preferences = preferences  # type: ignore[attr-defined]
        if preferences.zone:
            with timezone.override(preferences.zone):
                return self.get_response(request)
        return self.get_response(request)


class UnsentMiddleware:
    """Middleware that keeps forms for after log-in, and forgets a kept form once it is submitted.

    It keeps a form whose view asks for a log-in, and one that would go to a new visitor because its session has ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            fields = unsent.posted_fields(request)
            if _asks_for_login(request, response):
                _keep_until_login(request, response, fields)
            elif form_id := dict(fields or []).get(unsent.ID_FIELD):
                unsent.forget(request, form_id)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        return refuse_if_session_has_ended(request) if request.method == "POST" else None


def _asks_for_login(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether the response leads to a log-in page and from there back to the path of the form."""
    path, _mark, query = response.headers.get("Location", "").partition("?")
    is_login = path in (reverse("account_login"), reverse("admin:login"))
    return is_login and QueryDict(query).get(REDIRECT_FIELD_NAME) == request.get_full_path()


def _keep_until_login(request: HttpRequest, response: HttpResponse, fields: unsent.Fields | None) -> None:
    """Keep the form, and let the log-in lead to the page that submits it."""
    if fields is not None and (form := unsent.keep(request, request.get_full_path(), fields)):
        query = QueryDict(mutable=True)
        query[REDIRECT_FIELD_NAME] = kept_url(form)
        response.headers["Location"] = f"{response.headers['Location'].partition('?')[0]}?{query.urlencode()}"
        messages.info(request, _("Log in again to submit. Your answer is kept."))
