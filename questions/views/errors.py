"""Pages for what went wrong."""

import sys

from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views import defaults

RETRY_AFTER = 5  # seconds: a database that restarts is back by then, and a queue for SQLite's lock is shorter

# The database is out of reach, full, read-only or busy for too long. What it had accepted stands, and what was sent can
# be sent again as it is. Other errors of the database are mistakes of ours, which would only happen again.
OUT_OF_ORDER = (OperationalError, InterfaceError, InternalError)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tells that the form could not be accepted, which most often means that cookies are off."""
    return render(request, "403_csrf.html", {"cookies_seen": bool(request.COOKIES)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Tells what went wrong: 503 where the database is out of order, with what was sent, to send it again; else 500."""
    if not isinstance(sys.exception(), OUT_OF_ORDER):
        return defaults.server_error(request)
    if not connection.in_atomic_block:
        connection.close()  # one that was opened while the file was read-only would stay so
    sent = _sent(request)
    words = [text for _, text in sent if any(map(str.isspace, text))]
    context = {"is_saving": request.method == "POST", "address": request.get_full_path(), "sent": sent, "words": words}
    # Without the request: what every page shows would ask the database who is reading.
    page = render_to_string("503.html", context)
    response = HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    add_never_cache_headers(response)
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was sent; none where it held a file or a password, or cannot be read."""
    try:
        if request.FILES or any("password" in name for name in request.POST):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:
        return []  # this page has to appear whatever else is broken
