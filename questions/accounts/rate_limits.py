"""How often something may be done: ACCOUNT_RATE_LIMITS says it, for allauth's forms and for ours."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse


def allows(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Whether the requester may do that once more; counts it where they may.

    allauth's public function lets every GET pass, so that searches would go uncounted; the one beneath counts them.
    """
    return bool(
        ratelimit.consume(request, app="allauth.account", action=action, key=key, user=request.user, limit_get=True)
    )


def refusal(request: HttpRequest) -> HttpResponse:
    """The page that says so, with status 429."""
    return ratelimit.respond_429(request)
