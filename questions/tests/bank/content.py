"""Reads fixtures as they stand in the files, and runs the programs in them."""

import asyncio
import contextlib
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from asgiref.sync import sync_to_async
from django.db import connections

FIXTURES = Path(__file__).parents[3] / "fixtures"


class Bank:
    """A fixture as it stands in its file."""

    def __init__(self, file: str) -> None:
        self.rows: list[dict[str, Any]] = yaml.safe_load((FIXTURES / file).read_text())

    def fields(self, model: str, slug: str) -> dict[str, Any]:
        """The fields of the object with that slug."""
        found = [row["fields"] for row in self.rows if row["model"] == f"questions.{model}"]
        return next(row for row in found if row["slug"] == slug)

    def code(self, question: str) -> str:
        """The code that the question shows."""
        return self.fields("question", question)["code"]

    def choices(self, question: str) -> list[dict[str, Any]]:
        """The choices of a question, in its author's order."""
        found = [row["fields"] for row in self.rows if row["model"] == "questions.choice"]
        return [choice for choice in found if choice["question"][-1] == question]

    def accepted(self, question: str) -> set[str]:
        """The texts of the choices that earn something."""
        return {choice["text"] for choice in self.choices(question) if choice.get("weight", 0) > 0}

    def key(self, question: str) -> str:
        """The text of the one choice that earns something."""
        (right,) = self.accepted(question)
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


def in_new_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What the coroutine gives in an event loop of its own; a thread, since the browser tests keep a loop running."""

    async def run_and_close() -> Any:
        try:
            return await coroutine
        finally:
            await sync_to_async(connections.close_all)()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, run_and_close()).result()
