"""Makes the database and the static files ready to be served; `make run` calls it before every start."""

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
    """Safe to run at any time: what people wrote is never overwritten."""

    help = "Migrate, load the fixtures into an empty database, make the first staff account, collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        """Does each step that is still to be done; raises CommandError where a fixture is broken."""
        call_command("migrate", interactive=False, verbosity=0)
        self.load_fixtures()
        self.create_staff()
        if not settings.DEBUG:
            self.collect_static()

    def load_fixtures(self) -> None:
        """Loads every fixture, all or none, unless there are topics already."""
        fixtures = sorted(str(path) for folder in settings.FIXTURE_DIRS for path in Path(folder).glob("*.yaml"))
        if not fixtures or Topic.objects.exists():
            return
        self.stdout.write("Loading the fixtures")
        call_command("loaddata", *fixtures, verbosity=0)

    def create_staff(self) -> None:
        """Makes the account that everything can be edited with and prints its password, unless there are staff."""
        users = get_user_model().objects
        if users.filter(is_staff=True).exists():
            return
        if users.filter(username=STAFF_NAME).exists():
            self.stderr.write(
                f'No staff account was made: "{STAFF_NAME}" is somebody\'s. Use manage.py createsuperuser.'
            )
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=STAFF_NAME, password=password)
        door = f"log in at /{settings.ADMIN_PATH}"
        self.stdout.write(f"Staff account: name {STAFF_NAME}, password {password} (not shown again); {door}")

    def collect_static(self) -> None:
        """Collects and compresses the static files, unless none has changed since the last time."""
        stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
        state = _state_of_static_files()
        if stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("Collecting static files")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", clear=True, interactive=False, verbosity=0)
        stamp.write_text(state)


def _state_of_static_files() -> str:
    """SHA-256, in hexadecimal, of the name, size and time of every static file and of where they are collected."""
    digest = hashlib.sha256(repr((settings.STATIC_ROOT, settings.STORAGES["staticfiles"])).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
