"""Backup and restore of PostgreSQL with pg_dump and pg_restore."""

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
MAX_NAME_PREFIX = 40  # PostgreSQL's names have at most 63 bytes


def copy(draft: Path) -> None:
    """Dump a snapshot of the database in pg_dump's custom format, without blocking writers."""
    try:
        with connection.cursor():
            version = connection.pg_version // 10_000  # type: ignore[attr-defined]
    except DatabaseError as error:
        raise CommandError(f"Cannot connect to the database: {error}".strip()) from error
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"]
    run_tool("pg_dump", version, *options, f"--dbname={_settings()['NAME']}")


def check(file: Path) -> None:
    """Raise CommandError if the file, which is read completely, is damaged or not a backup of this site."""
    contents = run_tool("pg_restore", None, "--list", str(file))
    if "TABLE DATA public questions_attempt " not in contents:
        raise CommandError(f"{file} is not a backup of this site: it has no table of attempts.")
    run_tool("pg_restore", None, f"--file={os.devnull}", str(file))


def restore(file: Path, *, force: bool, at: datetime) -> str | None:
    """Restore the backup into a new database, then swap the names in one transaction; return the old database's name.

    Raise CommandError if the database is in use, or has attempts and `force` is not set.
    """
    name = str(_settings()["NAME"])
    draft, kept = (f"{name[:MAX_NAME_PREFIX]}_{what}_{at:{files.STAMP}}" for what in ("restoring", "before"))
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    try:
        with closing(_connect("postgres")) as server:
            is_there = _check_not_in_use(server, name, force=force)
            _create(server, draft, like=name)
            try:
                _fill(draft, file, server.info.server_version // 10_000)
                with server.transaction():
                    if is_there:
                        _rename(server, name, kept)
                    _rename(server, draft, name)
            finally:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
    except errors.ObjectInUse as error:
        raise CommandError(f"{name} is in use. Stop the server first.") from error
    except psycopg.Error as error:
        raise CommandError(f"The backup could not be restored: {error}".strip()) from error
    return f"the database {kept}" if is_there else None


def _settings() -> dict[str, Any]:
    return connection.settings_dict


def _connect(name: str) -> psycopg.Connection[Any]:
    """Return a connection to a database on the same server."""
    parameters = connection.get_connection_params()
    return psycopg.connect(**parameters | {"dbname": name, "autocommit": True})


def _check_not_in_use(server: psycopg.Connection[Any], name: str, *, force: bool) -> bool:
    """Return whether the database exists; raise CommandError if it is in use, or has attempts without `force`."""
    if not _value(server, "SELECT count(*) FROM pg_database WHERE datname = %s", name):
        return False
    clients = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    if others := _value(server, clients, name):
        raise CommandError(f"{name} is in use (connections: {others}). Stop the server first.")
    with closing(_connect(name)) as database:
        if _value(database, "SELECT to_regclass(%s)::text", "public.questions_attempt"):
            files.refuse_attempts(_value(database, "SELECT count(*) FROM public.questions_attempt"), force=force)
    return True


def _value(database: psycopg.Connection[Any], query: LiteralString, *parameters: str) -> Any:
    (value,) = database.execute(query, parameters).fetchone() or (None,)
    return value


def _create(server: psycopg.Connection[Any], name: str, *, like: str) -> None:
    """Create an empty database with the locale of the database `like`, if it exists; raise CommandError."""
    found = server.execute("SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [like]).fetchone()
    locale = sql.SQL(" LC_COLLATE {} LC_CTYPE {}").format(*found) if found else sql.SQL("")
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
    try:
        server.execute(create + locale)
    except errors.InsufficientPrivilege as error:
        raise CommandError(f"The role may not create databases. Run ALTER ROLE {server.info.user} CREATEDB.") from error


def _fill(name: str, file: Path, version: int) -> None:
    """Restore the file into an empty database; raise CommandError on failure or for a backup of a newer release."""
    options = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}"]
    run_tool("pg_restore", version, *options, str(file))
    with closing(_connect(name)) as database:
        applied = database.execute("SELECT name FROM django_migrations WHERE app = 'questions'").fetchall()
        files.refuse_newer({each for (each,) in applied})
        database.execute("ANALYZE")


def _rename(server: psycopg.Connection[Any], name: str, new: str) -> None:
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))


def run_tool(tool: str, version: int | None, *arguments: str) -> str:
    """Run one of PostgreSQL's programs and return its output; raise CommandError if it fails, is missing or too old."""
    program = shutil.which(tool, path=os.environ.get("PG_BIN"))
    needed = f"version {version} or newer" if version else "of the server's version or newer"
    advice = f"Install PostgreSQL's client programs, {needed}, or set PG_BIN to their folder."
    if not program:
        raise CommandError(f"{tool} is missing. {advice}")
    (_, *where, _), environment = DatabaseClient.settings_to_cmd_args_env(_settings(), [])

    def run(*command: str) -> str:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [program, *command], env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CommandError(f"{tool} failed: {done.stderr.strip()}")
        return done.stdout

    if version:
        found = re.search(r"\(PostgreSQL\) (\d+)", run("--version"))
        if found and int(found[1]) < version:
            raise CommandError(f"{tool} has version {found[1]}, but the server has version {version}. {advice}")
    return run(*(where if version else []), *arguments)
