"""What every test stands on."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from questions.tests.database_mark import (  # noqa: F401 - hooks
    pytest_collection_modifyitems,
    pytest_deselected,
    pytest_fixture_setup,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from questions.tests.processes import run

# Playwright keeps an event loop running in the tests' own thread, where Django would then refuse its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is no counterexample. Each run tries the same examples, and few; `--hypothesis-profile=random` draws
# many others.
hypothesis_settings.register_profile("quizsite", deadline=None, derandomize=True, max_examples=20)
hypothesis_settings.register_profile("random", deadline=None, max_examples=200)
hypothesis_settings.load_profile("quizsite")


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Return a function that returns a path of that name, made once for all workers by a function that gets a draft."""
    own = tmp_path_factory.getbasetemp()
    run_of_all = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made_once(name: str, make: Callable[[Path], object]) -> Path:
        made = run_of_all / name
        with (run_of_all / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker makes it
            if not made.exists():
                draft = made.with_suffix(".draft")
                make(draft)
                draft.rename(made)
        return made

    return made_once


@pytest.fixture(scope="session")
def prepared_site(of_all_workers, migrated: Path | None, tmp_path_factory) -> Path:
    """The folder of a site that `prepare` has made ready to be served; tests of one worker share it."""

    def prepare(folder: Path) -> None:
        folder.mkdir()
        if migrated:
            shutil.copyfile(migrated, folder / "quizsite.sqlite3")
        code, _, errors = run(folder, "prepare")
        assert (code, errors) == (0, "")

    return Path(shutil.copytree(of_all_workers("prepared", prepare), tmp_path_factory.getbasetemp() / "site"))


@pytest.fixture(scope="session")
def migrated(of_all_workers, django_db_modify_db_settings, django_db_blocker) -> Path | None:
    """The SQLite database that the first worker has migrated; None on another database."""
    if connection.vendor != "sqlite":
        return None

    def migrate(draft: Path) -> None:
        with django_db_blocker.unblock():
            connection.creation.create_test_db(verbosity=0, serialize=False)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(draft)])
            connection.creation.destroy_test_db(name, verbosity=0)

    name = str(connection.settings_dict["NAME"])
    return of_all_workers("migrated.sqlite3", migrate)


@pytest.fixture(scope="session")
def django_db_keepdb(migrated: Path | None) -> bool:
    """Copy the migrated database, and return whether there is one to keep."""
    if migrated:
        shutil.copyfile(migrated, connection.creation._get_test_db_name())
    return bool(migrated)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated: Path | None) -> Iterator[None]:
    """After a test that commits, put SQLite's database back as migrated: this is faster than emptying each table, and
    keeps what migrations have stored.

    At the end, close the sessions of requests that outlived their pages, since PostgreSQL drops no database in use.
    """

    name, flush = connection.settings_dict["NAME"], TransactionTestCase._fixture_teardown

    def restore(test: TransactionTestCase) -> None:
        if connection.settings_dict["NAME"] != name:  # a check of the bank has put another database in its place
            flush(test)
            return
        connection.ensure_connection()
        with closing(sqlite3.connect(migrated)) as source:
            source.backup(connection.connection)

    with pytest.MonkeyPatch.context() as patch:
        if migrated:
            patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield
    if connection.vendor == "postgresql":
        connection.close()  # a test of restoring a backup may have ended its session
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def groups(db):
    """The groups that a migration creates; made again if a test that flushes the database has deleted them."""
    from django.contrib.auth.models import Group  # models can only be imported once Django is set up

    if not Group.objects.exists():
        migration = import_module("questions.migrations.0006_staff_groups")
        migration.make(apps, SimpleNamespace(connection=connection))
    return Group.objects
