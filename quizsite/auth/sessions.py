"""Sessions in the database, as SESSION_ENGINE names them."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from questions.performance.session_queries import unexpired_session

# Django stores the path of the authentication backend in each session and treats a session with an unknown path as
# logged out. Up to version 0.1 the path was this one. It can go two weeks (SESSION_COOKIE_AGE) after a site was
# upgraded: by then every session has been saved again or has expired. Remove it in the release after the next.
FORMER_BACKEND = "quizsite.passwords.Backend"


class SessionStore(db.SessionStore):
    """Django's sessions, read by a compiled query."""

    def load(self) -> dict[str, Any]:
        """Return the session's data, with today's path of the authentication backend."""
        data = super().load()
        if data.get(BACKEND_SESSION_KEY) == FORMER_BACKEND:
            data[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        return data

    def _get_session_from_db(self) -> Session | None:
        session = unexpired_session(self.session_key, timezone.now())
        if session is None:
            self._session_key = None
        return session
