"""Questions as a table: one row each, a column for each field, and as many for options and the like as are needed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from questions import types
from questions.content.item import Criterion, Item, Option, Source
from questions.content.spreadsheet_escape import escape_cell, unescape_cell
from questions.importexport.base import Reading, Record, Remark, Unreadable, Writing

PLACE = ["topic", "slug", "task"]
TEXTS = ["type", "difficulty", "seniority", "stem", "code", "code_language", "holds_for", "explanation", "model_answer"]
SINGLE = ["topic", "slug", "type", "task", *TEXTS[1:], "case_sensitive"]
# Numbered columns of each part of an item: what the heading says, and the part's own field.
PARTS: dict[str, tuple[Any, dict[str, str]]] = {
    "options": (Option, {"option": "text", **{name: name for name in ("weight", "match", "tolerance", "feedback")}}),
    "criteria": (Criterion, {"criterion": "text", "criterion weight": "weight", "essential": "essential"}),
    "follow_ups": (str, {"follow-up": "text"}),
    "sources": (Source, {"source": "title", "address": "url"}),
}
MOST_COLUMNS = 500
YES, NO = {"yes", "true", "1", "x"}, {"", "no", "false", "0"}
FORMULA_AT = "\0"  # begins the text of a cell that holds a formula, before the cell's name


def header(records: Sequence[Record]) -> list[str]:
    """The headings that the records need."""
    names = list(SINGLE)
    for part, (_kind, columns) in PARTS.items():
        most = max((len(getattr(record.item, part)) for record in records), default=0)
        names += [f"{name} {number}" for number in range(1, most + 1) for name in columns]
    return names


def row(record: Record) -> dict[str, str]:
    """The record's cells by their headings; guarded, so that none is a formula."""
    item = record.item
    cells = {name: getattr(record, name) for name in PLACE} | {name: getattr(item, name) for name in TEXTS}
    cells["case_sensitive"] = item.case_sensitive
    for part, (_kind, columns) in PARTS.items():
        for number, one in enumerate(getattr(item, part), 1):
            for name, field in columns.items():
                cells[f"{name} {number}"] = one if isinstance(one, str) else getattr(one, field)
    return {name: escape_cell(_text(value)) for name, value in cells.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def read(rows: Iterable[tuple[int, list[str]]]) -> Reading:
    """The questions of a table whose first row holds the headings; each row with its line. Raises Unreadable."""
    reading = Reading()
    names: list[str] | None = None
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if names is None:
            names = _headings(line, cells)
            continue
        found = dict(zip(names, map(unescape_cell, cells), strict=False))
        try:
            if formula := next((cell for cell in cells if cell.startswith(FORMULA_AT)), ""):
                raise ValueError(f"Cell {formula[1:]} holds a formula. Put its value there as a text.")
            if any(cell.strip() for cell in cells[len(names) :]):
                raise ValueError("The row has more cells than there are headings. Is a quotation mark missing?")
            reading.add(_record(found, line))
        except ValueError as problem:
            if isinstance(problem, Unreadable):
                raise
            reading.refuse(line, found.get("slug") or found.get("stem", ""), str(problem))
    if names is None:
        raise Unreadable("The table is empty. Its first row holds the headings, such as slug, type and stem.")
    return reading


def _headings(line: int, cells: list[str]) -> list[str]:
    """The headings in our spelling; raises Unreadable where they do not make sense."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names = [" ".join(cell.split()).lower() for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"The table has more than {MOST_COLUMNS} columns.")
    numbered = "|".join(re.escape(name) for _kind, columns in PARTS.values() for name in columns)
    unknown = [name for name in names if name not in SINGLE and not re.fullmatch(rf"({numbered}) [1-9]\d?", name)]
    if unknown:
        known = ", ".join([*SINGLE, *(f"{name} 1" for _kind, columns in PARTS.values() for name in columns)])
        raise Unreadable(f"Line {line}: there is no column “{unknown[0][:40]}”. There are: {known}.")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Unreadable(f"Line {line}: the column “{twice[0]}” stands there twice.")
    missing = [name for name in ("type", "stem") if name not in names]
    if missing:
        raise Unreadable(f"Line {line}: the column “{missing[0]}” is missing. The first row holds the headings.")
    return names


def _record(cells: dict[str, str], line: int) -> Record:
    """The question of a row; raises ValueError."""
    kind = cells["type"].strip()
    if kind not in types.names():
        raise ValueError(f"“{kind[:40]}” is no type: write one of {', '.join(types.names())}.")
    fields: dict[str, Any] = {name: cells.get(name, "") for name in TEXTS} | {"type": kind}
    for name in ("difficulty", "seniority"):
        fields[name] = fields[name].strip()
    for part in PARTS:
        fields[part] = tuple(_parts(cells, part))
    item = Item(**fields, case_sensitive=_flag("case_sensitive", cells.get("case_sensitive", "")))
    task, topic, slug = (cells.get(name, "").strip() for name in ("task", "topic", "slug"))
    return Record(item, topic=topic, slug=slug, task=task, line=line)


def _parts(cells: dict[str, str], part: str) -> Iterator[Any]:
    """Options, criteria, follow-up questions or sources, without those whose cells are all empty; raises ValueError."""
    kind, columns = PARTS[part]
    first = next(iter(columns))
    numbers = {int(name.rsplit(" ", 1)[1]) for name in cells if name.rsplit(" ", 1)[0] in columns}
    for number in sorted(numbers):
        own = {name: cells.get(f"{name} {number}", "") for name in columns}
        if any(own.values()):
            values = {field: _value(kind, field, f"{name} {number}", own[name]) for name, field in columns.items()}
            yield own[first] if kind is str else kind(**values)


def _value(kind: Any, field: str, heading: str, text: str) -> Any:
    if field == "weight":
        return _number(heading, text, default=1.0 if kind is Criterion else 0.0)
    return _flag(heading, text) if field == "essential" else text


def _number(heading: str, text: str, default: float) -> float:
    """The number in a cell, a comma taken for a point; raises ValueError."""
    bare = text.strip().replace(",", ".")
    if not bare:
        return default
    if len(bare) > 30 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e-?\d{1,3})?", bare, re.ASCII | re.IGNORECASE):
        raise ValueError(f"“{text[:40]}” in the column “{heading}” is no number: write one such as 0.5.")
    return float(bare)


def _flag(heading: str, text: str) -> bool:
    """Yes or no; raises ValueError for anything else."""
    word = text.strip().lower()
    if word not in YES | NO:
        raise ValueError(f"“{text[:40]}” in the column “{heading}”: write yes, or leave it empty.")
    return word in YES


def note_losses(writing: Writing, records: Sequence[Record], reading: Reading) -> None:
    """Says of each question that would not be read again as it is; a record that is not there at all is refused."""
    both: list[Record | Remark] = [*reading.records, *reading.refused]
    read = iter(sorted(both, key=lambda one: one.line))
    for record in records:
        found = next(read, None)
        if isinstance(found, Remark) or found is None:
            reason = found.text if found else "It could not be read again."
            writing.refused.append(Remark(record.line, record.name, reason))
        elif found != record:
            writing.lost.append(Remark(record.line, record.name, "Some of its characters or empty parts are not kept."))
