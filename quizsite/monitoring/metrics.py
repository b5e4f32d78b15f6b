"""Prometheus metrics of a worker process; imported only if METRICS_PORT is set."""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import Error, transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from questions.attempts.signals import answer_recorded

METHODS = frozenset({"GET", "HEAD", "POST"})
# Seconds: from a question page, a few milliseconds, to the timeout for SQLite's write lock.
LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)

REQUESTS = Histogram(
    "quizsite_request_seconds", "Time to answer requests", ["view", "method", "status"], buckets=LATENCY_BUCKETS
)
ANSWERS = Counter("quizsite_answers", "Answers recorded, changes of answers included")
ERRORS = Counter("quizsite_database_errors", "Database errors that ended a request", ["error"])


class MetricsMiddleware:
    """Middleware that counts and times requests by view name, method and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(_view_of(request), method, response.status_code).observe(perf_counter() - started)
        return response


def _view_of(request: HttpRequest) -> str:
    """Return the view name, or one of a few fixed names, so that unknown URLs cannot create new labels."""
    if match := request.resolver_match:
        return match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


@receiver(answer_recorded, dispatch_uid="count_answers")
def count_answers(**kwargs: Any) -> None:
    """Count an answer when the transaction that saves it commits."""
    transaction.on_commit(ANSWERS.inc)


@receiver(got_request_exception, dispatch_uid="count_database_errors")
def count_database_errors(**kwargs: Any) -> None:
    """Count the database error that ended a request; handled errors, such as a double click's, do not count."""
    error = sys.exception()
    if isinstance(error, Error):
        ERRORS.labels(type(error).__name__).inc()
