"""Excel: the table as an .xlsx file. Cells are texts, never formulas; a file is measured before it is unpacked."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from questions.importexport import table
from questions.importexport.base import MOST_BYTES, Reading, Record, Remark, Unreadable, Writing

MOST_UNPACKED = 40_000_000
MOST_PARTS = 1_000
LONGEST_CELL = 32_767
OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!ENTITY".encode("utf-16-le"))


def read(data: bytes) -> Reading:
    """The questions of the first sheet; raises Unreadable."""
    _check(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return table.read(_rows(book.worksheets[0]))
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # a damaged file makes openpyxl raise whatever its parts raise
        raise Unreadable("The file is damaged, or no Excel table. Save it as .xlsx and import it again.") from error


def _check(data: bytes) -> None:
    """Raises Unreadable for what is no .xlsx file, or one that would fill the memory."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it and import the parts.")
    if data.startswith(OLD_OR_LOCKED):
        raise Unreadable("This is an old .xls file, or one with a password. Save it as .xlsx without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            # What a part says of its own size is as far as it is read.
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                limit = MOST_UNPACKED // 1_000_000
                raise Unreadable(f"Unpacked, the file is larger than {limit} MB. Split it and import the parts.")
            if "xl/workbook.xml" not in parts.namelist():
                raise Unreadable("This is no Excel table. Save it as .xlsx and import it again.")
            if any(mark in parts.read(info) for info in infos for mark in DECLARATIONS):
                raise Unreadable("The file declares XML entities, which a table has no use for.")
    except Unreadable:
        raise
    except Exception as error:  # damage makes zipfile raise whatever it meets
        raise Unreadable("The file is cut off, or no Excel table. Save it as .xlsx and import it again.") from error


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and cells; a formula is told in the place of its cell's text."""
    sheet.reset_dimensions()  # what a file says of its own extent may be wrong
    for cells in sheet.iter_rows(max_col=table.MOST_COLUMNS + 1):
        number = next((cell.row for cell in cells if hasattr(cell, "row")), None)
        if number is None:
            continue
        yield (
            number,
            [table.FORMULA_AT + cell.coordinate if cell.data_type == "f" else _text(cell.value) for cell in cells],
        )


def _text(value: Any) -> str:
    """What a cell shows, as a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def write(records: Iterable[Record]) -> Writing:
    """The questions as a sheet; one whose texts no cell can hold is refused."""
    writing = Writing()
    found = []
    for record in records:
        if any(len(cell) > LONGEST_CELL for cell in table.row(record).values()):
            text = f"A cell holds at most {LONGEST_CELL:,} characters, and one of its texts is longer."
            writing.refused.append(Remark(record.line, record.name, text))
        else:
            found.append(record)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Questions")
    names = table.header(found)
    sheet.append(names)
    for record in found:
        cells = table.row(record)
        sheet.append([_cell(sheet, cells.get(name, "")) for name in names])
    content = io.BytesIO()
    book.save(content)
    writing.content = content.getvalue()
    table.note_losses(writing, found, read(writing.content))
    return writing


def _cell(sheet: Any, text: str) -> Any:
    """A cell that holds the text and is no formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if cell.value is not None:
        cell.data_type = "s"
    return cell
