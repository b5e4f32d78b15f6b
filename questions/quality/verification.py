"""Lookup of verified answers in the manifest that `manage.py check_bank --write` writes.

An entry is valid only while the question's content is the same as when it was verified.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parent / "verified.json"


@dataclass(frozen=True)
class Verification:
    """The versions an answer was verified with, such as ("Python 3.11", "Django 5.2.19")."""

    versions: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.versions)


@lru_cache(maxsize=1)
def manifest() -> dict[str, Any]:
    """Return the manifest, or an empty one if the file is missing."""
    if not MANIFEST.exists():
        return {"python": "", "packages": {}, "questions": {}}
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


def verification(name: str, digest: str) -> Verification | None:
    """Return how the question named `<topic>/<slug>` was verified, or None if its content with this digest was not."""
    known = manifest()
    entry = known["questions"].get(name)
    if entry is None or entry["item"] != digest:
        return None
    packages = (f"{known['names'][package]} {known['packages'][package]}" for package in entry["with"])
    return Verification((f"Python {known['python']}", *packages))
