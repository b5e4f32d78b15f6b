"""Import and export of Excel files (.xlsx): the question table in text cells, without formulas."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from questions.importexport import table
from questions.importexport.base import ExportedFile, Issue, ParsedFile, Record, UnreadableFile, check_size

MAX_UNPACKED_BYTES = 40_000_000
MAX_ZIP_MEMBERS = 1_000
MAX_CELL_LENGTH = 32_767
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")  # of .xls files and of .xlsx files with a password
DAMAGED = "The file is damaged or not an Excel file. Save it as .xlsx and import it again."
DTD_MARKERS = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!ENTITY".encode("utf-16-le"))


def read(data: bytes) -> ParsedFile:
    """Read the questions of the first sheet; raise UnreadableFile."""
    _check(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return table.read(_rows(book.worksheets[0]))
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # on a damaged file openpyxl lets any exception through
        raise UnreadableFile(DAMAGED) from error


def _check(data: bytes) -> None:
    """Raise UnreadableFile if this is not an .xlsx file, declares a DTD or would unpack to too much data."""
    check_size(data)
    if data.startswith(OLE_SIGNATURE):
        raise UnreadableFile("This is an old .xls file or has a password. Save it as .xlsx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            # `zipfile` never reads more of a member than its declared size.
            if len(infos) > MAX_ZIP_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
                limit = MAX_UNPACKED_BYTES // 1_000_000
                raise UnreadableFile(
                    f"Unpacked, the file is larger than {limit} MB. Split it and import the parts separately."
                )
            if "xl/workbook.xml" not in parts.namelist():
                raise UnreadableFile("This is not an Excel file. Save it as .xlsx and import it again.")
            if any(mark in parts.read(info) for info in infos for mark in DTD_MARKERS):
                raise UnreadableFile("The file declares XML entities, which are not allowed. Save it as .xlsx again.")
    except UnreadableFile:
        raise
    except Exception as error:  # on a damaged file zipfile lets any exception through
        raise UnreadableFile(DAMAGED) from error


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells); in place of a formula, FORMULA_MARK and the name of its cell."""
    sheet.reset_dimensions()  # the dimensions stored in the file may be wrong
    for cells in sheet.iter_rows(max_col=table.MAX_COLUMNS + 1):
        number = next((cell.row for cell in cells if hasattr(cell, "row")), None)
        if number is None:
            continue
        yield (
            number,
            [table.FORMULA_MARK + cell.coordinate if cell.data_type == "f" else _text(cell.value) for cell in cells],
        )


def _text(value: Any) -> str:
    """Return the cell's value as text, as Excel shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the questions to a sheet; refuse questions with a text longer than MAX_CELL_LENGTH."""
    exported = ExportedFile()
    kept = []
    for record in records:
        if any(len(cell) > MAX_CELL_LENGTH for cell in table.row(record).values()):
            text = f"One of its texts is longer than {MAX_CELL_LENGTH:,} characters, the limit of an Excel cell."
            exported.refused.append(Issue(record.line, record.name, text))
        else:
            kept.append(record)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Questions")
    names = table.header(kept)
    sheet.append(names)
    for record in kept:
        cells = table.row(record)
        sheet.append([_cell(sheet, cells.get(name, "")) for name in names])
    content = io.BytesIO()
    book.save(content)
    exported.content = content.getvalue()
    table.add_losses(exported, kept, read(exported.content))
    return exported


def _cell(sheet: Any, text: str) -> Any:
    """Return a text cell, so that no content becomes a formula."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if cell.value is not None:
        cell.data_type = "s"
    return cell
