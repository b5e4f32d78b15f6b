"""Registry of the import and export formats, and detection of a file's format."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from questions.importexport import aiken, anki, csv_table, excel, gift, moodle_xml, yaml_fixture
from questions.importexport.base import ExportedFile, ParsedFile, Record, UnreadableFile


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name and label, file suffix, content type, writer and, if it can be imported, reader."""

    name: str
    label: str | Promise
    suffix: str
    content_type: str
    write: Callable[[Iterable[Record]], ExportedFile]
    read: Callable[[bytes], ParsedFile] | None = None


FORMATS = {
    file_format.name: file_format
    for file_format in (
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
IMPORT_FORMATS = {name: file_format for name, file_format in FORMATS.items() if file_format.read}


def detect_format(filename: str, data: bytes) -> Format:
    """Return the format of a file by its suffix, or by its content for .txt; raise UnreadableFile if it is unknown."""
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".txt":
        return FORMATS["gift" if b"{" in data else "aiken"]
    suffix = {".yml": ".yaml"}.get(suffix, suffix)
    found = [file_format for file_format in IMPORT_FORMATS.values() if file_format.suffix == suffix]
    if not found:
        names = ", ".join(sorted({file_format.suffix for file_format in IMPORT_FORMATS.values()}))
        raise UnreadableFile(f"Unknown file format. Choose a format, or rename the file to end in {names}.")
    return found[0]
