"""CSV: the table as text, with a comma, a semicolon or a tab between the cells."""

import csv
import io
from collections.abc import Iterable, Iterator

from questions.importexport import table
from questions.importexport.base import Reading, Record, Unreadable, Writing, decode

DELIMITERS = ",;\t"


def read(data: bytes) -> Reading:
    """The questions of a CSV file; raises Unreadable."""
    return table.read(_rows(decode(data)))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; raises Unreadable."""
    heading = text.lstrip().partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=heading.count), strict=True)
    line = 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise Unreadable(
                f"Line {line}: the row cannot be told apart into cells ({error}). Is a quotation mark missing or alone?"
            ) from None
        if cells is None:
            return
        yield line, cells
        line = rows.line_num + 1


def write(records: Iterable[Record]) -> Writing:
    """The questions as CSV with commas, in UTF-8 with the mark by which spreadsheet programs know it."""
    found = list(records)
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, table.header(found), quoting=csv.QUOTE_ALL)
    rows.writeheader()
    rows.writerows(table.row(record) for record in found)
    writing = Writing(text.getvalue().encode("utf-8-sig"))
    table.note_losses(writing, found, read(writing.content))
    return writing
