"""Helpers of the tests of the personal data format."""

import copy
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from questions.personal_data import archive_writer, schema

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def parts_of(document: dict[str, Any]) -> archive_writer.Parts:
    """Return the document as the parts that `archive_writer` takes."""
    lists = {name: document[name] for name in schema.LISTS}
    return archive_writer.Parts(document["made_at"], document["account"], document["plan"], lists)


def text_of(document: dict[str, Any]) -> str:
    """Return the text of data.json."""
    return "".join(archive_writer.json_chunks(parts_of(document)))


def zip_of(document: dict[str, Any]) -> bytes:
    """Return the document as a downloaded ZIP."""
    file = io.BytesIO()
    archive_writer.write(file, parts_of(document), readme="Read me.")
    return file.getvalue()


def zipped(**members: str | bytes) -> bytes:
    """Return a ZIP of these members; `data` is the content of data.json."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.json", content)
    return file.getvalue()


def empty(**fields: Any) -> dict[str, Any]:
    """Return an empty document with these fields, as parsed JSON."""
    lists: dict[str, Any] = {name: [] for name in schema.LISTS}
    head = {"format": schema.FORMAT, "made_at": AT.isoformat(), "account": None, "plan": None}
    return head | lists | fields


def plain(document: dict[str, Any]) -> Any:
    """Return the document as parsed JSON."""
    return json.loads(text_of(document))


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the container and the key or index of each element in a JSON value."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from spots(value[key])


def with_change(document: Any, number: int, change: Any) -> Any:
    """Return a copy of the JSON value with another value for the element of this number, modulo their number."""
    changed = copy.deepcopy(document)
    found = list(spots(changed))
    container, key = found[number % len(found)]
    container[key] = change
    return changed
