"""What tests of backups stand on."""

from collections.abc import Iterator

import pytest

from questions.tests.management.databases import Place


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    """A place for a database where none is."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    found = Place(folder)
    yield found
    found.remove()
