"""Backup and restore of the whole database: one module per database engine, with the same three functions.

`copy(draft)` writes a consistent copy to an existing empty file. `check(file)` raises CommandError if the file is not a
valid backup. `restore(file, force=…, at=…)` replaces the database with the backup and returns where the old database is
kept, or None if there was none.
"""

from types import ModuleType

from django.core.management.base import CommandError
from django.db import connection

from questions.management.backups import postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine() -> ModuleType:
    """Return the module for the site's database; raise CommandError for an unsupported database."""
    try:
        return ENGINES[connection.vendor]
    except KeyError:
        raise CommandError(f"Backups of {connection.vendor} are not supported. Use its own tools.") from None
