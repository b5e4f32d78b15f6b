"""Import and export of YAML fixtures, as `loaddata` reads them; parsed row by row, so that one bad row fails alone."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import yaml

from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source
from questions.content.pictures import PictureFile
from questions.importexport.base import ExportedFile, ParsedFile, Record, UnreadableFile, decode

QUESTION = "questions.question"
PARTS = {
    "questions.choice": ("options", Option),
    "questions.rubriccriterion": ("criteria", Criterion),
    "questions.followup": ("follow_ups", FollowUpQuestion),
    "questions.reference": ("sources", Source),
}
NON_ITEM_FIELDS = {"topic", "slug", "status", "takeaway", "faq", "task"}  # fields of Question that Item lacks
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Key = tuple[str, str]
ALWAYS_WRITTEN = ("text", "title")  # even if empty


class InvalidRow(ValueError):
    """A row of the fixture is invalid; the message says why."""


@dataclass
class _ParsedQuestion:
    """A question's row, the line where it starts, the rows of its parts, and the first problem found in them."""

    line: int
    fields: dict[str, Any]
    parts: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    problem: str = ""


def read(data: bytes) -> ParsedFile:
    """Read the questions of a fixture and ignore rows of other models; raise UnreadableFile."""
    parsed = ParsedFile()
    questions = _parse_questions(decode(data), parsed)
    if not questions and not parsed.refused:
        raise UnreadableFile("The file has no questions. Each must start with “- model: questions.question”.")
    for (topic, slug), question in questions.items():
        try:
            if question.problem:
                raise InvalidRow(question.problem)
            task = _text(question.fields, "task")
            parsed.add(Record(_item(question), topic=topic, slug=slug, task=task, line=question.line))
        except InvalidRow as problem:
            parsed.refuse(question.line, slug, str(problem))
    return parsed


def _parse_questions(text: str, parsed: ParsedFile) -> dict[Key, _ParsedQuestion]:
    """Return the questions by (topic, slug), each with the rows of its parts; add rows without a key to the refused."""
    questions: dict[Key, _ParsedQuestion] = {}
    last: _ParsedQuestion | None = None
    for line, row in _rows(text):
        try:
            model, fields = _row(row)
            if model == QUESTION:
                key = _key([*_names(fields.get("topic")), fields.get("slug")])
                if key in questions:
                    raise InvalidRow(f"“{'/'.join(key)}” is in the file twice. Delete one of them.")
                last = questions[key] = _ParsedQuestion(line, fields)
            elif model in PARTS:
                _add_part(questions, model, fields)
        except InvalidRow as problem:
            if last is None or QUESTION in row[:80]:
                parsed.refuse(line, row.strip()[:40], str(problem))
            else:  # without one of its rows, a question would be imported incomplete
                last.problem = last.problem or f"Line {line}: {problem}"
    return questions


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each row of the list; raise UnreadableFile if the file is not a list of rows."""
    start, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("- "):
            if lines:
                yield start, "\n".join(lines)
            start, lines = number, [line]
        elif lines:
            lines.append(line)
        elif line.strip() and not line.startswith(("#", "---", "%YAML")):
            raise UnreadableFile(
                f"Line {number}: not a fixture. A fixture is a list of rows that start with “- model:” without indent."
            )
    if lines:
        yield start, "\n".join(lines)


def _row(text: str) -> tuple[str, dict[str, Any]]:
    """Return the model and the fields of a row; raise InvalidRow."""
    try:
        loaded = yaml.load(text, LOADER)  # noqa: S506 - a safe loader either way
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1} of the row, column {mark.column + 1})" if mark else ""
        raise InvalidRow(f"Invalid YAML{where}: {getattr(error, 'problem', None) or 'it cannot be read'}.") from None
    row = loaded[0] if isinstance(loaded, list) and len(loaded) == 1 else None
    if not isinstance(row, dict) or not isinstance(row.get("fields"), dict) or not isinstance(row.get("model"), str):
        raise InvalidRow("A row needs “model” and “fields”.")
    return row["model"], row["fields"]


def _names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _key(names: list[Any]) -> Key:
    """Return (topic, slug); raise InvalidRow if `names` is not two non-empty strings."""
    if len(names) != 2 or not all(isinstance(name, str) and name for name in names):
        raise InvalidRow(
            "A question needs the slug of its topic and its own slug, as in [framework-choice, my-question]."
        )
    return names[0], names[1]


def _add_part(questions: dict[Key, _ParsedQuestion], model: str, fields: dict[str, Any]) -> None:
    """Add a row to the question that it belongs to; raise InvalidRow if the question does not precede it."""
    key = _key(_names(fields.get("question")))
    if key not in questions:
        raise InvalidRow(f"It belongs to “{'/'.join(key)}”, which must come before it in the file.")
    position = fields.get("position")
    if not isinstance(position, int):
        raise InvalidRow("A row needs a “position”, a whole number.")
    name, kind = PARTS[model]
    own = {key: value for key, value in fields.items() if key not in ("question", "position")}
    questions[key].parts.setdefault(name, []).append((position, _build(kind, own)))


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise InvalidRow(f"“{name}” is not text. Put it in quotation marks.")
    return value


def _build(kind: Any, fields: dict[str, Any]) -> Any:
    """Return an instance of the dataclass `kind` with these fields; raise InvalidRow on wrong names or types."""
    known = kind.__dataclass_fields__
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in known or known[name].default == ():
            raise InvalidRow(f"Unknown field “{name}”. Delete or rename it.")
        if known[name].type in (float, "float"):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise InvalidRow(f"“{name}” is not a number.")
            values[name] = float(value)
        elif known[name].type in (bool, "bool"):
            if not isinstance(value, bool):
                raise InvalidRow(f"“{name}” must be true or false.")
            values[name] = value
        else:
            values[name] = _text(fields, name)
    try:
        return kind(**values)
    except TypeError:
        raise InvalidRow("A required field is missing.") from None


def _item(question: _ParsedQuestion) -> Item:
    """Return the question's content with its parts by position; raise InvalidRow."""
    own = {name: value for name, value in question.fields.items() if name not in NON_ITEM_FIELDS}
    parts: dict[str, Any] = {}
    for name, rows in question.parts.items():
        positions = [position for position, _part in rows]
        if len(set(positions)) < len(positions):
            raise InvalidRow("Two of its rows have the same position.")
        parts[name] = tuple(part for _position, part in sorted(rows, key=lambda row: row[0]))
    item: Item = _build(Item, own)
    return Item(**{**{name: getattr(item, name) for name in own}, **parts})


