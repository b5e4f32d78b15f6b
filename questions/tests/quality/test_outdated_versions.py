"""Which claims about versions are older than what is installed."""

import importlib.metadata

import pytest

from questions.quality.outdated_versions import installed_versions, is_outdated


@pytest.fixture
def _installed(monkeypatch):
    """Django 5.2.19, the release candidate of Flask 3.2 and the databases; nothing else."""

    def version(package: str) -> str:
        try:
            return {"Django": "5.2.19", "Flask": "3.2rc1"}[package]
        except KeyError:
            raise importlib.metadata.PackageNotFoundError(package) from None

    monkeypatch.setattr(importlib.metadata, "version", version)
    installed_versions.cache_clear()
    yield
    installed_versions.cache_clear()


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize(
    ("holds_for", "expected"),
    [
        ("Django 5.2", False),
        ("Django 5.2.19", False),
        ("Django 5.2.9", True),
        ("Django 5", False),
        ("Django 5.10", False),
        ("Django 4.2", True),
        ("Flask 3.2, Django 5.2", False),
        ("Flask 3.2.0", False),
        ("Python 3.11, Django 4.2", True),
        ("Pydantic 1.0", False),
        ("PostgreSQL 18", False),
        ("PostgreSQL 17, SQLite 3", True),
        ("SQLite 3", False),
        ("SQLite 2", True),
        ("", False),
    ],
)
def test_a_claim_is_outdated_when_a_newer_version_is_installed(holds_for: str, expected: bool) -> None:
    assert is_outdated(holds_for) is expected
