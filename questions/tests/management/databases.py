"""Additional databases on the server of the test database, and digests of their content."""

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

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
    """The location of a database that does not exist yet: a file, or a name on the test server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = (
            f"elsewhere_{uuid.uuid4().hex[:8]}" if connection.vendor == "postgresql" else str(folder / "quiz.db")
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that make manage.py use it."""
        if connection.vendor == "sqlite":
            return {"DATABASE_URL": f"sqlite:///{self.name}"}
        server = connection.settings_dict
        return {"DATABASE_URL": f"postgres://{server['USER']}@/{server['HOST']}/{self.name}"}

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Make it the site's database for the code within."""
        connection.close()
        with patch.dict(connection.settings_dict, {"NAME": self.name}):
            try:
                yield
            finally:
                connection.close()

    @contextmanager
    def opened(self, name: str = "") -> Iterator[BaseDatabaseWrapper]:
        """Yield a connection to it, or to another database next to it."""
        options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"}
        overrides = {"NAME": name or self.name, "OPTIONS": options, "CONN_MAX_AGE": 0}
        handler = ConnectionHandler({"default": connection.settings_dict | overrides})
        with closing(handler["default"]) as found:
            found.ensure_connection()
            yield found

    def digests(self, name: str = "") -> Digests:
        """Return the digests of its tables, or of another database next to it."""
        with self.opened(name) as found:
            return digests(found)

    def side_databases(self) -> list[str]:
        """Return the names of other databases derived from its name: old ones that were kept, or temporary ones."""
        if connection.vendor == "sqlite":
            return sorted(path.name for path in self.folder.iterdir() if str(path) != self.name)
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [f"{self.name}_%"])
            return [name for (name,) in cursor]

    def remove(self) -> None:
        """Delete it and the databases derived from it."""
        if connection.vendor == "sqlite":
            shutil.rmtree(self.folder)
            return
        for name in [self.name, *self.side_databases()]:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def rows(database: BaseDatabaseWrapper) -> dict[str, list[Any]]:
    """Return the sorted rows of every table, and the last value of every sequence."""
    sequences = {"sqlite": "sqlite_sequence", "postgresql": "pg_sequences"}[database.vendor]
    with database.cursor() as cursor:
        found = {}
        for name in [*database.introspection.table_names(cursor), sequences]:
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def digests(database: BaseDatabaseWrapper) -> Digests:
    """Return {table: (number of rows, digest of the rows)}."""
    return {
        name: (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())
        for name, lines in rows(database).items()
    }


def take_exam(questions: list[Question]) -> Attempt:
    """Create an exam of a new visitor, answered and submitted, in one transaction."""
    with transaction.atomic():
        owner = Owner(visitor=uuid.uuid4())
        attempt = attempts.start(owner=owner, questions=questions, mode=Mode.EXAM, title="T", at=NOW)
        for position in range(1, len(questions) + 1):
            attempts.record_response(response=attempt.responses.get(position=position), answer={"chosen": [0]}, at=NOW)
        return attempts.submit(attempt=attempt, at=NOW)
