"""Log formatters: text or one JSON object per line, with the request id and without personal data."""

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
CURRENT_REQUEST: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

# Personal data that `scrub` removes. Clients choose the path, so every expression must run in linear time.
URL_TOKENS = re.compile(r"(/(?:reset/key|confirm-email|plan(?:/reminders)?)/)[^/\s]+")
QUERY_STRING = re.compile(r"\?[^\s\"'=?]+=[^\s\"']*")
EMAIL_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The part of PostgreSQL's messages that quotes whole rows.
DETAIL = re.compile(r"\nDETAIL: .*", re.DOTALL)
# Characters that could forge a new log line.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MIN_SCRUBBED_LENGTH = 3  # removing shorter submitted values would make the text unreadable


class RequestFilter(logging.Filter):
    """Filter that sets `http_request` and `request_id` on each record; it drops none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.http_request = request = getattr(record, "request", None) or CURRENT_REQUEST.get()
        record.request_id = getattr(request, "request_id", "-")
        return True


class TextFormatter(logging.Formatter):
    """Formatter for people: one line per record, then the traceback if there is one."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{request_id}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        message = scrub(record.getMessage())
        record.message = CONTROL_CHARACTERS.sub(lambda match: repr(match[0])[1:-1], message)
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        return f"{line}\n{format_exception(record)}" if record.exc_info else line


class JSONFormatter(logging.Formatter):
    """Formatter for log collectors: one JSON object per line, only with known fields, since others may be private."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        entry |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            entry["exception"] = format_exception(record)
        return json.dumps(entry, default=str)


def scrub(text: str, submitted: Iterable[str] = ()) -> str:
    """Return the text without link tokens, query strings, email addresses and the submitted values."""
    for value in submitted:
        text = text.replace(value, "…")
    text = QUERY_STRING.sub("?…", URL_TOKENS.sub(r"\1…", text))
    return EMAIL_ADDRESS.sub("…", text)


def format_exception(record: logging.LogRecord) -> str:
    """Return the record's traceback as Python prints it, without values that the request submitted."""
    exception = TracebackException(*record.exc_info)  # type: ignore[misc]
    _scrub_messages(exception, _submitted_values(getattr(record, "http_request", None)), set())
    return "".join(exception.format()).rstrip()


def _scrub_messages(exception: TracebackException, submitted: list[str], seen: set[int]) -> None:
    """Make the exception, its causes and the members of its group scrub their messages; frames stay as they are."""
    if id(exception) in seen:
        return
    seen.add(id(exception))
    original = exception.format_exception_only

    def scrubbed(*args: Any, **options: Any) -> Iterable[str]:
        return [scrub(DETAIL.sub("\n", line), submitted) for line in original(*args, **options)]

    exception.format_exception_only = scrubbed  # type: ignore[method-assign, assignment]
    for other in (exception.__cause__, exception.__context__, *(getattr(exception, "exceptions", None) or ())):
        if other:
            _scrub_messages(other, submitted, seen)


def _submitted_values(request: Any) -> list[str]:
    """Return the values of the query string, the form and the cookies, raw and quoted, the longest first."""
    if not isinstance(request, HttpRequest):
        return []
    post = request.__dict__.get("_post")  # `request.POST` would read the body, which may be gone
    fields = [values for data in (request.GET, post or {}) for values in dict(data).values()]
    values = {value for values in fields for value in values} | set(request.COOKIES.values())
    quoted = {form for value in values for form in (value, repr(value)[1:-1], json.dumps(value)[1:-1])}
    return sorted((form for form in quoted if len(form) >= MIN_SCRUBBED_LENGTH), key=len, reverse=True)
