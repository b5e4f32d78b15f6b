"""Backups of SQLite, by its online backup."""

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
PAGES = 2500  # of 4 KB, copied in a step
HEADER = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")


def copy(draft: Path) -> None:
    """Copies the database as it is at this moment; whoever writes meanwhile is not kept waiting."""
    place = _place()
    if not place.exists():
        raise CommandError(f"There is no database at {place}.")
    try:
        with closing(_opened(place, "rw")) as source:
            # One snapshot for all steps: otherwise every write of others begins the copy anew, and it might never end.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()
            _copy(source, draft)
    except sqlite3.Error as error:
        raise CommandError(f"{place} could not be copied: {error}.") from error


def check(file: Path) -> None:
    """Raises CommandError where the file is damaged, or no database of this site."""
    try:
        with closing(_opened(file, "ro")) as found:
            faults = [text for (text,) in found.execute("PRAGMA integrity_check(3)") if text != "ok"]
            found.execute("SELECT 1 FROM questions_attempt").fetchone()
    except sqlite3.Error as error:
        raise CommandError(f"{file} is no backup that can be restored here: {error}.") from error
    if faults:
        raise CommandError(f"{file} is damaged: {'; '.join(faults)}.")


def restore(file: Path, *, force: bool, at: datetime) -> Path | None:
    """See the package; raises CommandError where the database is in use, or holds attempts and `force` is not given."""
    place = _place()
    connection.close()
    with _alone(place, force=force), files.draft_of(place) as draft:
        with closing(_opened(file, "ro")) as source:
            applied = source.execute("SELECT name FROM django_migrations WHERE app = 'questions'")
            files.refuse_newer({name for (name,) in applied})
            _copy(source, draft)
        check(draft)
        _give(draft, place)
        aside = _put_aside(place, at)
        files.move(draft, place)
    return aside


def _place() -> Path:
    """Where the site's database lies; raises CommandError where that is only in memory."""
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise CommandError("A database in memory has no backup.")
    return Path(name)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that makes no file where there is none."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=1, isolation_level=None)


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    """Copies all pages into one file that stands alone, without a write-ahead log beside it."""
    with closing(sqlite3.connect(draft)) as target:
        source.backup(target, pages=PAGES)
        target.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _alone(place: Path, *, force: bool) -> Iterator[None]:
    """Holds the database there, so that nobody else reads or writes it; raises CommandError where somebody does."""
    if not _is_database(place, force=force):
        yield
        return
    with closing(_opened(place, "rw")) as held:
        try:
            held.execute("PRAGMA journal_mode=DELETE")  # refused as long as anybody else has it open
            held.execute("BEGIN EXCLUSIVE")
            attempts = _attempts(held)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise CommandError(f"{place} is in use: stop the server first.") from error
            _insist(place, str(error), force=force)
            attempts = 0
        files.refuse_answers(attempts, force=force)
        yield


def _is_database(place: Path, *, force: bool) -> bool:
    """Whether there is a database to hold; raises CommandError where something else is there, unless forced."""
    if not place.exists():
        return False
    with place.open("rb") as file:
        header = file.read(len(HEADER))
    if header in (HEADER, b""):
        return True
    # Not opened to see: SQLite would throw away what of it is still in the write-ahead log.
    _insist(place, "no database", force=force)
    return False


def _insist(place: Path, reason: str, *, force: bool) -> None:
    """Raises CommandError, unless a damaged database is to be put aside unread."""
    if not force:
        raise CommandError(f"{place} cannot be read ({reason}). With --force it is put aside all the same.")


def _attempts(held: sqlite3.Connection) -> int:
    """How many attempts the database holds; none where it has not even the table."""
    if not held.execute("SELECT 1 FROM sqlite_master WHERE name = 'questions_attempt'").fetchone():
        return 0
    return held.execute("SELECT count(*) FROM questions_attempt").fetchone()[0]


def _give(draft: Path, place: Path) -> None:
    """Gives the draft to whom the database belongs, or its folder: root may restore what the server's user serves."""
    if place.exists():
        shutil.copymode(place, draft)
    if os.geteuid() == 0:
        owner = (place if place.exists() else place.parent).stat()
        os.chown(draft, owner.st_uid, owner.st_gid)


def _put_aside(place: Path, at: datetime) -> Path | None:
    """Where the database can be had from now on; it also stays in its place, until that is taken."""
    if not place.exists():
        return None
    aside = place.with_name(f"{place.name}.before-{at:{files.STAMP}}")
    for end in BESIDE:  # only one that is damaged still has them
        beside = place.with_name(place.name + end)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + end))
    try:
        aside.hardlink_to(place)
    except OSError:  # a file system without links
        shutil.copy2(place, aside)
    return aside
