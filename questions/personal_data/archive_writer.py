"""Writer of the personal data archive: a ZIP with data.json, CSV tables and a README."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

from questions.personal_data import schema
from questions.personal_data.archive_reader import DATA
from questions.personal_data.csv_tables import Tables

Records = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Content of data.json; `lists` has the lists of `schema.LISTS`, which are read while they are written."""

    made_at: datetime
    account: dict[str, Any] | None = None
    plan: dict[str, Any] | None = None
    lists: Mapping[str, Records] = field(default_factory=dict)


def write(file: IO[bytes], parts: Parts, *, readme: str) -> None:
    """Write the ZIP to the file, without holding any list in memory but the revisions."""
    revisions = list(parts.lists.get("revisions", ()))
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED))
        tables = stack.enter_context(Tables(revisions))
        lists = {name: parts.lists.get(name, ()) for name in schema.LISTS} | {"revisions": revisions}
        recorded = {name: tables.record(name, records) for name, records in lists.items()}
        with archive.open(DATA, "w") as member:
            for chunk in json_chunks(Parts(parts.made_at, parts.account, parts.plan, recorded)):
                member.write(chunk.encode())
        for name, lines in tables.files():
            with archive.open(name, "w") as member:
                member.writelines(lines)
        archive.writestr("README.txt", readme)


def json_chunks(parts: Parts) -> Iterator[str]:
    """Yield the text of data.json, one line per record of a list."""
    head = {"format": schema.FORMAT, "made_at": parts.made_at, "account": parts.account, "plan": parts.plan}
    yield "{" + ",\n".join(f'"{name}":{_encoded(value)}' for name, value in head.items())
    for name in schema.LISTS:
        yield f',\n"{name}":['
        for number, record in enumerate(parts.lists.get(name, ())):
            yield (",\n" if number else "\n") + _encoded(record)
        yield "]"
    yield "}\n"


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON. Export it as a text or a number.")


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_as_text).encode
