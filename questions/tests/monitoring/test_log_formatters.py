"""Log lines of requests, and what they must never contain."""

import json
import logging
import sys
from collections.abc import Callable
from io import StringIO

import pytest
from django.db import IntegrityError
from django.http import HttpRequest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from questions.attempts import services as attempts
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from quizsite.monitoring import log_formatters

Written = Callable[[], str]
ANSWER = "my own words on zirconium"


@pytest.fixture(params=[log_formatters.TextFormatter, log_formatters.JSONFormatter], ids=["text", "json"])
def written(request) -> Written:
    """Function that returns the log so far, in either format, with a line for each request."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    handler.addFilter(log_formatters.RequestFilter())
    lines, errors = logging.getLogger("quizsite.requests"), logging.getLogger("django")
    level = lines.level
    lines.setLevel(logging.INFO)
    lines.addHandler(handler)
    errors.addHandler(handler)
    yield stream.getvalue
    lines.setLevel(level)
    lines.removeHandler(handler)
    errors.removeHandler(handler)


@pytest.fixture
def visitor() -> Client:
    """Client that gets the error page instead of an exception."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
class TestRequestId:
    def test_every_response_has_its_own_id(self, client: Client):
        ids = {client.get(path)["X-Request-ID"] for path in ("/", "/topics/", "/nowhere/")}
        assert len(ids) == 3
        assert {len(each) for each in ids} == {32}

    @pytest.mark.parametrize("given", ["7f3c0ad1", "Root=1-67891233-abcdef012345678912345678", "a" * 100])
    def test_id_of_the_proxy_is_kept(self, client: Client, given: str):
        assert client.get("/topics/", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given

    @pytest.mark.parametrize(
        "given", ["", "short", "a" * 101, "two words here", "line\nbreak1", "<script>", "ключ-ключ"]
    )
    def test_malformed_id_is_not_repeated(self, client: Client, given: str):
        assert client.get("/topics/", HTTP_X_REQUEST_ID=given)["X-Request-ID"] != given

    def test_every_log_line_of_a_request_has_its_id(self, visitor: Client, written: Written, monkeypatch):
        monkeypatch.setattr(
            "questions.views.topics.progress", lambda owner: logging.getLogger("django").error("On the way")
        )
        visitor.get("/topics/", HTTP_X_REQUEST_ID="first-request")
        visitor.get("/nowhere/", HTTP_X_REQUEST_ID="second-request")
        lines = written().splitlines()
        assert ["first-request" in line for line in lines] == [True, True, False, False]
        assert ["second-request" in line for line in lines] == [False, False, True, True]
        assert "On the way" in lines[0]
        assert any("Not Found: /nowhere/" in line for line in lines)

    def test_line_outside_requests_has_no_id(self, written: Written):
        logging.getLogger("django").error("Between")
        assert "[-]" in written() or json.loads(written())["request_id"] == "-"


@pytest.mark.django_db
class TestLines:
    def test_request_log_line(self, client: Client, written: Written):
        client.get("/topics/")
        assert "GET /topics/ 200, " in written()
        assert written().rstrip().count("\n") == 0

    def test_json_line_has_a_field_for_each_part(self, client: Client):
        record = logging.makeLogRecord({"name": "quizsite.requests", "levelname": "INFO", "msg": "Line", "created": 0})
        for name, value in {"request_id": "x", "status": 404, "view": None, "request": "private"}.items():
            setattr(record, name, value)
        assert json.loads(log_formatters.JSONFormatter().format(record)) == {
            "time": "1970-01-01T00:00:00.000+00:00",
            "level": "INFO",
            "logger": "quizsite.requests",
            "message": "Line",
            "request_id": "x",
            "status": 404,
            "view": None,
        }

    def test_request_log_is_off_by_default(self, client: Client, caplog):
        with caplog.at_level(logging.INFO, logger="django"):
            client.get("/topics/")
        assert caplog.records == []


@pytest.mark.django_db
class TestPrivacy:
    def test_error_has_a_traceback_but_not_the_answer(self, visitor: Client, written: Written, monkeypatch):
        def fail(**options):
            detail = f"DETAIL:  Failing row contains (1, {ANSWER}, secret)."
            raise IntegrityError(f'new row violates "some_check" for {ANSWER!r}\n{detail}') from ValueError(ANSWER)

        monkeypatch.setattr(attempts, "record_response", fail)
        attempt = visitor_attempt(visitor, make_question("short_answer"))
        response = visitor.post(page_of(attempt), {"go": "check", "text": ANSWER})
        assert response.status_code == 500
        for part in (
            "Traceback (most recent call last)",
            "in _submit",
            "IntegrityError",
            "some_check",
            "direct cause",
        ):
            assert part in written()
        assert ANSWER not in written()
        assert "secret" not in written()

    def test_query_strings_and_email_addresses_are_removed(self, visitor: Client, written: Written, monkeypatch):
        message = "no mailbox jane.doe@example.org, see /search/?q=jane"

        def fail(*given):
            raise RuntimeError(message)

        monkeypatch.setattr("questions.views.topics.progress", fail)
        visitor.get("/topics/?email=joe@example.org")
        visitor.get("/nowhere/joe@example.org/?email=joe@example.org")
        assert "no mailbox" in written()
        for part in ("jane", "joe", "email"):
            assert part not in written()

    @pytest.mark.parametrize(
        "path",
        [
            *("/accounts/password/reset/key/1-abcdefgh/", "/accounts/confirm-email/abcdefgh/", "/x/reset/key/abcdefgh"),
            *("/plan/abcdefgh.ics", "/plan/reminders/abcdefgh/"),
        ],
    )
    def test_link_tokens_are_removed(self, visitor: Client, written: Written, path: str):
        visitor.get(path)
        assert "…" in written() or "\\u2026" in written()
        assert "abcdefgh" not in written()

    def test_line_break_in_a_url_starts_no_line(self, visitor: Client, written: Written):
        visitor.get("/a%0aERROR%0d%C2%85/")
        assert len(written().splitlines()) == 2

    @pytest.mark.parametrize("part", ["a", "?", "?a", "a.", "@a", "a@", "?=", "/reset/key/", "/plan/"])
    def test_long_url_is_scrubbed_in_linear_time(self, part: str):
        assert log_formatters.scrub(part * 300_000)  # in quadratic time this would take hours

    @given(st.text("αβγ'\"\\\n\t ", min_size=log_formatters.MIN_SCRUBBED_LENGTH))
    def test_no_message_repeats_submitted_values(self, text: str):
        request = HttpRequest()
        request.__dict__["_post"] = {"text": [text]}
        record = logging.makeLogRecord({"request": request})
        log_formatters.RequestFilter().filter(record)
        try:
            raise ExceptionGroup(f"Of {text}", [ValueError(f"Not {text!r}"), KeyError(json.dumps(text))])
        except ExceptionGroup:
            record.exc_info = sys.exc_info()
        shown = log_formatters.format_exception(record)
        assert "ValueError" in shown
        assert not set("αβγ") & set(shown)
