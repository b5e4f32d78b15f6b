"""What every test stands on."""

import fcntl
import os
import shutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
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

# A busy machine is no counterexample.
hypothesis_settings.register_profile("quizsite", deadline=None)
hypothesis_settings.load_profile("quizsite")


@pytest.fixture(scope="session")
def prepared_site(tmp_path_factory) -> Path:
    """The folder of a site that `prepare` has made ready to be served; tests of one worker share it."""
    own = tmp_path_factory.getbasetemp()
    run_of_all = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = run_of_all / "prepared"
    with (run_of_all / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker makes it, the others copy it
        if not made.exists():
            draft = made.with_suffix(".draft")
            draft.mkdir()
            code, _, errors = run(draft, "prepare")
            assert (code, errors) == (0, "")
            draft.rename(made)
    return Path(shutil.copytree(made, own / "site"))


@pytest.fixture
def groups(db):
    """The groups that a migration creates; made again if a test that flushes the database has deleted them."""
    from django.contrib.auth.models import Group  # models can only be imported once Django is set up

    if not Group.objects.exists():
        migration = import_module("questions.migrations.0006_staff_groups")
        migration.make(apps, SimpleNamespace(connection=connection))
    return Group.objects
