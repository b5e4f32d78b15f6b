"""`manage.py rebuild_statistics`: item statistics from all answers."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.bank import item_statistics


class Command(BaseCommand):
    """Safe to run at any time; replaces what the last run made."""

    help = "Compute facility, discrimination and the other item statistics anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many questions and revisions have statistics now."""
        made = item_statistics.rebuild(at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Statistics of {made} questions and revisions")
