"""Backup and restore of SQLite with its online backup."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection

from questions.management.backups import files

SUFFIX = ".sqlite3"
PAGES_PER_STEP = 2500  # of 4 KB each
HEADER = b"SQLite format 3\0"
SIDE_FILES = ("-wal", "-shm", "-journal")


def copy(draft: Path) -> None:
    """Copy a snapshot of the database, without blocking writers."""
    database = _database_path()
    if not database.exists():
        raise CommandError(f"There is no database at {database}. Check DATABASE_URL.")
    try:
        with closing(_connect(database, "rw")) as source:
            # Without one snapshot for all steps, every write restarts the copy, so that it might never finish.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()
            _copy(source, draft)
    except sqlite3.Error as error:
        raise CommandError(f"Cannot copy {database}: {error}.") from error


def check(file: Path) -> None:
    """Raise CommandError if the file is damaged or not a database of this site."""
    try:
        with closing(_connect(file, "ro")) as backup:
            errors = [text for (text,) in backup.execute("PRAGMA integrity_check(3)") if text != "ok"]
            backup.execute("SELECT 1 FROM questions_attempt").fetchone()
    except sqlite3.Error as error:
        raise CommandError(f"{file} is not a backup of this site: {error}.") from error
    if errors:
        raise CommandError(f"{file} is damaged: {'; '.join(errors)}. Use another backup.")


def restore(file: Path, *, force: bool, at: datetime) -> Path | None:
    """Replace the database with the backup; return where the old database is kept, or None.

    Raise CommandError if the database is in use, or has attempts and `force` is not set.
    """
    database = _database_path()
    connection.close()
    with _exclusive_access(database, force=force), files.temporary_file(database) as draft:
        with closing(_connect(file, "ro")) as source:
            applied = source.execute("SELECT name FROM django_migrations WHERE app = 'questions'")
            files.refuse_newer({name for (name,) in applied})
            _copy(source, draft)
        check(draft)
        _copy_owner(draft, database)
        kept = _keep_old_database(database, at)
        files.move(draft, database)
    return kept


def _database_path() -> Path:
    """Return the path of the site's database; raise CommandError if it is in memory."""
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise CommandError("A database in memory has no file to back up. Set DATABASE_URL.")
    return Path(name)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection that does not create a missing file."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=1, isolation_level=None)


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    """Copy all pages into a single file without a write-ahead log."""
    with closing(sqlite3.connect(draft)) as target:
        source.backup(target, pages=PAGES_PER_STEP)
        target.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _exclusive_access(database: Path, *, force: bool) -> Iterator[None]:
    """Lock the database against other readers and writers; raise CommandError if it is in use."""
    if not _is_database(database, force=force):
        yield
        return
    with closing(_connect(database, "rw")) as locked:
        try:
            locked.execute("PRAGMA journal_mode=DELETE")  # fails while others have the file open
            locked.execute("BEGIN EXCLUSIVE")
            attempts = _count_attempts(locked)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise CommandError(f"{database} is in use. Stop the server first.") from error
            _require_force(database, str(error), force=force)
            attempts = 0
        files.refuse_attempts(attempts, force=force)
        yield


def _is_database(database: Path, *, force: bool) -> bool:
    """Whether the file exists and is a database; raise CommandError for another file unless `force` is set."""
    if not database.exists():
        return False
    with database.open("rb") as file:
        header = file.read(len(HEADER))
    if header in (HEADER, b""):
        return True
    # Do not open it: SQLite would discard its write-ahead log.
    _require_force(database, "not a database", force=force)
    return False


def _require_force(database: Path, reason: str, *, force: bool) -> None:
    """Raise CommandError unless `force` allows replacing a damaged database."""
    if not force:
        raise CommandError(f"{database} cannot be read ({reason}). Use --force to replace it; the old file is kept.")


def _count_attempts(locked: sqlite3.Connection) -> int:
    """Return the number of attempts in the database, 0 if it has no such table."""
    if not locked.execute("SELECT 1 FROM sqlite_master WHERE name = 'questions_attempt'").fetchone():
        return 0
    return locked.execute("SELECT count(*) FROM questions_attempt").fetchone()[0]


def _copy_owner(draft: Path, database: Path) -> None:
    """Copy mode and owner of the database or its folder to the draft, for a restore by root."""
    if database.exists():
        shutil.copymode(database, draft)
    if os.geteuid() == 0:
        owner = (database if database.exists() else database.parent).stat()
        os.chown(draft, owner.st_uid, owner.st_gid)


def _keep_old_database(database: Path, at: datetime) -> Path | None:
    """Link or copy the database to a name with the time and return that path; the original stays until replaced."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-{at:{files.STAMP}}")
    for suffix in SIDE_FILES:  # only a damaged database still has them
        side_file = database.with_name(database.name + suffix)
        if side_file.exists():
            side_file.rename(kept.with_name(kept.name + suffix))
    try:
        kept.hardlink_to(database)
    except OSError:  # the file system has no hard links
        shutil.copy2(database, kept)
    return kept
