"""`manage.py rebuild_statistics`: rebuild the item statistics from all answers."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.bank import item_statistics


class Command(BaseCommand):
    """Safe to run at any time; it replaces the statistics of the last run."""

    help = "Rebuild facility, discrimination and the other item statistics."

    def handle(self, *args: Any, **options: Any) -> None:
        count = item_statistics.rebuild(at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Statistics of {count} questions and revisions")
