"""Backups of the whole database: one module for each kind of it, with the same three verbs.

`copy(draft)` writes a consistent copy into a file that is there and empty. `check(file)` raises CommandError where a
file is no sound backup. `restore(file, force=…, at=…)` puts what it holds in the database's place and returns where the
one that was there lies now, if there was one.
"""

from types import ModuleType

from django.core.management.base import CommandError
from django.db import connection

from questions.management.backups import postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine() -> ModuleType:
    """The module for the site's database; raises CommandError where there is none."""
    try:
        return ENGINES[connection.vendor]
    except KeyError:
        raise CommandError(f"No backup is known for {connection.vendor}.") from None
