"""Whose turn it is to write."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")
_WRITER = Lock()


def serialized(write: Callable[P, R]) -> Callable[P, R]:
    """The verb, which on SQLite waits until no other thread of this process is in it.

    SQLite has whoever wants to write sleep and try again, for longer each time, so that many who answer at once would
    wait far longer than the writes take. A verb inside a transaction does not wait: that one has the lock already.
    """

    @wraps(write)
    def waited(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return write(*args, **kwargs)
        with _WRITER:
            return write(*args, **kwargs)

    return waited
