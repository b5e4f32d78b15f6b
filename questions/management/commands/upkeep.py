"""`manage.py upkeep`: daily maintenance; the server runs it automatically."""

import sqlite3
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from questions.scheduling import missed_recall
from questions.study import reminders

ANALYSIS_LIMIT = 1000


class Command(BaseCommand):
    """Safe to run at any time, and on several hosts."""

    help = (
        "Rebuild the item statistics, estimate the recall of missed questions, delete expired sessions, update "
        "SQLite's query planner statistics, send the reminders that are due."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reminders", action="store_true", help="only send the reminders that are due")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["reminders"]:
            self.maintain(**options)
        sent = reminders.send_due(at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Reminders sent: {sent}")

    def maintain(self, **options: Any) -> None:
        """Do everything but send reminders."""
        call_command("rebuild_statistics", verbosity=options["verbosity"], stdout=self.stdout)
        estimate = missed_recall.update(at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Recall of missed questions: {estimate.share:.0%}, from {estimate.reviews} reviews")
        call_command("clearsessions")
        if connection.vendor == "sqlite":  # PostgreSQL has autovacuum
            analyze()


def analyze() -> None:
    """Update SQLite's statistics about its indexes from a limited number of rows.

    `PRAGMA optimize` limits the rows itself from SQLite 3.46 on. Older versions analyze only tables that the connection
    has queried, which are none here.
    """
    with connection.cursor() as cursor:
        if sqlite3.sqlite_version_info >= (3, 46):
            cursor.execute("PRAGMA optimize=0x10002")
        else:
            cursor.execute(f"PRAGMA analysis_limit={ANALYSIS_LIMIT}")
            cursor.execute("ANALYZE")
