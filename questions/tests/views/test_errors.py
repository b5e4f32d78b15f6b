"""Error pages for an unavailable database: an explanation, and the submitted fields for a retry."""

import html
import re
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection
from django.test import Client

from questions.enums import Mode
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
ESSAY = 'First line, "quoted" & <b>bold</b>.\n\nSecond one.'
DATABASE_UNAVAILABLE = [OperationalError("database or disk is full"), InternalError("cannot execute UPDATE: read-only")]


@contextmanager
def failing(error: Exception, *, verbs: str = "UPDATE|INSERT"):
    """Make the database raise the error at statements with these verbs."""

    def fail(execute: Callable, sql: str, *rest):
        if re.match(verbs, sql):
            raise error
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


class TestDatabaseUnavailable:
    @pytest.mark.parametrize("error", DATABASE_UNAVAILABLE, ids=["full", "read-only"])
    def test_unsaved_answer_is_offered_for_a_retry(self, visitor, error):
        attempt = visitor_attempt(visitor, make_question("open"), mode=Mode.EXAM)
        sent = {"csrfmiddlewaretoken": "x" * 64, "text": ESSAY, "confidence": "sure", "go": "save"}
        with failing(error):
            response = visitor.post(page_of(attempt), sent)
        page = response.content.decode()
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "no-store" in response["Cache-Control"]
        assert "Not saved yet" in page
        assert html.unescape(page.partition("readonly>")[2].partition("</textarea>")[0]) == ESSAY
        assert f'action="{page_of(attempt)}"' in page
        again = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        assert {name: html.unescape(value) for name, value in again} == sent

        assert not attempt.responses.get().is_answered
        visitor.post(page_of(attempt), {name: html.unescape(value) for name, value in again})
        assert attempt.responses.get().answer["text"] == ESSAY

    def test_failed_read_is_explained_without_querying_the_user(self, visitor):
        with failing(OperationalError("no route to host"), verbs=""):
            response = visitor.get("/topics/")
        assert response.status_code == 503
        page = response.content.decode()
        assert "Site temporarily unavailable" in page
        assert "<form" not in page

    def test_password_is_not_repeated_on_the_page(self, visitor):
        with failing(OperationalError("gone"), verbs=""):
            response = visitor.post("/accounts/login/", {"login": "ada", "password": "not to be shown"})
        page = response.content.decode()
        assert (response.status_code, "go back and submit it again" in page) == (503, True)
        assert "not to be shown" not in page
        assert "ada" not in page

    def test_bug_is_not_reported_as_temporary(self, visitor):
        attempt = visitor_attempt(visitor, make_question("open"), mode=Mode.EXAM)
        with failing(IntegrityError("UNIQUE constraint failed")):
            response = visitor.post(page_of(attempt), {"text": ESSAY, "go": "save"})
        assert response.status_code == 500
        assert "Retry-After" not in response
