"""Detection of content that names a library version older than the installed one."""

import importlib.metadata
import re
import sqlite3
from functools import lru_cache

from packaging.version import Version

PACKAGES = {
    "Django": "Django",
    "Django REST framework": "djangorestframework",
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Pydantic": "pydantic",
    "Flask": "Flask",
    "Werkzeug": "Werkzeug",
    "SQLAlchemy": "SQLAlchemy",
    "pytest": "pytest",
    "Hypothesis": "hypothesis",
    "factory_boy": "factory-boy",
    "PostgreSQL": "PostgreSQL",
    "SQLite": "SQLite",
}
# What no package of that name brings: the temporary server of the checks, and the library inside Python. Of SQLite only
# the first number counts: the others differ between machines, and the manifest must not.
DATABASES = {"PostgreSQL": "18", "SQLite": sqlite3.sqlite_version.partition(".")[0]}


def installed_version(package: str) -> str:
    """Return the version of a package of `PACKAGES`; raise PackageNotFoundError if it is not installed."""
    return DATABASES.get(package) or importlib.metadata.version(package)


@lru_cache(maxsize=1)
def installed_versions() -> dict[str, tuple[int, ...]]:
    """Return the version of each installed library that content may name, as a tuple of its release numbers."""
    found = {}
    for name, package in PACKAGES.items():
        try:
            found[name] = Version(installed_version(package)).release
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def is_outdated(holds_for: str) -> bool:
    """Whether a version in a text such as "Python 3.11, Django 5.2" is older than the installed one.

    Only the numbers given are compared: 5.2 is not older than 5.2.19.
    """
    for name, version in re.findall(r"([A-Za-z][A-Za-z ]*?) (\d+(?:\.\d+)*)", holds_for):
        named, installed = Version(version).release, installed_versions().get(name.strip())
        if installed and named < installed[: len(named)]:
            return True
    return False
