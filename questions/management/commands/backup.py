"""`manage.py backup`: copy the whole database to one file while the site runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from questions.management import backups
from questions.management.backups import files


class Command(BaseCommand):
    help = "Copy the whole database to one file and check the copy. The server may keep running."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="a new file, or an existing folder; by default backups/ in VAR_DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N backups in the folder")

    def handle(self, *args: Any, to: Path | None, keep: int | None, **options: Any) -> None:
        if keep is not None and (keep < 1 or (to and not to.is_dir())):
            raise CommandError("--keep needs a number of at least 1, and --to must be a folder.")
        engine, at = backups.engine(), timezone.now()
        try:
            if to is None:
                to = Path(settings.VAR_DIR) / "backups"
                to.mkdir(mode=0o700, exist_ok=True)
            path = files.backup_path(to, engine.SUFFIX, at)
            with files.temporary_file(path) as draft:
                engine.copy(draft)
                engine.check(draft)
                files.move(draft, path)
            for old in files.outdated(to, engine.SUFFIX, keep) if keep else []:
                old.unlink()
                self.stdout.write(f"Deleted {old}.")
        except OSError as error:
            raise CommandError(f"{error.filename or to}: {error.strerror}") from error
        self.stdout.write(f"{path} ({filesizeformat(path.stat().st_size)}) written and checked.")
