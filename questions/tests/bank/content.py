"""Reads fixtures as they stand in the files, and runs the programs in them."""

import contextlib
import io
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FIXTURES = Path(__file__).parents[3] / "fixtures"


@cache
def rows(file: str) -> list[dict[str, Any]]:
    """All objects of a fixture."""
    return yaml.safe_load((FIXTURES / file).read_text())


def fields(file: str, model: str, slug: str) -> dict[str, Any]:
    """The fields of the object with that slug."""
    found = [row["fields"] for row in rows(file) if row["model"] == f"questions.{model}"]
    return next(row for row in found if row["slug"] == slug)


def choices(file: str, question: str) -> list[dict[str, Any]]:
    """The choices of a question, in its author's order."""
    found = [row["fields"] for row in rows(file) if row["model"] == "questions.choice"]
    return [choice for choice in found if choice["question"][-1] == question]


def key(file: str, question: str) -> str:
    """The text of the one choice of weight 1."""
    (right,) = [choice["text"] for choice in choices(file, question) if choice.get("weight") == 1]
    return right


def run(code: str) -> dict[str, Any]:
    """What the program defines once it has run; raises what it raises."""
    namespace: dict[str, Any] = {"__name__": "listing"}
    exec(compile(code, "listing", "exec"), namespace)
    return namespace


def printed(code: str) -> str:
    """What the program prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        run(code)
    return output.getvalue().strip()
