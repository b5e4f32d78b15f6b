"""Helpers for requests: safe redirect targets and htmx."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next_url(request: HttpRequest) -> str:
    """Return the path in the `next` parameter if it is on this site, else an empty string."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_safe and address.startswith("/") else ""


def replaces_page(request: HttpRequest) -> bool:
    """Return whether the response replaces the whole page in the browser, rather than a part that htmx asked for."""
    return not request.htmx or request.htmx.boosted  # type: ignore[attr-defined]


def sent_by_htmx(request: HttpRequest) -> bool:
    """Return whether htmx sent the request, and will swap the response into the page."""
    return bool(request.htmx)  # type: ignore[attr-defined]
