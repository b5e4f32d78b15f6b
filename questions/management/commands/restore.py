"""`manage.py restore`: replace the database with a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions.management import backups


class Command(BaseCommand):
    help = "Replace the database with a backup, completely or not at all. Stop the server first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file written by manage.py backup")
        parser.add_argument("--force", action="store_true", help="also if the database has attempts or is damaged")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}. Check the path.")
        engine = backups.engine()
        engine.check(file)
        try:
            kept = engine.restore(file, force=force, at=timezone.now())
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from error
        self.stdout.write(f"{file} was restored." + (f" The old database is kept: {kept}." if kept else ""))
        self.stdout.write("Run manage.py prepare before the server, as make run does: it migrates an older backup.")
