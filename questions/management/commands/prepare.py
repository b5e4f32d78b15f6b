"""`manage.py prepare`: prepare the database and the static files; `make run` calls it before every start."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from questions.bank.models.topics import Topic

STAFF_NAME = "staff"


class Command(BaseCommand):
    """Safe to run at any time: it never overwrites content, accounts or answers."""

    help = "Migrate, load the fixtures into an empty database, create the first staff account, collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.load_fixtures()
        self.create_staff()
        if not settings.DEBUG:
            self.collect_static()

    def load_fixtures(self) -> None:
        """Load all fixtures, or none, if there are no topics yet; raise CommandError if one is invalid."""
        fixtures = sorted(str(path) for folder in settings.FIXTURE_DIRS for path in Path(folder).glob("*.yaml"))
        if not fixtures or Topic.objects.exists():
            return
        self.stdout.write("Loading the fixtures")
        call_command("loaddata", *fixtures, verbosity=0)

    def create_staff(self) -> None:
        """Create a superuser and print its password, unless there are staff accounts."""
        users = get_user_model().objects
        if users.filter(is_staff=True).exists():
            return
        if users.filter(username=STAFF_NAME).exists():
            self.stderr.write(
                f'No staff account was created: the name "{STAFF_NAME}" is taken. Use manage.py createsuperuser.'
            )
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=STAFF_NAME, password=password)
        advice = f"log in at /{settings.ADMIN_PATH}"
        self.stdout.write(f"Staff account: name {STAFF_NAME}, password {password} (not shown again); {advice}")

    def collect_static(self) -> None:
        """Collect and compress the static files if any has changed since the last run."""
        stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
        state = _static_files_digest()
        if stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("Collecting static files")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", clear=True, interactive=False, verbosity=0)
        stamp.write_text(state)


def _static_files_digest() -> str:
    """Return the hexadecimal SHA-256 of the storage settings and of every static file's path, size and time."""
    digest = hashlib.sha256(repr((settings.STATIC_ROOT, settings.STORAGES["staticfiles"])).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
