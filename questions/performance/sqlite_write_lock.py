"""A lock for writes to SQLite, shared by the threads of a process."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from django.db import connection

from questions.performance import switches

P = ParamSpec("P")
R = TypeVar("R")
_LOCK = Lock()


def serialized(service: Callable[P, R]) -> Callable[P, R]:
    """Return the service with a lock: on SQLite one thread of this process runs it at a time.

    SQLite makes a writer that finds the database locked sleep and try again, for longer each time, so that many who
    answer at once would wait far longer than the writes take. Inside a transaction the lock is not taken, since the
    transaction has SQLite's own already.
    """

    @wraps(service)
    def locked(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.vendor != "sqlite" or connection.in_atomic_block or switches.is_off("write_lock"):
            return service(*args, **kwargs)
        with _LOCK:
            return service(*args, **kwargs)

    return locked
