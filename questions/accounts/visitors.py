"""Owner of a request: the user, or the anonymous visitor whose id is in the session."""

import uuid
from datetime import timedelta

from django.http import HttpRequest

from questions.accounts.owners import Owner

SESSION_KEY = "visitor"
LIFETIME = timedelta(weeks=2)  # how long a visitor's answers can be reached after the last change of the session


def visitor_of(request: HttpRequest) -> uuid.UUID | None:
    """Return the visitor's id, or None if the visitor has not started anything yet."""
    value = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return uuid.UUID(value) if value else None


def owner_of(request: HttpRequest) -> Owner:
    """Return the owner whose data the request may see."""
    if request.user.is_authenticated:
        return Owner(user_id=request.user.pk)
    return Owner(visitor=visitor_of(request))


def owner_or_new_visitor(request: HttpRequest) -> Owner:
    """Return the owner of the request; give a new visitor an id first."""
    if not request.user.is_authenticated and visitor_of(request) is None:
        request.session[SESSION_KEY] = str(uuid.uuid4())
        request.session.set_expiry(int(LIFETIME.total_seconds()))
    return owner_of(request)


def forget_visitor(request: HttpRequest) -> None:
    """Remove the visitor's id from the session, once the visitor's data belongs to an account."""
    request.session.pop(SESSION_KEY, None)
