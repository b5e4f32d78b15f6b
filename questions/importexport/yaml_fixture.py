"""Our own fixtures: rows in YAML, as `loaddata` reads them; read row by row, so that a bad one harms no other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from questions.content.item import Criterion, Item, Option, Source
from questions.importexport.base import Reading, Record, Unreadable, Writing, decode

QUESTION = "questions.question"
PARTS = {
    "questions.choice": ("options", Option),
    "questions.rubriccriterion": ("criteria", Criterion),
    "questions.followup": ("follow_ups", str),
    "questions.reference": ("sources", Source),
}
OTHERS = {"topic", "slug", "status", "takeaway", "faq"}  # of a question, but not of its item
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Key = tuple[str, str]
NEEDED = ("text", "title")  # written even if empty
TEXT = "tag:yaml.org,2002:str"


class BadRow(ValueError):
    """A row that cannot be read; the message says why."""


@dataclass
class Found:
    """A question's row, where it begins, and the rows that belong to it."""

    line: int
    fields: dict[str, Any]
    parts: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    problem: str = ""


def read(data: bytes) -> Reading:
    """The questions of a fixture; rows of other models are passed over. Raises Unreadable."""
    reading = Reading()
    found = _found(decode(data), reading)
    if not found and not reading.refused:
        raise Unreadable("The file holds no question: each begins with “- model: questions.question”.")
    for (topic, slug), question in found.items():
        try:
            if question.problem:
                raise BadRow(question.problem)
            task = _text(question.fields, "task")
            reading.add(Record(_item(question), topic=topic, slug=slug, task=task, line=question.line))
        except BadRow as problem:
            reading.refuse(question.line, slug, str(problem))
    return reading


def _found(text: str, reading: Reading) -> dict[Key, Found]:
    """The questions by their names, each with its rows; refuses in `reading` what has no name."""
    found: dict[Key, Found] = {}
    last: Found | None = None
    for line, row in _rows(text):
        try:
            model, fields = _row(row)
            if model == QUESTION:
                key = _key([*_names(fields.get("topic")), fields.get("slug")])
                if key in found:
                    raise BadRow(f"“{'/'.join(key)}” stands in the file twice.")
                last = found[key] = Found(line, fields)
            elif model in PARTS:
                _add_part(found, model, fields)
        except BadRow as problem:
            if last is None or QUESTION in row[:80]:
                reading.refuse(line, row.strip()[:40], str(problem))
            else:  # a question without one of its rows would be another question
                last.problem = last.problem or f"Line {line}: {problem}"
    return found


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """Each row of the list with the line at which it begins; raises Unreadable where there is no such list."""
    start, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("- "):
            if lines:
                yield start, "\n".join(lines)
            start, lines = number, [line]
        elif lines:
            lines.append(line)
        elif line.strip() and not line.startswith(("#", "---", "%YAML")):
            raise Unreadable(
                f"Line {number}: a fixture is a list whose rows begin with “- model:” at the line's start."
            )
    if lines:
        yield start, "\n".join(lines)


def _row(text: str) -> tuple[str, dict[str, Any]]:
    """The model's name and the fields of one row; raises BadRow."""
    try:
        loaded = yaml.load(text, LOADER)  # noqa: S506 - a safe loader either way
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1} of the row, column {mark.column + 1})" if mark else ""
        raise BadRow(f"This is not YAML{where}: {getattr(error, 'problem', None) or 'it cannot be read'}.") from None
    row = loaded[0] if isinstance(loaded, list) and len(loaded) == 1 else None
    if not isinstance(row, dict) or not isinstance(row.get("fields"), dict) or not isinstance(row.get("model"), str):
        raise BadRow("A row has a “model” and “fields”.")
    return row["model"], row["fields"]


def _names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _key(names: list[Any]) -> Key:
    """Topic and slug; raises BadRow where they are not two texts."""
    if len(names) != 2 or not all(isinstance(name, str) and name for name in names):
        raise BadRow("A question is named by the slug of its topic and its own, as in [framework-choice, my-question].")
    return names[0], names[1]


