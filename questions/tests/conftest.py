"""What every test stands on."""

import os
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from questions.tests.processes import run

# Playwright keeps an event loop running in the tests' own thread, where Django would then refuse its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is no counterexample.
hypothesis_settings.register_profile("quizsite", deadline=None)
hypothesis_settings.load_profile("quizsite")


@pytest.fixture(scope="session")
def prepared_site(tmp_path_factory) -> Path:
    """The folder of a site that `prepare` has made ready to be served; tests that serve it share it."""
    folder = tmp_path_factory.mktemp("site")
    code, _, errors = run(folder, "prepare")
    assert (code, errors) == (0, "")
    return folder
