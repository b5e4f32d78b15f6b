"""Rate limits of the site's own forms, by allauth's mechanism."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

# In allauth's notation: how many times in a minute or an hour, counted by what. The settings pass them on to allauth.
LIMITS = {
    "import": "20/h/ip",  # importing a large file keeps the database busy for seconds
    "report": "20/h/key,60/h/ip",  # problem reports; the key is the reporter
    "search": "60/m/ip",
}


def allows(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Return whether the requester may perform the action once more, and count it.

    allauth's public function does not count GET requests, and searches are GET requests; the internal one does.
    """
    return bool(
        ratelimit.consume(request, app="allauth.account", action=action, key=key, user=request.user, limit_get=True)
    )


def refusal(request: HttpRequest) -> HttpResponse:
    """Return the page that says so, with status 429."""
    return ratelimit.respond_429(request)
