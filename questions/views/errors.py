"""Error pages. What somebody typed into the form that failed is always on the page."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from questions.accounts.unsent import is_draft, posted_fields, typed_texts
from questions.views import unsent

RETRY_AFTER = 5  # seconds: enough for a database restart, and longer than a queue for SQLite's write lock
MAX_SHOWN = 2 * 2**20  # bytes of a form that is too large to be accepted, but not to be shown

# Errors of a database that is unreachable, full, read-only or busy for too long: the same request can succeed later.
# Other database errors are bugs, and a retry would fail again.
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, InternalError)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return status 403 for a form without a valid CSRF token, and a way to submit it."""
    return _draft_refused(403) if is_draft(request) else unsent.refuse(request, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return status 404; for a form to an attempt of another owner, with a way to log in and submit it."""
    if is_draft(request):
        return _draft_refused(404)
    if request.method == "POST" and unsent.is_of_another_owner(request):
        return unsent.refuse(request, status=404, state=unsent.not_found_state(request))
    return _page(request, "404.html", 404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return status 403 for a page of staff."""
    return _page(request, "403.html", 403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Return status 429; allauth calls it for each of its own limits, too."""
    return _page(request, "429.html", 429)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return status 400, rendered without the request, which may have neither a session nor a valid host."""
    texts = typed_texts(posted_fields(request))
    if isinstance(exception, RequestDataTooBig):
        texts = _texts_of_large_form(request)
    return HttpResponse(render_to_string("400.html", {"texts": texts}), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return status 503 with a form that repeats the request if the database is unavailable, else status 500."""
    fields = posted_fields(request)
    texts = typed_texts(fields)
    if not isinstance(sys.exception(), DATABASE_UNAVAILABLE):
        return HttpResponse(render_to_string("500.html", {"texts": texts}), status=500)
    if not connection.in_atomic_block:
        connection.close()  # SQLite's connection would stay read-only
    path, is_post = request.get_full_path(), request.method == "POST"
    context = {"is_saving": is_post, "path": path, "fields": fields, "texts": texts}
    # Without the request, because the context processors would query the database for the user.
    page = render_to_string("503.html", context)
    response = HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    add_never_cache_headers(response)
    return response


def _draft_refused(status: int) -> JsonResponse:
    """Return what the script that saves drafts understands."""
    return JsonResponse({"error": "login"}, status=status)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"texts": typed_texts(posted_fields(request))}, status=status)


def _texts_of_large_form(request: HttpRequest) -> list[str]:
    """Return what was typed into a form of more than DATA_UPLOAD_MAX_MEMORY_SIZE, which Django leaves unread."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if request.content_type != "application/x-www-form-urlencoded" or length > MAX_SHOWN:
            return []
        form = QueryDict(request.read(length), encoding=request.encoding)
    except Exception:
        return []  # the error page must not fail
    if any("password" in name for name in form):
        return []
    return typed_texts([(name, value) for name, values in form.lists() for value in values])
