"""`manage.py upkeep`: what has to be done once a day; the server does it by itself."""

import sqlite3
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

ROWS_LOOKED_AT = 1000


class Command(BaseCommand):
    """Safe to run at any time, and on several hosts."""

    help = "Compute item statistics anew, remove expired sessions, refresh what SQLite knows about its indexes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it all; prints what `rebuild_statistics` prints."""
        call_command("rebuild_statistics", verbosity=options["verbosity"], stdout=self.stdout)
        call_command("clearsessions")
        if connection.vendor == "sqlite":  # PostgreSQL's autovacuum does that
            analyze()


def analyze() -> None:
    """Has SQLite count what its indexes hold, from a bounded number of rows.

    `PRAGMA optimize` does so by itself from SQLite 3.46 on; before that it looks only at what its own connection has
    asked for, which here is nothing.
    """
    with connection.cursor() as cursor:
        if sqlite3.sqlite_version_info >= (3, 46):
            cursor.execute("PRAGMA optimize=0x10002")
        else:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
