"""Who is asking: a user, or a visitor known by an id in the session."""

import uuid

from django.http import HttpRequest

from questions.accounts.owners import Owner

SESSION_KEY = "visitor"


def visitor_of(request: HttpRequest) -> uuid.UUID | None:
    """The visitor's id, or None for somebody who has not started anything."""
    value = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return uuid.UUID(value) if value else None


def owner_of(request: HttpRequest) -> Owner:
    """Whose attempts the request may see."""
    if request.user.is_authenticated:
        return Owner(user_id=request.user.pk)
    return Owner(visitor=visitor_of(request))


def owner_or_new_visitor(request: HttpRequest) -> Owner:
    """As `owner_of`; a new visitor gets an id."""
    if not request.user.is_authenticated and visitor_of(request) is None:
        request.session[SESSION_KEY] = str(uuid.uuid4())
    return owner_of(request)


def forget_visitor(request: HttpRequest) -> None:
    """Takes the id out of the session, once its attempts belong to an account."""
    request.session.pop(SESSION_KEY, None)
