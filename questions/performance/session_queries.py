"""Compiled queries for the session and the user, which every page of a candidate reads first."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, IntegerField

from questions.performance.compiled_queries import CompiledQuery, Parameter

_KEY, _NOW = Parameter("key", CharField()), Parameter("now", DateTimeField())
_SESSION = CompiledQuery(lambda: Session.objects.filter(session_key=_KEY, expire_date__gt=_NOW), part="session_queries")
_USER = CompiledQuery(lambda: User.objects.filter(pk=Parameter("pk", IntegerField())), part="session_queries")


def unexpired_session(key: str | None, now: datetime) -> Session | None:
    """Return the row of the session with this key; None if there is none or it has expired."""
    return next(iter(_SESSION(key=key, now=now)), None)


def user_with_pk(pk: Any) -> User | None:
    """Return the user; None if there is none with this primary key."""
    return next(iter(_USER(pk=pk)), None)
