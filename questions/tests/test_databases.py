"""Database and cache settings from the environment, checked on live connections."""

import runpy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import CacheHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import ConnectionHandler, connection
from django.test import RequestFactory

from questions.tests.factories import TopicFactory

Settings = dict[str, Any]
SETTERS = ["CACHE_URL", "CONN_MAX_AGE", "DATABASE_URL", "DATABASE_POOL_SIZE", "SQLITE_SYNCHRONOUS"]


@pytest.fixture
def settings_with(monkeypatch, tmp_path) -> Callable[..., Settings]:
    """Function that returns the settings for an environment with these variables only."""

    def read(**environment: str) -> Settings:
        for name in SETTERS:
            monkeypatch.delenv(name, raising=False)
        for name, value in (environment | {"VAR_DIR": str(tmp_path)}).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(django_settings.BASE_DIR / "quizsite" / "settings.py"))

    return read


@pytest.mark.django_db
class TestSQLite:
    """The tuned defaults apply on a live connection, not only in the settings."""

    @pytest.fixture
    def connected(self, settings_with) -> Iterator[Callable[..., Any]]:
        opened = []

        def connect(**environment: str) -> Any:
            opened.append(ConnectionHandler(settings_with(**environment)["DATABASES"])["default"])
            return opened[-1]

        yield connect
        for each in opened:
            each.close()

    @staticmethod
    def pragmas(connected: Any) -> list[Any]:
        names = ["journal_mode", "synchronous", "busy_timeout", "foreign_keys"]
        with connected.cursor() as cursor:
            return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    def test_connection_has_wal_busy_timeout_and_foreign_keys(self, connected):
        assert self.pragmas(connected()) == ["wal", 1, 20_000, 1]

    def test_synchronous_can_be_full(self, connected):
        assert self.pragmas(connected(SQLITE_SYNCHRONOUS="FULL")) == ["wal", 2, 20_000, 1]

    def test_transaction_takes_the_write_lock_at_once(self, connected):
        first, second = connected(), connected()
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        second.settings_dict["OPTIONS"]["timeout"] = 0
        with pytest.raises(Exception, match="database is locked"):
            second.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    def test_connection_is_reopened_every_hour(self, settings_with):
        assert settings_with()["DATABASES"]["default"]["CONN_MAX_AGE"] == 3600


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's autovacuum does it")
@pytest.mark.django_db
def test_upkeep_updates_the_statistics_of_the_query_planner():
    TopicFactory()
    call_command("upkeep", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'questions_topic'")
        assert {stat for (stat,) in cursor} == {"1 1"}


class TestPostgreSQL:
    URL = "postgres://quiz:secret@db.example.org/quiz?sslmode=require"

    def test_pool_checks_connections_before_use(self, settings_with):
        database = settings_with(DATABASE_URL=self.URL, DATABASE_POOL_SIZE="5")["DATABASES"]["default"]
        assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (0, True)
        pool = {"min_size": 1, "max_size": 5, "timeout": 10}
        assert database["OPTIONS"] == {"sslmode": "require", "connect_timeout": 10, "pool": pool}

    def test_without_a_pool_each_thread_keeps_a_connection(self, settings_with):
        without = {"DATABASE_URL": self.URL, "DATABASE_POOL_SIZE": "0", "CONN_MAX_AGE": "0"}
        database = settings_with(**without)["DATABASES"]["default"]
        assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)
        assert database["OPTIONS"] == {"sslmode": "require"}

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that closes connections")
    @pytest.mark.django_db(transaction=True)
    def test_closed_connection_is_replaced(self, settings):
        settings.ALLOWED_HOSTS = ["testserver"]
        connection.close()
        connection.close_pool()  # start with a new pool, whatever other tests did
        status, pid = visit()
        with connection._nodb_cursor() as other:
            others = "FROM pg_stat_activity WHERE datname = %s"
            other.execute(f"SELECT pid, pg_terminate_backend(pid, 5000) {others}", [connection.settings_dict["NAME"]])
            closed = dict(other.fetchall())
        assert closed[pid]
        assert all(closed.values())
        again, another = visit()
        assert again == status == "200 OK"
        assert another not in closed


def visit() -> tuple[str, int]:
    """Return the status of a page and the PostgreSQL process id of its queries."""
    pids, statuses = set(), []

    def noted(execute: Callable[..., Any], *query: Any) -> Any:
        pids.add(connection.connection.info.backend_pid)
        return execute(*query)

    environ = RequestFactory()._base_environ(PATH_INFO="/topics/")
    with connection.execute_wrapper(noted):
        response = WSGIHandler()(environ, lambda status, headers: statuses.append(status))
        response.close()
    (pid,) = pids
    return statuses[0], pid


class TestCaches:
    LIMITS = {"socket_connect_timeout": 2, "socket_timeout": 2}

    @pytest.fixture
    def cache_at(self, settings_with) -> Callable[..., Any]:
        return lambda **environment: CacheHandler(settings_with(**environment)["CACHES"])["default"]

    def test_default_cache_is_local_to_the_process(self, cache_at):
        cache = cache_at()
        cache.set("name", 1)
        assert type(cache).__name__ == "LocMemCache"
        assert cache.get("name") == 1

    @pytest.mark.parametrize(
        ("url", "tls"),
        [("redis://:valkey@cache/1", ""), ("valkey://:valkey@cache/1", ""), ("valkeys://:valkey@cache/1", "SSL")],
    )
    def test_redis_and_valkey_need_one_variable(self, cache_at, url, tls):
        pool = cache_at(CACHE_URL=url)._cache.get_client().connection_pool
        assert pool.connection_class.__name__ == f"{tls}Connection"
        expected = {"host": "cache", "db": 1, "password": "valkey", **self.LIMITS}
        assert expected.items() <= pool.connection_kwargs.items()

    def test_socket_and_timeouts_can_be_set(self, cache_at):
        pool = cache_at(CACHE_URL="redis:///run/cache.sock?socket_timeout=1&db=2")._cache.get_client().connection_pool
        expected = {"path": "/run/cache.sock", "db": 2} | self.LIMITS | {"socket_timeout": 1}
        assert expected.items() <= pool.connection_kwargs.items()
