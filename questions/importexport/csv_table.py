"""Import and export of CSV files: the question table as text separated by commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterable, Iterator

from questions.importexport import table
from questions.importexport.base import ExportedFile, ParsedFile, Record, UnreadableFile, decode

DELIMITERS = ",;\t"


def read(data: bytes) -> ParsedFile:
    """Read the questions of a CSV file; raise UnreadableFile."""
    return table.read(_rows(decode(data)))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) for each row, with the line where it starts; raise UnreadableFile."""
    header = text.lstrip().partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count), strict=True)
    line = 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise UnreadableFile(
                f"Line {line}: the row cannot be split into cells ({error}). Check the quotation marks."
            ) from None
        if cells is None:
            return
        yield line, cells
        line = rows.line_num + 1


def write(records: Iterable[Record]) -> ExportedFile:
    """Write the questions as comma-separated CSV in UTF-8 with a byte order mark, so that Excel detects it."""
    records = list(records)
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, table.header(records), quoting=csv.QUOTE_ALL)
    rows.writeheader()
    rows.writerows(table.row(record) for record in records)
    exported = ExportedFile(text.getvalue().encode("utf-8-sig"))
    table.add_losses(exported, records, read(exported.content))
    return exported
