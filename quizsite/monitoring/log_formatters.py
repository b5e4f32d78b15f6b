"""What is written to the log: readable lines, or one JSON object a line; each with the id of its request."""

import json
import logging
import re
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import TracebackException
from typing import Any

from django.http import HttpRequest

FIELDS = ("request_id", "method", "path", "view", "status", "milliseconds")
CURRENT: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

# Links that let anybody in who has them, what follows a question mark, and addresses of people. No expression looks
# at a character twice, since paths may be long and are anybody's to choose.
KEYS = re.compile(r"(/(?:reset/key|confirm-email)/)[^/\s]+")
QUERY = re.compile(r"\?[^\s\"'=?]+=[^\s\"']*")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# PostgreSQL repeats whole rows there.
DETAIL = re.compile(r"\nDETAIL: .*", re.DOTALL)
# What would begin a line of its own.
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SHORTEST = 3  # of what was sent; taking out single letters would leave nothing to read


class RequestFilter(logging.Filter):
    """Adds to each record the request that it belongs to, and that request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets everything through."""
        record.asked = request = getattr(record, "request", None) or CURRENT.get()
        record.request_id = getattr(request, "request_id", "-")
        return True


class TextFormatter(logging.Formatter):
    """Lines for people, without what a request had sent."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{request_id}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The line, and under it the traceback where there is one."""
        message = scrubbed(record.getMessage())
        record.message = BREAKS.sub(lambda found: repr(found[0])[1:-1], message)
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        return f"{line}\n{told(record)}" if record.exc_info else line


class JSONFormatter(logging.Formatter):
    """One JSON object a line, of fields that are named here: anything else that a record carries may be private."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; a traceback is one of its fields."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        entry |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            entry["exception"] = told(record)
        return json.dumps(entry, default=str)


def scrubbed(text: str, sent: Iterable[str] = ()) -> str:
    """The text without keys of links, query strings, e-mail addresses and the values given."""
    for value in sent:
        text = text.replace(value, "…")
    text = QUERY.sub("?…", KEYS.sub(r"\1…", text))
    return EMAIL.sub("…", text)


def told(record: logging.LogRecord) -> str:
    """The record's exception as Python prints it, except that no message of one repeats what the request had sent."""
    found = TracebackException(*record.exc_info)  # type: ignore[misc]
    _mute(found, _sent(getattr(record, "asked", None)), set())
    return "".join(found.format()).rstrip()


def _mute(found: TracebackException, sent: list[str], seen: set[int]) -> None:
    """Has the exception, those that led to it and those within it scrub their messages; frames stay as they are."""
    if id(found) in seen:
        return
    seen.add(id(found))
    original = found.format_exception_only

    def muted(*args: Any, **options: Any) -> Iterable[str]:
        return [scrubbed(DETAIL.sub("\n", line), sent) for line in original(*args, **options)]

    found.format_exception_only = muted  # type: ignore[method-assign, assignment]
    for other in (found.__cause__, found.__context__, *(getattr(found, "exceptions", None) or ())):
        if other:
            _mute(other, sent, seen)


def _sent(request: Any) -> list[str]:
    """What the request carried, as it stands in texts and in their representations, the longest first."""
    if not isinstance(request, HttpRequest):
        return []
    read = request.__dict__.get("_post")  # not read anew: the body may be gone
    values = [value for data in (request.GET, read or {}) for value in dict(data).values()]
    texts = {text for value in values for text in value} | set(request.COOKIES.values())
    shown = {form for text in texts for form in (text, repr(text)[1:-1], json.dumps(text)[1:-1])}
    return sorted((form for form in shown if len(form) >= SHORTEST), key=len, reverse=True)
