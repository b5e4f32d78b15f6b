"""Health checks /healthz and /readyz, requested as load balancers do."""

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from questions.tests.factories import TopicFactory

READY = {"ready": True, "version": settings.VERSION, "database": "ok", "migrations": "ok", "content": "ok"}


@pytest.fixture
def probe(settings) -> Client:
    """Client that uses an IP address and plain HTTP, for a site behind TLS."""
    settings.SECURE_SSL_REDIRECT = True
    return Client(HTTP_HOST="10.0.0.7")


class TestLive:
    def test_liveness_needs_no_database(self, probe):
        # Without the django_db mark, every query raises an error.
        response = probe.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_only_get_and_head_are_allowed(self, probe, path):
        assert probe.post(path).status_code == 405


@pytest.mark.django_db
class TestReady:
    def test_site_with_content_is_ready(self, probe):
        TopicFactory()
        response = probe.get("/readyz")
        assert (response.status_code, response.json()) == (200, READY)

    def test_readiness_needs_three_queries(self, probe, django_assert_num_queries):
        TopicFactory()
        probe.get("/readyz")
        with django_assert_num_queries(3):
            probe.get("/readyz")

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_response_is_not_cached_and_has_no_session(self, probe, path):
        response = probe.get(path)
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies

    def test_site_without_content_is_not_ready(self, probe):
        response = probe.get("/readyz")
        assert (response.status_code, response.json()) == (503, READY | {"ready": False, "content": "missing"})

    def test_site_without_fixtures_may_be_empty(self, probe, settings, tmp_path):
        settings.FIXTURE_DIRS = [tmp_path]
        assert probe.get("/readyz").status_code == 200

    def test_missing_migration_makes_the_site_unready(self, probe):
        TopicFactory()
        MigrationRecorder(connection).record_unapplied("questions", "0001_initial")
        response = probe.get("/readyz")
        expected = {"ready": False, "migrations": "missing", "content": "unknown"}
        assert (response.status_code, response.json()) == (503, READY | expected)

    def test_migrations_of_a_newer_release_are_ignored(self, probe):
        TopicFactory()
        MigrationRecorder(connection).record_applied("questions", "9999_to_come")
        assert probe.get("/readyz").status_code == 200

    def test_unreachable_database_is_reported_without_its_name(self, probe, caplog):
        def refuse(*query):
            raise OperationalError("connection to db.example.org as quiz failed")

        with connection.execute_wrapper(refuse):
            response = probe.get("/readyz")
        expected = {"ready": False, "database": "unreachable", "migrations": "unknown", "content": "unknown"}
        assert (response.status_code, response.json()) == (503, READY | expected)
        assert "Not ready: database unreachable, migrations unknown, content unknown" in caplog.messages
        assert "db.example.org" not in caplog.text

    def test_empty_database_is_reachable_but_not_ready(self, probe):
        def without_tables(execute, sql, *rest):
            if sql != "SELECT 1":
                raise ProgrammingError("no such table")
            return execute(sql, *rest)

        with connection.execute_wrapper(without_tables):
            response = probe.get("/readyz")
        expected = {"ready": False, "migrations": "missing", "content": "unknown"}
        assert (response.status_code, response.json()) == (503, READY | expected)
