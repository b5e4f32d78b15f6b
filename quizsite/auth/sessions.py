"""Django's sessions in the database, and its users, read by queries that are compiled once: every page needs both."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from questions.performance.compiled_queries import CompiledQuery, Parameter

_SESSION = CompiledQuery(
    lambda: Session.objects.filter(
        session_key=Parameter("key", CharField()), expire_date__gt=Parameter("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """What SESSION_ENGINE names."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None
