"""Backups of PostgreSQL, by its own pg_dump and pg_restore."""

import os
import re
import shutil
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient
from psycopg import errors, sql

from questions.management.backups import files

SUFFIX = ".dump"
KEPT_OF_NAMES = 40  # PostgreSQL's names have 63 bytes at most


def copy(draft: Path) -> None:
    """Dumps the database as it is at this moment, in pg_dump's custom format; whoever writes is not kept waiting."""
    try:
        with connection.cursor():
            version = connection.pg_version // 10_000  # type: ignore[attr-defined]
    except DatabaseError as error:
        raise CommandError(f"The database is out of reach: {error}".strip()) from error
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"]
    printed_by("pg_dump", version, *options, f"--dbname={_settings()['NAME']}")


def check(file: Path) -> None:
    """Raises CommandError where the file is damaged or is not this site's: all of it is read."""
    contents = printed_by("pg_restore", None, "--list", str(file))
    if "TABLE DATA public questions_attempt " not in contents:
        raise CommandError(f"{file} is no backup that can be restored here: it holds no attempts.")
    printed_by("pg_restore", None, f"--file={os.devnull}", str(file))


def restore(file: Path, *, force: bool, at: datetime) -> str | None:
    """See the package; raises CommandError where the database is in use, or holds attempts and `force` is not given.

    The backup is restored into a database of its own, which then takes the other's name in one transaction.
    """
    name = str(_settings()["NAME"])
    draft, aside = (f"{name[:KEPT_OF_NAMES]}_{what}_{at:{files.STAMP}}" for what in ("restoring", "before"))
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    try:
        with closing(_connected("postgres")) as server:
            is_there = _refuse_in_use(server, name, force=force)
            _create(server, draft, like=name)
            try:
                _fill(draft, file, server.info.server_version // 10_000)
                with server.transaction():
                    if is_there:
                        _rename(server, name, aside)
                    _rename(server, draft, name)
            finally:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
    except errors.ObjectInUse as error:
        raise CommandError(f"{name} is in use: stop the server first.") from error
    except psycopg.Error as error:
        raise CommandError(f"The backup could not be restored: {error}".strip()) from error
    return f"the database {aside}" if is_there else None


def _settings() -> dict[str, Any]:
    """How the database is reached."""
    return connection.settings_dict


def _connected(name: str) -> psycopg.Connection[Any]:
    """A connection to a database of the same server."""
    parameters = connection.get_connection_params()
    return psycopg.connect(**parameters | {"dbname": name, "autocommit": True})


def _refuse_in_use(server: psycopg.Connection[Any], name: str, *, force: bool) -> bool:
    """Whether there is such a database; raises CommandError where it is in use, or holds attempts."""
    if not _value(server, "SELECT count(*) FROM pg_database WHERE datname = %s", name):
        return False
    clients = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    if others := _value(server, clients, name):
        raise CommandError(f"{name} is in use (by {others}): stop the server first.")
    with closing(_connected(name)) as database:
        if _value(database, "SELECT to_regclass(%s)::text", "public.questions_attempt"):
            files.refuse_answers(_value(database, "SELECT count(*) FROM public.questions_attempt"), force=force)
    return True


def _value(database: psycopg.Connection[Any], query: LiteralString, *parameters: str) -> Any:
    """The one value that the query gives."""
    (value,) = database.execute(query, parameters).fetchone() or (None,)
    return value


def _create(server: psycopg.Connection[Any], name: str, *, like: str) -> None:
    """Makes an empty database that sorts as the other does, where that is there; raises CommandError."""
    found = server.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [like]).fetchone()
    locale = sql.SQL(" LC_COLLATE {} LC_CTYPE {}").format(*found) if found else sql.SQL("")
    made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
    try:
        server.execute(made + locale)
    except errors.InsufficientPrivilege as error:
        raise CommandError(f"The role has to make a database: ALTER ROLE {server.info.user} CREATEDB.") from error


def _fill(name: str, file: Path, version: int) -> None:
    """Restores the file into an empty database; raises CommandError where that fails or a newer release made it."""
    options = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}"]
    printed_by("pg_restore", version, *options, str(file))
    with closing(_connected(name)) as database:
        applied = database.execute("SELECT name FROM django_migrations WHERE app = 'questions'").fetchall()
        files.refuse_newer({each for (each,) in applied})
        database.execute("ANALYZE")


def _rename(server: psycopg.Connection[Any], name: str, new: str) -> None:
    """Gives a database another name."""
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))


def printed_by(tool: str, version: int | None, *arguments: str) -> str:
    """What one of PostgreSQL's programs prints; raises CommandError where it fails, is missing or older than needed."""
    program = shutil.which(tool, path=os.environ.get("PG_BIN"))
    needed = f"version {version} or newer" if version else "of the server's version or newer"
    advice = f"Install PostgreSQL's client programs, {needed}, or name their folder in PG_BIN."
    if not program:
        raise CommandError(f"{tool} is missing. {advice}")
    (_, *where, _), environment = DatabaseClient.settings_to_cmd_args_env(_settings(), [])

    def printed(*command: str) -> str:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [program, *command], env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(f"{tool} failed: {done.stderr.strip()}")
        return done.stdout

    if version:
        found = re.search(r"\(PostgreSQL\) (\d+)", printed("--version"))
        if found and int(found[1]) < version:
            raise CommandError(f"{tool} is of version {found[1]}, the server of {version}. {advice}")
    return printed(*(where if version else []), *arguments)