def _add_part(found: dict[Key, Found], model: str, fields: dict[str, Any]) -> None:
    """Keeps a row with the question that it belongs to; raises BadRow where there is none."""
    key = _key(_names(fields.get("question")))
    if key not in found:
        raise BadRow(f"It belongs to “{'/'.join(key)}”, which does not stand before it.")
    position = fields.get("position")
    if not isinstance(position, int):
        raise BadRow("A row has a position, a whole number.")
    name, kind = PARTS[model]
    own = {key: value for key, value in fields.items() if key not in ("question", "position")}
    part = _text(own, "text") if kind is str else _build(kind, own)
    found[key].parts.setdefault(name, []).append((position, part))


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise BadRow(f"“{name}” is no text: put it in quotation marks.")
    return value


def _build(kind: Any, fields: dict[str, Any]) -> Any:
    """The part or item with those fields, each of the kind that its own has; raises BadRow."""
    known = kind.__dataclass_fields__
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in known:
            raise BadRow(f"There is no field “{name}”.")
        if known[name].type in (float, "float"):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise BadRow(f"“{name}” is no number.")
            values[name] = float(value)
        elif known[name].type in (bool, "bool"):
            if not isinstance(value, bool):
                raise BadRow(f"“{name}” is true or false.")
            values[name] = value
        else:
            values[name] = _text(fields, name)
    try:
        return kind(**values)
    except TypeError:
        raise BadRow("A field that it needs is missing.") from None


def _item(found: Found) -> Item:
    """The content of a question with its rows in their order; raises BadRow."""
    own = {name: value for name, value in found.fields.items() if name not in OTHERS and name != "task"}
    parts: dict[str, Any] = {}
    for name, rows in found.parts.items():
        places = [place for place, _part in rows]
        if len(set(places)) < len(places):
            raise BadRow("Two of its rows have the same position.")
        parts[name] = tuple(part for _place, part in sorted(rows, key=lambda row: row[0]))
    item: Item = _build(Item, own)
    return Item(**{**{name: getattr(item, name) for name in own}, **parts})


class _Names(list[str]):
    """A natural key, written in one line."""


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks where YAML can, everything else as usual."""

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is written as a reference to something above."""
        return True


_Dumper.add_representer(_Names, lambda dumper, names: dumper.represent_sequence("tag:yaml.org,2002:seq", names, True))
_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(TEXT, text, style=_style(text)))


def _style(text: str) -> str | None:
    """How a text is written: as a block where that is safe, in quotation marks where it holds odd line ends."""
    if re.search("[\x85\u2028\u2029\ufeff]", text):
        return '"'
    return "|" if "\n" in text and re.fullmatch(r"\S(.*\S)?", text, re.DOTALL) else None


def write(records: Iterable[Record]) -> Writing:
    """The questions as a fixture; what it says of each, it says whole."""
    parts = [
        yaml.dump(_rows_of(record), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)
        for record in records
    ]
    return Writing("\n".join(parts).encode())


def _rows_of(record: Record) -> list[dict[str, Any]]:
    item = record.item
    key = _Names([record.topic, record.slug])
    content = asdict(item)
    lists = {name: content.pop(name) for name, _kind in PARTS.values()}
    own = {"topic": _Names([record.topic]), "slug": record.slug, "task": record.task} | content
    rows = [{"model": QUESTION, "fields": {name: value for name, value in own.items() if value not in ("", False)}}]
    for model, (name, _kind) in PARTS.items():
        for position, part in enumerate(lists[name], 1):
            fields = {"text": part} if isinstance(part, str) else part
            kept = {
                name: value for name, value in fields.items() if value not in ("", False) or name in ("text", "title")
            }
            rows.append({"model": model, "fields": {"question": key, "position": position, **kept}})
    return rows
