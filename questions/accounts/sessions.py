"""Ending a user's sessions on other devices."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

AT_ONCE = 2000


def end_sessions(*, user_id: int, keep: str | None = None) -> int:
    """Logs the user out everywhere but in the session of that key; returns how many sessions that were.

    Whose a session is stands only in its encoded data.
    """
    theirs = [
        session.pk
        for session in Session.objects.exclude(pk=keep).iterator(AT_ONCE)
        if session.get_decoded().get(SESSION_KEY) == str(user_id)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]