class _NaturalKey(list[str]):
    """A natural key, written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as block scalars where YAML allows it, and never uses aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _NaturalKey, lambda dumper, names: dumper.represent_sequence("tag:yaml.org,2002:seq", names, True)
)
_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))
)


def _style(text: str) -> str | None:
    """Return the scalar style: double quotes for unusual line ends, a block for several lines, else None."""
    if re.search("[\x85\u2028\u2029\ufeff]", text):
        return '"'
    return "|" if "\n" in text and re.fullmatch(r"\S(.*\S)?", text, re.DOTALL) else None


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the questions to a fixture, each picture before the first question that shows it; it loses nothing."""
    parts: list[str] = []
    written: set[str] = set()
    for record in records:
        files = [file for file in record.files if file.picture.name not in written]
        written.update(file.picture.name for file in files)
        rows = [*map(_picture_row, files), *_rows_of(record)]
        parts.append(yaml.dump(rows, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6))
    return ExportedFile("\n".join(parts).encode())


def _picture_row(file: PictureFile) -> dict[str, Any]:
    shown = file.picture
    is_svg = shown.kind == "svg"
    fields = {
        "name": shown.name,
        "alternative_text": shown.alternative_text,
        "caption": shown.caption,
        "is_line_art": shown.is_line_art,
        "svg": file.content.decode() if is_svg else "",
        "raster": "" if is_svg else b64encode(file.content).decode(),
    }
    return {"model": "questions.picture", "fields": {name: value for name, value in fields.items() if value}}


def _rows_of(record: Record) -> list[dict[str, Any]]:
    item = record.item
    key = _NaturalKey([record.topic, record.slug])
    content = asdict(replace(item, pictures=()))
    del content["pictures"]
    lists = {name: content.pop(name) for name, _kind in PARTS.values()}
    own = {"topic": _NaturalKey([record.topic]), "slug": record.slug, "task": record.task} | content
    rows = [{"model": QUESTION, "fields": {name: value for name, value in own.items() if value not in ("", False)}}]
    for model, (name, _kind) in PARTS.items():
        for position, part in enumerate(lists[name], 1):
            values = {name: value for name, value in part.items() if value not in ("", False) or name in ALWAYS_WRITTEN}
            rows.append({"model": model, "fields": {"question": key, "position": position, **values}})
    return rows
