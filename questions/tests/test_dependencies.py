"""What is installed is what was meant: the official Bootstrap, and locks that pin everything by hash."""

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
    """The lock's requirements, each on one line with its hashes; comments are left out."""
    lines = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [line for line in joined.splitlines() if line.strip()]


def test_bootstrap_is_the_official_one():
    path = finders.find("css/bootstrap.min.css")
    assert path
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert digest == "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"


def test_each_list_of_requirements_has_its_lock():
    assert (
        [lock.stem for lock in LOCKS] == sorted(path.stem for path in LOCKS[0].parent.glob("*.in")) == ["base", "dev"]
    )


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_with_hashes(lock):
    requirements = requirements_in(lock)
    assert requirements
    assert [line for line in requirements if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_an_address(lock):
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_development_runs_on_the_pins_of_production():
    base, dev = ({line.split(" ")[0] for line in requirements_in(lock)} for lock in LOCKS)
    assert base - dev == set()


def test_the_lock_of_node_names_no_address_either():
    assert "://" not in NODE_LOCK.read_text(encoding="utf-8")
