"""Builder for the manifest of verified answers, verified.json."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from questions.quality.checks import DISPLAY_NAMES, check_of
from questions.quality.entries import Entry
from questions.quality.outdated_versions import installed_version

PYTHON = "3.11"  # the oldest supported version; the manifest is built with no other


def build(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the manifest for these questions and the installed packages."""
    questions: dict[str, Any] = {}
    packages: dict[str, str] = {}
    for entry in entries:
        if check := check_of(entry):
            run = [name for name in check.packages(entry.item) if name in DISPLAY_NAMES]
            packages |= {name: installed_version(name) for name in run}
            questions[entry.name] = {"item": entry.item.digest(), "check": check.digest, "with": sorted(run)}
    return {
        "python": PYTHON,
        "packages": dict(sorted(packages.items())),
        "names": {name: DISPLAY_NAMES[name] for name in sorted(packages)},
        "questions": dict(sorted(questions.items())),
    }


def can_build() -> bool:
    """Whether this is the Python version that the manifest is built with."""
    return f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON


def text(manifest: dict[str, Any]) -> str:
    """Return the manifest as JSON, as in its file."""
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
