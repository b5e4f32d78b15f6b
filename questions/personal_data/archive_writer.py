"""A person's data as a ZIP: data.json with everything, tables of it for spreadsheets, and what is what."""

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
    """What the file holds; `lists` are those of `schema.LISTS`, read while they are written."""

    made_at: datetime
    account: dict[str, Any] | None = None
    plan: dict[str, Any] | None = None
    lists: Mapping[str, Records] = field(default_factory=dict)


def write(file: IO[bytes], parts: Parts, *, readme: str) -> None:
    """Writes the ZIP to the file. No list is held in memory but that of the revisions."""
    revisions = list(parts.lists.get("revisions", ()))
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED))
        tables = stack.enter_context(Tables(revisions))
        lists = {name: parts.lists.get(name, ()) for name in schema.LISTS} | {"revisions": revisions}
        noted = {name: tables.noting(name, records) for name, records in lists.items()}
        with archive.open(DATA, "w") as member:
            for piece in pieces(Parts(parts.made_at, parts.account, parts.plan, noted)):
                member.write(piece.encode())
        for name, lines in tables.files():
            with archive.open(name, "w") as member:
                member.writelines(lines)
        archive.writestr("README.txt", readme)


def pieces(parts: Parts) -> Iterator[str]:
    """The text of data.json, a line for each entry of a list."""
    head = {"format": schema.FORMAT, "made_at": parts.made_at, "account": parts.account, "plan": parts.plan}
    yield "{" + ",\n".join(f'"{name}":{_encoded(value)}' for name, value in head.items())
    for name in schema.LISTS:
        yield f',\n"{name}":['
        for number, one in enumerate(parts.lists.get(name, ())):
            yield (",\n" if number else "\n") + _encoded(one)
        yield "]"
    yield "}\n"


def _plain(value: Any) -> str:
    """Times, days and ids as texts."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has.")


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode
