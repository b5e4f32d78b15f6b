"""Error pages: failed CSRF check, server error, database unavailable."""

import sys

from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults

RETRY_AFTER = 5  # seconds: enough for a database restart, and longer than a queue for SQLite's write lock

# Errors of a database that is unreachable, full, read-only or busy for too long: the same request can succeed later.
# Other database errors are bugs, and a retry would fail again.
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, InternalError)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return status 403 for a form without a valid CSRF token, most often because cookies are off."""
    return render(request, "403_csrf.html", {"cookies_seen": bool(request.COOKIES)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return status 503 with a form that repeats the request if the database is unavailable, else status 500."""
    if not isinstance(sys.exception(), DATABASE_UNAVAILABLE):
        return defaults.server_error(request)
    if not connection.in_atomic_block:
        connection.close()  # SQLite's connection would stay read-only
    fields = _posted_fields(request)
    texts = [value for _, value in fields if any(map(str.isspace, value))]
    path, is_post = request.get_full_path(), request.method == "POST"
    context = {"is_saving": is_post, "path": path, "fields": fields, "texts": texts}
    # Without the request, because the context processors would query the database for the user.
    page = render_to_string("503.html", context)
    response = HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    add_never_cache_headers(response)
    return response


def _posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the names and values of the form; none if it has a file or a password, or cannot be parsed."""
    try:
        if request.FILES or any("password" in name for name in request.POST):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:
        return []  # the error page must not fail
