"""Dependencies: the official Bootstrap, and lock files that pin everything by hash."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

LOCKS = sorted((settings.BASE_DIR / "requirements").glob("*.txt"))
NODE_LOCK = settings.BASE_DIR / "requirements" / "node" / "package-lock.json"
PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+")


def requirements_in(lock: Path) -> list[str]:
    """Return the requirements of the lock file, one per line with hashes, without comments."""
    lines = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [line for line in joined.splitlines() if line.strip()]


def test_bootstrap_is_the_official_build():
    path = finders.find("css/bootstrap.min.css")
    assert path
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert digest == "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"


def test_each_requirements_file_has_a_lock_file():
    assert (
        [lock.stem for lock in LOCKS] == sorted(path.stem for path in LOCKS[0].parent.glob("*.in")) == ["base", "dev"]
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_with_hashes(lock):
    requirements = requirements_in(lock)
    assert requirements
    assert [line for line in requirements if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_files_name_no_url(lock):
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_development_uses_the_versions_of_production():
    base, dev = ({line.split(" ")[0] for line in requirements_in(lock)} for lock in LOCKS)
    assert base - dev == set()


def test_node_lock_file_names_no_url():
    assert "://" not in NODE_LOCK.read_text(encoding="utf-8")
