"""Backup files: names with a timestamp, atomic writes, rotation, and safety checks before a restore."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.db.migrations.loader import MigrationLoader

PREFIX = "quizsite-"
STAMP = "%Y%m%dT%H%M%SZ"
PATTERN = f"{PREFIX}????????T??????Z"


def backup_path(to: Path, suffix: str, at: datetime) -> Path:
    """Return the path of a new backup in the folder or file `to`; raise CommandError if it exists or has no folder."""
    path = to / f"{PREFIX}{at:{STAMP}}{suffix}" if to.is_dir() else to
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent}. Create it first.")
    if path.exists():
        raise CommandError(f"{path} already exists, and backups are never overwritten. Choose another name.")
    return path


@contextmanager
def temporary_file(destination: Path) -> Iterator[Path]:
    """Yield an empty file next to the destination with mode 0600; delete it at the end unless it was moved."""
    handle, name = tempfile.mkstemp(prefix=f"{destination.name}.", suffix=".part", dir=destination.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def move(draft: Path, destination: Path) -> None:
    """Move the draft to its destination atomically: after a power failure, the old or the complete new file exists."""
    _fsync(draft)
    draft.replace(destination)
    _fsync(destination.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def outdated(folder: Path, suffix: str, keep: int) -> list[Path]:
    """Return the backups in the folder except the newest `keep`, ignoring files with other names."""
    return sorted(folder.glob(PATTERN + suffix), reverse=True)[keep:]


def refuse_attempts(attempts: int, *, force: bool) -> None:
    """Raise CommandError if the database has attempts and `force` is not set."""
    if attempts and not force:
        raise CommandError(
            f"The database has attempts ({attempts}). Use --force to restore all the same; the old database is kept."
        )


def refuse_newer(applied: set[str]) -> None:
    """Raise CommandError if the backup has migrations that this release does not know."""
    migrations = MigrationLoader(None).disk_migrations or {}
    known = {key for name, migration in migrations.items() for key in (name, *migration.replaces)}
    if unknown := applied - {name for app, name in known if app == "questions"}:
        raise CommandError(
            f"The backup is from a newer release (migration {max(unknown)}). Install that release first."
        )
