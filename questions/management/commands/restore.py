"""`manage.py restore`: a backup in the place of the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions.management import backups


class Command(BaseCommand):
    help = "Puts a backup in the database's place, as a whole or not at all. The server must be stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup has written")
        parser.add_argument("--force", action="store_true", help="also where the database holds attempts")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        """Prints where the database before lies; raises CommandError, upon which that is still in its place."""
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        engine = backups.engine()
        engine.check(file)
        try:
            aside = engine.restore(file, force=force, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from error
        self.stdout.write(f"{file} was restored." + (f" What was there before is kept: {aside}." if aside else ""))
        self.stdout.write(
            "Run manage.py prepare, as make run does, before the server: it brings an older backup up to date."
        )
