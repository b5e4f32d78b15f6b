"""How requests come in and where they are led."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next_url(request: HttpRequest) -> str:
    """The path in `next`, as sent or as asked for, if it is one of this site; empty otherwise."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if here and address.startswith("/") else ""


def sent_by_htmx(request: HttpRequest) -> bool:
    """Whether htmx sent the request, which takes what it shows from the answer itself."""
    return bool(request.htmx)  # type: ignore[attr-defined]
