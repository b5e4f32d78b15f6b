"""`manage.py backup`: the whole database in one file, while people answer."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from questions.management import backups
from questions.management.backups import files


class Command(BaseCommand):
    help = "Copies the whole database into one file and checks that copy; nobody has to stop answering."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="a file, or a folder that there is; by default backups/ in VAR_DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="remove the older backups in that folder beyond N")

    def handle(self, *args: Any, to: Path | None, keep: int | None, **options: Any) -> None:
        """Prints where the backup lies; raises CommandError, upon which there is none."""
        if keep is not None and (keep < 1 or (to and not to.is_dir())):
            raise CommandError("--keep needs a number of backups from 1 on, and a folder.")
        engine, at = backups.engine(), timezone.now()
        try:
            if to is None:
                to = Path(settings.VAR_DIR) / "backups"
                to.mkdir(mode=0o700, exist_ok=True)
            target = files.target(to, engine.SUFFIX, at)
            with files.draft_of(target) as draft:
                engine.copy(draft)
                engine.check(draft)
                files.move(draft, target)
            for old in files.outdated(to, engine.SUFFIX, keep) if keep else []:
                old.unlink()
                self.stdout.write(f"{old} was removed.")
        except OSError as error:
            raise CommandError(f"{error.filename or to}: {error.strerror}") from error
        self.stdout.write(f"{target} ({filesizeformat(target.stat().st_size)}) was written and checked.")
