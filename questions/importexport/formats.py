"""The formats that questions are exchanged in: an explicit registry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from questions.importexport import aiken, anki, csv_table, excel, gift, moodle_xml, yaml_fixture
from questions.importexport.base import Reading, Record, Unreadable, Writing


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is called, what its files are named, and how it is written and, if it is, read."""

    name: str
    label: str | Promise
    suffix: str
    content_type: str
    write: Callable[[Iterable[Record]], Writing]
    read: Callable[[bytes], Reading] | None = None


FORMATS = {
    one.name: one
    for one in (
        Format("gift", _("GIFT (Moodle)"), ".gift", "text/plain; charset=utf-8", gift.write, gift.read),
        Format("xml", _("Moodle XML"), ".xml", "application/xml", moodle_xml.write, moodle_xml.read),
        Format("aiken", _("Aiken"), ".txt", "text/plain; charset=utf-8", aiken.write, aiken.read),
        Format("csv", _("CSV table"), ".csv", "text/csv; charset=utf-8", csv_table.write, csv_table.read),
        Format(
            "xlsx",
            _("Excel table"),
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            excel.write,
            excel.read,
        ),
        Format("yaml", _("YAML fixture"), ".yaml", "application/yaml", yaml_fixture.write, yaml_fixture.read),
        Format("anki", _("Anki deck"), ".apkg", "application/octet-stream", anki.write),
    )
}
READABLE = {name: one for name, one in FORMATS.items() if one.read}


def format_of(file: str, data: bytes) -> Format:
    """The format of a file, by its name, or for .txt by what it holds; raises Unreadable where that cannot be told."""
    suffix = PurePath(file).suffix.lower()
    if suffix == ".txt":
        return FORMATS["gift" if b"{" in data else "aiken"]
    found = [one for one in READABLE.values() if one.suffix == {".yml": ".yaml"}.get(suffix, suffix)]
    if not found:
        names = ", ".join(sorted({one.suffix for one in READABLE.values()}))
        raise Unreadable(f"The name of the file does not tell its format: choose one, or name it with {names}.")
    return found[0]
