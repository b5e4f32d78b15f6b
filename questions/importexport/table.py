"""The question table of CSV and Excel files: a row per question, numbered columns for options, criteria and so on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source
from questions.content.spreadsheet_escape import escape_cell, unescape_cell
from questions.importexport.base import ExportedFile, Issue, ParsedFile, Record, UnreadableFile
from questions.importexport.losses import picture_losses

RECORD_COLUMNS = ["topic", "slug", "task"]
TEXT_COLUMNS = [
    "type",
    "difficulty",
    "seniority",
    "stem",
    "code",
    "code_language",
    "holds_for",
    "explanation",
    "model_answer",
    "units",
]
COLUMNS = ["topic", "slug", "type", "task", *TEXT_COLUMNS[1:], "case_sensitive"]
# For each part of an item: its class, and its numbered columns as {heading: field of the class}.
PARTS: dict[str, tuple[Any, dict[str, str]]] = {
    "options": (Option, {"option": "text", **{name: name for name in ("weight", "match", "tolerance", "feedback")}}),
    "criteria": (Criterion, {"criterion": "text", "criterion weight": "weight", "essential": "essential"}),
    "follow_ups": (FollowUpQuestion, {"follow-up": "text", "follow-up model answer": "model_answer"}),
    "sources": (Source, {"source": "title", "address": "url"}),
}
MAX_COLUMNS = 500
YES, NO = {"yes", "true", "1", "x"}, {"", "no", "false", "0"}
FORMULA_MARK = "\0"  # stands before the name of a cell that has a formula, in place of its text


def header(records: Sequence[Record]) -> list[str]:
    """Return the column names for the records, with as many numbered columns as the largest of them needs."""
    names = list(COLUMNS)
    for part, (_kind, columns) in PARTS.items():
        count = max((len(getattr(record.item, part)) for record in records), default=0)
        names += [f"{name} {number}" for number in range(1, count + 1) for name in columns]
    return names


def row(record: Record) -> dict[str, str]:
    """Return the record's cells by column name, escaped so that no cell is a formula."""
    item = record.item
    cells = {name: getattr(record, name) for name in RECORD_COLUMNS} | {
        name: getattr(item, name) for name in TEXT_COLUMNS
    }
    cells["case_sensitive"] = item.case_sensitive
    for part, (_kind, columns) in PARTS.items():
        for number, one in enumerate(getattr(item, part), 1):
            for name, field in columns.items():
                cells[f"{name} {number}"] = getattr(one, field)
    return {name: escape_cell(_text(value)) for name, value in cells.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def read(rows: Iterable[tuple[int, list[str]]]) -> ParsedFile:
    """Read the questions of a table from (line, cells) rows, column names first; raise UnreadableFile."""
    parsed = ParsedFile()
    names: list[str] | None = None
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if names is None:
            names = _column_names(line, cells)
            continue
        found = dict(zip(names, map(unescape_cell, cells), strict=False))
        try:
            if formula := next((cell for cell in cells if cell.startswith(FORMULA_MARK)), ""):
                raise ValueError(f"Cell {formula[1:]} has a formula. Replace it with its value as text.")
            if any(cell.strip() for cell in cells[len(names) :]):
                raise ValueError("The row has more cells than the header. Check for a missing quotation mark.")
            parsed.add(_record(found, line))
        except ValueError as problem:
            if isinstance(problem, UnreadableFile):
                raise
            parsed.refuse(line, found.get("slug") or found.get("stem", ""), str(problem))
    if names is None:
        raise UnreadableFile("The table is empty. Its first row must name the columns, such as type and stem.")
    return parsed


def _column_names(line: int, cells: list[str]) -> list[str]:
    """Return the column names, normalized; raise UnreadableFile if one is unknown, repeated or missing."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names = [" ".join(cell.split()).lower() for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"The table has more than {MAX_COLUMNS} columns. Delete the unused ones.")
    numbered = "|".join(re.escape(name) for _kind, columns in PARTS.values() for name in columns)
    unknown = [name for name in names if name not in COLUMNS and not re.fullmatch(rf"({numbered}) [1-9]\d?", name)]
    if unknown:
        known = ", ".join([*COLUMNS, *(f"{name} 1" for _kind, columns in PARTS.values() for name in columns)])
        raise UnreadableFile(f"Line {line}: unknown column “{unknown[0][:40]}”. Known columns: {known}.")
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise UnreadableFile(f"Line {line}: the column “{repeated[0]}” appears twice. Delete or rename one.")
    missing = [name for name in ("type", "stem") if name not in names]
    if missing:
        raise UnreadableFile(f"Line {line}: the column “{missing[0]}” is missing. Name the columns in the first row.")
    return names


def _record(cells: dict[str, str], line: int) -> Record:
    """Return the question of a row; raise ValueError if it is invalid."""
    type_name = cells["type"].strip()
    if type_name not in types.names():
        raise ValueError(f"Unknown question type “{type_name[:40]}”. Use one of {', '.join(types.names())}.")
    fields: dict[str, Any] = {name: cells.get(name, "") for name in TEXT_COLUMNS} | {"type": type_name}
    for name in ("difficulty", "seniority"):
        fields[name] = fields[name].strip()
    for part in PARTS:
        fields[part] = tuple(_parts(cells, part))
    item = Item(**fields, case_sensitive=_flag("case_sensitive", cells.get("case_sensitive", "")))
    task, topic, slug = (cells.get(name, "").strip() for name in ("task", "topic", "slug"))
    return Record(item, topic=topic, slug=slug, task=task, line=line)


def _parts(cells: dict[str, str], part: str) -> Iterator[Any]:
    """Yield the options, criteria, follow-ups or sources of a row, except empty ones; raise ValueError."""
    kind, columns = PARTS[part]
    numbers = {int(name.rsplit(" ", 1)[1]) for name in cells if name.rsplit(" ", 1)[0] in columns}
    for number in sorted(numbers):
        own = {name: cells.get(f"{name} {number}", "") for name in columns}
        if any(own.values()):
            values = {field: _value(kind, field, f"{name} {number}", own[name]) for name, field in columns.items()}
            yield kind(**values)


def _value(kind: Any, field: str, heading: str, text: str) -> Any:
    if field == "weight":
        return _number(heading, text, default=1.0 if kind is Criterion else 0.0)
    return _flag(heading, text) if field == "essential" else text


def _number(heading: str, text: str, default: float) -> float:
    """Return the number in a cell, with a decimal comma or point; raise ValueError if it is not a number."""
    bare = text.strip().replace(",", ".")
    if not bare:
        return default
    if len(bare) > 30 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e-?\d{1,3})?", bare, re.ASCII | re.IGNORECASE):
        raise ValueError(f"“{text[:40]}” in the column “{heading}” is not a number. Write a number such as 0.5.")
    return float(bare)


def _flag(heading: str, text: str) -> bool:
    """Return whether a cell says yes; raise ValueError if it says neither yes nor no."""
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError(f"“{text[:40]}” in the column “{heading}” is unclear. Write yes, or leave it empty.")
    return word in YES


def add_losses(exported: ExportedFile, records: Sequence[Record], parsed: ParsedFile) -> None:
    """Add to `exported` a loss or refusal for each record that differs from, or is missing in, the file read back."""
    rows: list[Record | Issue] = [*parsed.records, *parsed.refused]
    reread_rows = iter(sorted(rows, key=lambda row: row.line))
    for record in records:
        reread = next(reread_rows, None)
        if isinstance(reread, Issue) or reread is None:
            reason = reread.text if reread else "It could not be imported again."
            exported.refused.append(Issue(record.line, record.name, reason))
            continue
        exported.losses.extend(Issue(record.line, record.name, text) for text in picture_losses(record, "A table"))
        if reread != replace(record, item=replace(record.item, pictures=())):
            text = "Some of its characters or empty parts are not preserved."
            exported.losses.append(Issue(record.line, record.name, text))
