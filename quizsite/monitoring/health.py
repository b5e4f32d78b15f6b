"""Health checks for load balancers and container runtimes: liveness at /healthz, readiness at /readyz."""

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from questions.bank.models.topics import Topic

LOG = logging.getLogger("quizsite.health")
OK = "ok"


class HealthMiddleware:
    """Middleware that answers /healthz and /readyz.

    It comes before the middleware that would reject a probe: probes use the IP address and plain HTTP, which
    ALLOWED_HOSTS and the redirect to HTTPS do not let through. No session is created either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.probes: dict[str, Callable[[], HttpResponse]] = {"/healthz": live, "/readyz": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = self.probes.get(request.path_info)
        if not probe:
            return self.get_response(request)
        response = probe() if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response.headers["Cache-Control"] = "no-store"
        return response


def live() -> HttpResponse:
    """Return status 200 without using the database: the process can answer."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready() -> HttpResponse:
    """Return the state of each component as JSON, with status 200 if all are ok, else 503."""
    states = component_states()
    is_ready = set(states.values()) == {OK}
    if not is_ready:
        LOG.warning("Not ready: %s", ", ".join(f"{name} {value}" for name, value in states.items()))
    return JsonResponse({"ready": is_ready, "version": settings.VERSION, **states}, status=200 if is_ready else 503)


def component_states() -> dict[str, str]:
    """Return the state of the database, the migrations and the content, by name.

    A component is checked only if all components before it are ok; otherwise its state is "unknown".
    """
    states = {"database": "unreachable", "migrations": "unknown", "content": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        states |= {"database": OK, "migrations": "missing"}
        if _are_current(set(MigrationRecorder.Migration.objects.values_list("app", "name"))):
            has_content = Topic.objects.exists() or not _has_fixtures()
            states |= {"migrations": OK, "content": OK if has_content else "missing"}
    except Error:
        pass  # the message may contain host and user names
    return states


def _are_current(applied: set[tuple[str, str]]) -> bool:
    """Return whether every migration of this release, or all the migrations that it replaces, are applied."""
    return all(key in applied or (replaced and replaced <= applied) for key, replaced in _migrations().items())


@cache
def _migrations() -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return the migrations of this release, each with the migrations that it replaces."""
    migrations = MigrationLoader(None).disk_migrations or {}
    return {key: set(migration.replaces) for key, migration in migrations.items()}


def _has_fixtures() -> bool:
    """Return whether `prepare` has content to load; a site may also start empty."""
    return any(True for folder in settings.FIXTURE_DIRS for _ in Path(folder).glob("*.yaml"))
