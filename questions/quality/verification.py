"""Which answers were verified by running them, and with what: read from the manifest that `check_bank --write` made.

An entry counts only while the question says word for word what it said when it was verified.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parent / "verified.json"


@dataclass(frozen=True)
class Verification:
    """With which versions an answer was run, such as ("Python 3.11", "Django 5.2.19")."""

    versions: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.versions)


@lru_cache(maxsize=1)
def manifest() -> dict[str, Any]:
    """The manifest; empty where none has been made."""
    if not MANIFEST.exists():
        return {"python": "", "packages": {}, "questions": {}}
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


def verification(name: str, digest: str) -> Verification | None:
    """How the question `<topic>/<slug>` was verified, if it was with the content of that digest."""
    known = manifest()
    entry = known["questions"].get(name)
    if entry is None or entry["item"] != digest:
        return None
    packages = (f"{known['names'][package]} {known['packages'][package]}" for package in entry["with"])
    return Verification((f"Python {known['python']}", *packages))
