"""The files that backups are: named by their time, there as a whole or not at all, and what is refused of them."""

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


def target(to: Path, suffix: str, at: datetime) -> Path:
    """The file that a backup to that file or folder becomes; raises CommandError where it cannot, or there is one."""
    found = to / f"{PREFIX}{at:{STAMP}}{suffix}" if to.is_dir() else to
    if not found.parent.is_dir():
        raise CommandError(f"There is no folder {found.parent}.")
    if found.exists():
        raise CommandError(f"{found} is there already, and no backup is overwritten.")
    return found


@contextmanager
def draft_of(place: Path) -> Iterator[Path]:
    """An empty file beside the place that only its owner may read; gone at the end, unless it was moved."""
    handle, name = tempfile.mkstemp(prefix=f"{place.name}.", suffix=".part", dir=place.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def move(draft: Path, place: Path) -> None:
    """Moves the draft into its place, so that a loss of power leaves either what was there or all of the new."""
    _write_out(draft)
    draft.replace(place)
    _write_out(place.parent)


def _write_out(path: Path) -> None:
    """Returns once the disk has what was written to the file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def outdated(folder: Path, suffix: str, keep: int) -> list[Path]:
    """The backups in the folder beyond the newest `keep`; files with other names are not counted."""
    return sorted(folder.glob(PATTERN + suffix), reverse=True)[keep:]


def refuse_answers(attempts: int, *, force: bool) -> None:
    """Raises CommandError where people's attempts would be put aside unasked."""
    if attempts and not force:
        raise CommandError(
            f"The database holds attempts ({attempts}). With --force it is put aside, and the backup takes its place."
        )


def refuse_newer(applied: set[str]) -> None:
    """Raises CommandError where the migrations of a backup are not all known to this release."""
    migrations = MigrationLoader(None).disk_migrations or {}
    known = {key for name, migration in migrations.items() for key in (name, *migration.replaces)}
    if unknown := applied - {name for app, name in known if app == "questions"}:
        raise CommandError(f"A newer release made this backup (migration {max(unknown)}): install that one first.")
