"""Fixtures for tests of backups."""

from collections.abc import Iterator

import pytest

from questions.tests.management.databases import Place


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    """Return a location for a database that does not exist yet."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    found = Place(folder)
    yield found
    found.remove()
