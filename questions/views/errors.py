"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tells that the form could not be accepted, which most often means that cookies are off."""
    return render(request, "403_csrf.html", {"cookies_seen": bool(request.COOKIES)}, status=403)
