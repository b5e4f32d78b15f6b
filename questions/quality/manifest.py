"""The manifest of verified answers, made from the bank and its checks."""

import importlib.metadata
import json
import sys
from collections.abc import Iterable
from typing import Any

from questions.quality.checks import NAMES, check_of
from questions.quality.entries import Entry

PYTHON = "3.11"  # the oldest that we support; the manifest is made with it alone


def made_from(entries: Iterable[Entry]) -> dict[str, Any]:
    """What the manifest has to say of these questions and of what is installed here."""
    questions: dict[str, Any] = {}
    packages: dict[str, str] = {}
    for entry in entries:
        if check := check_of(entry):
            run = [name for name in check.packages(entry.item) if name in NAMES]
            packages |= {name: importlib.metadata.version(name) for name in run}
            questions[entry.name] = {"item": entry.item.digest(), "check": check.digest, "with": sorted(run)}
    return {
        "python": PYTHON,
        "packages": dict(sorted(packages.items())),
        "names": {name: NAMES[name] for name in sorted(packages)},
        "questions": dict(sorted(questions.items())),
    }


def is_made_here() -> bool:
    """Whether this is the Python that the manifest is made with."""
    return f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON


def text(manifest: dict[str, Any]) -> str:
    """The manifest as it stands in its file."""
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
