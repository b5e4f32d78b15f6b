"""CSV tables of personal data for spreadsheets, one row per attempt, answer, review, note or bookmark."""

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
    """Context manager with temporary tables, which `record` fills while the records are written to the JSON."""

    def __init__(self, revisions: list[dict[str, Any]]) -> None:
        self.names = [revision["question"] for revision in revisions]
        self.items = [Item.from_json(revision["content"]) if revision["content"] else None for revision in revisions]
        self.stack = ExitStack()
        self.content: dict[str, IO[str]] = {}

    def __enter__(self) -> "Tables":
        for name, columns in COLUMNS.items():
            content = self.stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline=""))
            content.write("\ufeff")  # the byte order mark tells spreadsheet programs that this is UTF-8
            self.content[name] = content
            self._write(name, columns)
        return self

    def __exit__(self, *exception: object) -> None:
        self.stack.close()

    def record(self, name: str, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the records of the list with this name, and write each to its tables."""
        writers = {"attempts": self._attempt, "reviews": self._review, "notes": self._note, "bookmarks": self._bookmark}
        write: Callable[[dict[str, Any]], None] = writers.get(name, lambda record: None)
        for record in records:
            write(record)
            yield record

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the file name and the lines of each table, once all records have been written."""
        for name, content in self.content.items():
            content.seek(0)
            yield f"{name}.csv", (line.encode() for line in content)

    def _write(self, name: str, row: Row) -> None:
        csv.writer(self.content[name], quoting=csv.QUOTE_ALL).writerow([_cell(value) for value in row])

    def _attempt(self, attempt: dict[str, Any]) -> None:
        responses = attempt["responses"]
        head = [attempt[name] for name in ("public_id", "title", "mode", "status", "started_at", "submitted_at")]
        answered = sum(response["answered_at"] is not None for response in responses)
        self._write("attempts", [*head, len(responses), answered, _percent(attempt)])
        for response in responses:
            self._answer(attempt, response)
            if response["review"]:
                question = self.names[response["revision"]]
                self._review({"question": question, "at": response["answered_at"]} | response | response["review"])

    def _answer(self, attempt: dict[str, Any], response: dict[str, Any]) -> None:
        item, answer = self.items[response["revision"]], response["answer"]
        words = types.get(item.type).as_text(item, answer) if item and answer is not None else None
        head = [attempt["public_id"], attempt["title"], response["position"], *self.names[response["revision"]]]
        tail = [response[name] for name in ("fraction", "confidence", "flagged", "answered_at", "seconds")]
        self._write("answers", [*head, item.stem if item else None, words, *tail])

    def _review(self, review: dict[str, Any]) -> None:
        names = ("day", "at", "rating", "fraction", "confidence", "seconds", "predicted", "undone_at")
        self._write("reviews", [*review["question"], *(review[name] for name in names)])

    def _note(self, note: dict[str, Any]) -> None:
        self._write("notes", [*_target(note), note["text"], note["written_at"]])

    def _bookmark(self, bookmark: dict[str, Any]) -> None:
        self._write("bookmarks", [*_target(bookmark), bookmark["marked_at"]])


def _target(record: dict[str, Any]) -> Row:
    """Return kind, topic and slug of what a note or a bookmark is on; a guide has no slug."""
    topic, *slug = record["key"]
    return [record["on"], topic, *(slug or [None])]


def _percent(attempt: dict[str, Any]) -> float | None:
    """Return the score in percent; None while the attempt is in progress or nothing counts yet."""
    if attempt["status"] == schema.OPEN:
        return None
    counted = [
        response["fraction"] or 0.0
        for response in attempt["responses"]
        if response["answer"] is None or response["fraction"] is not None
    ]
    return 100 * sum(counted) / len(counted) if counted else None


def _cell(value: Any) -> str:
    """Return the value as the text of a cell, never a formula; times are in UTC."""
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
