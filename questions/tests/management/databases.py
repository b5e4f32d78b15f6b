"""Databases beside the one that the tests stand on, on the same kind of server, and what they hold."""

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import ConnectionHandler, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import Mode

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Digests = dict[str, tuple[int, str]]


class Place:
    """A database that is not there yet, in a folder or on the server of the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = (
            f"elsewhere_{uuid.uuid4().hex[:8]}" if connection.vendor == "postgresql" else str(folder / "quiz.db")
        )

    @property
    def environment(self) -> dict[str, str]:
        """What leads manage.py to it."""
        if connection.vendor == "sqlite":
            return {"DATABASE_URL": f"sqlite:///{self.name}"}
        server = connection.settings_dict
        return {"DATABASE_URL": f"postgres://{server['USER']}@/{server['HOST']}/{self.name}"}

    @contextmanager
    def opened(self, name: str = "") -> Iterator[BaseDatabaseWrapper]:
        """A connection to it, or to a database beside it."""
        options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"}
        its_own = {"NAME": name or self.name, "OPTIONS": options, "CONN_MAX_AGE": 0}
        handler = ConnectionHandler({"default": connection.settings_dict | its_own})
        with closing(handler["default"]) as found:
            found.ensure_connection()
            yield found

    def digests(self, name: str = "") -> Digests:
        """What it holds, or a database beside it."""
        with self.opened(name) as found:
            return digests(found)

    def beside(self) -> list[str]:
        """What else is there that bears its name: databases put aside, or parts of them."""
        if connection.vendor == "sqlite":
            return sorted(path.name for path in self.folder.iterdir() if str(path) != self.name)
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [f"{self.name}_%"])
            return [name for (name,) in cursor]

    def remove(self) -> None:
        """Takes it and all beside it away."""
        if connection.vendor == "sqlite":
            shutil.rmtree(self.folder)
            return
        for name in [self.name, *self.beside()]:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def rows(database: BaseDatabaseWrapper) -> dict[str, list[Any]]:
    """The rows of every table, sorted, and the last number of every sequence."""
    sequences = {"sqlite": "sqlite_sequence", "postgresql": "pg_sequences"}[database.vendor]
    with database.cursor() as cursor:
        found = {}
        for name in [*database.introspection.table_names(cursor), sequences]:
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def digests(database: BaseDatabaseWrapper) -> Digests:
    """The number of rows of every table, and their digest."""
    return {
        name: (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())
        for name, lines in rows(database).items()
    }


def take(questions: list[Question]) -> Attempt:
    """An exam of a new visitor, answered and handed in, in one transaction."""
    with transaction.atomic():
        owner = Owner(visitor=uuid.uuid4())
        attempt = attempts.start(owner=owner, questions=questions, mode=Mode.EXAM, title="T", at=NOW)
        for position in range(1, len(questions) + 1):
            attempts.record_response(response=attempt.responses.get(position=position), answer={"chosen": [0]}, at=NOW)
        return attempts.submit(attempt=attempt, at=NOW)
