"""Whether the site is alive, and whether it is ready for visitors: for load balancers and container runtimes."""

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
    """Answers the two addresses before anything else looks at the request.

    Whoever asks knows this machine by its IP address and speaks HTTP, so that neither ALLOWED_HOSTS nor the redirect to
    HTTPS may stand between; and no session begins.
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
    """Success, without touching anything: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready() -> HttpResponse:
    """The state of what pages need, as JSON; with status 200 where all of it is there, 503 otherwise."""
    found = state()
    is_ready = set(found.values()) == {OK}
    if not is_ready:
        LOG.warning("Not ready: %s", ", ".join(f"{name} {value}" for name, value in found.items()))
    return JsonResponse({"ready": is_ready, "version": settings.VERSION, **found}, status=200 if is_ready else 503)


def state() -> dict[str, str]:
    """The state of the database, of its migrations and of the content, each unknown where one before it is not ok."""
    found = {"database": "unreachable", "migrations": "unknown", "content": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found |= {"database": OK, "migrations": "missing"}
        if _are_current(set(MigrationRecorder.Migration.objects.values_list("app", "name"))):
            has_content = Topic.objects.exists() or not _has_fixtures()
            found |= {"migrations": OK, "content": OK if has_content else "missing"}
    except Error:
        pass  # as far as it came; the reason may name hosts and users
    return found


def _are_current(applied: set[tuple[str, str]]) -> bool:
    """Whether every migration of this release is among those applied, or the ones that it replaces are."""
    return all(key in applied or (replaced and replaced <= applied) for key, replaced in _known().items())


@cache
def _known() -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Every migration of this release with those that it replaces; they do not change while a process lives."""
    found = MigrationLoader(None).disk_migrations or {}
    return {key: set(migration.replaces) for key, migration in found.items()}


def _has_fixtures() -> bool:
    """Whether there is content to load, as `prepare` does; a site may also begin with none."""
    return any(True for folder in settings.FIXTURE_DIRS for _ in Path(folder).glob("*.yaml"))
