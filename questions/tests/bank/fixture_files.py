"""The fixtures of the bank, read as files: what a question, its choices and a guide say."""

from pathlib import Path
from typing import Any

import yaml

from questions.tests.bank.content import Asked

FIXTURES = Path(__file__).parents[3] / "fixtures"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Bank:
    """A fixture as it stands in its file."""

    def __init__(self, file: str) -> None:
        self.rows: list[dict[str, Any]] = yaml.load((FIXTURES / file).read_text(), LOADER)

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

    def asked(self, question: str) -> Asked:
        """The question as a check sees it."""
        choices = self.choices(question)
        return Asked(
            code=self.fields("question", question).get("code", ""),
            options=[choice.get("text", "") for choice in choices],
            weights=[choice.get("weight", 0) for choice in choices],
            matches=[choice.get("match", "") for choice in choices],
        )
