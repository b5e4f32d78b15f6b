"""The same data as tables for spreadsheets: a row for each attempt, answer, review, note and bookmark."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from typing import IO, Any

from questions import types
from questions.content.item import Item
from questions.content.spreadsheet_escape import escape_cell
from questions.personal_data import schema

Row = list[Any]

COLUMNS = {
    "attempts": ["attempt", "title", "mode", "status", "started", "ended", "questions", "answered", "percent"],
    "answers": [
        *("attempt", "title", "position", "topic", "question", "asked", "answer"),
        *("fraction", "confidence", "flagged", "answered", "seconds"),
    ],
    "reviews": [
        *("topic", "question", "day", "at", "rating", "fraction"),
        *("confidence", "seconds", "predicted", "undone"),
    ],
    "notes": ["on", "topic", "slug", "text", "written"],
    "bookmarks": ["on", "topic", "slug", "marked"],
}


class Tables:
    """Tables that are filled while the records pass by on their way into the JSON."""

    def __init__(self, revisions: list[dict[str, Any]]) -> None:
        self.names = [one["question"] for one in revisions]
        self.items = [Item.from_json(one["content"]) if one["content"] else None for one in revisions]
        self.stack = ExitStack()
        self.content: dict[str, IO[str]] = {}

    def __enter__(self) -> "Tables":
        for name, columns in COLUMNS.items():
            content = self.stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline=""))
            content.write("\ufeff")  # by which spreadsheet programs know UTF-8
            self.content[name] = content
            self._write(name, columns)
        return self

    def __exit__(self, *exception: object) -> None:
        self.stack.close()

    def noting(self, name: str, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The records of a list as they come, each written into the tables that tell of it."""
        note = {"attempts": self._attempt, "reviews": self._review, "notes": self._note, "bookmarks": self._bookmark}
        write: Callable[[dict[str, Any]], None] = note.get(name, lambda one: None)
        for one in records:
            write(one)
            yield one

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The name of each table and its lines, once everything has passed by."""
        for name, content in self.content.items():
            content.seek(0)
            yield f"{name}.csv", (line.encode() for line in content)

    def _write(self, name: str, row: Row) -> None:
        csv.writer(self.content[name], quoting=csv.QUOTE_ALL).writerow([_cell(value) for value in row])

    def _attempt(self, one: dict[str, Any]) -> None:
        asked = one["responses"]
        head = [one[name] for name in ("public_id", "title", "mode", "status", "started_at", "submitted_at")]
        answered = sum(response["answered_at"] is not None for response in asked)
        self._write("attempts", [*head, len(asked), answered, _percent(one)])
        for response in asked:
            self._answer(one, response)
            if response["review"]:
                question = self.names[response["revision"]]
                self._review({"question": question, "at": response["answered_at"]} | response | response["review"])

    def _answer(self, attempt: dict[str, Any], one: dict[str, Any]) -> None:
        item, answer = self.items[one["revision"]], one["answer"]
        words = types.get(item.type).as_text(item, answer) if item and answer is not None else None
        place = [attempt["public_id"], attempt["title"], one["position"], *self.names[one["revision"]]]
        told = [one[name] for name in ("fraction", "confidence", "flagged", "answered_at", "seconds")]
        self._write("answers", [*place, item.stem if item else None, words, *told])

    def _review(self, one: dict[str, Any]) -> None:
        names = ("day", "at", "rating", "fraction", "confidence", "seconds", "predicted", "undone_at")
        self._write("reviews", [*one["question"], *(one[name] for name in names)])

    def _note(self, one: dict[str, Any]) -> None:
        self._write("notes", [*_target(one), one["text"], one["written_at"]])

    def _bookmark(self, one: dict[str, Any]) -> None:
        self._write("bookmarks", [*_target(one), one["marked_at"]])


def _target(one: dict[str, Any]) -> Row:
    """What something is attached to: its kind, its topic and its slug, which a guide has none of."""
    topic, *slug = one["key"]
    return [one["on"], topic, *(slug or [None])]


def _percent(attempt: dict[str, Any]) -> float | None:
    """The share earned of what counts; None while the attempt goes on, or where nothing counts yet."""
    if attempt["status"] == schema.OPEN:
        return None
    counted = [
        one["fraction"] or 0.0 for one in attempt["responses"] if one["answer"] is None or one["fraction"] is not None
    ]
    return 100 * sum(counted) / len(counted) if counted else None


def _cell(value: Any) -> str:
    """The value as a cell shows it, and never a formula; times are in UTC."""
    if isinstance(value, str):
        return escape_cell(value)
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix("+00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
