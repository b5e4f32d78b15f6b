"""CSV and Excel import and export: round trips, no formulas, and invalid rows refused with their line."""

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from questions.content.item import FollowUpQuestion, Item, Option
from questions.importexport import csv_table, excel
from questions.importexport.base import MAX_BYTES, ParsedFile, Record, UnreadableFile
from questions.tests.importexport.strategies import records
from questions.tests.strategies import full_items, slugs

full_records = st.builds(Record, full_items, topic=slugs, slug=slugs, task=st.sampled_from(["", "debug"]))
lists = st.lists(full_records | records(), min_size=1, max_size=3)
HEAD = "slug,type,stem,option 1,weight 1,option 2,weight 2\n"
ROW = "first,single_choice,Which?,This,1,That,0\n"
FORMATS = pytest.mark.parametrize("kind", [csv_table, excel], ids=["csv", "xlsx"])


def book(*rows: list, change: Callable[[Workbook], None] | None = None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if change:
        change(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


GOOD = book(HEAD.strip().split(","), ROW.strip().split(","))


def repacked(data: bytes, **changes: bytes) -> bytes:
    """Return the .xlsx file with parts replaced or added; `__` in a keyword stands for `/`."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {info.filename: old.read(info) for info in old.infolist()}
        for name, part in (parts | {key.replace("__", "/") + ".xml": value for key, value in changes.items()}).items():
            new.writestr(name, part)
    return content.getvalue()


@FORMATS
@given(found=lists)
def test_records_round_trip_or_are_reported(kind, found: list[Record]) -> None:
    exported = kind.write(found)
    incomplete = {issue.name for issue in [*exported.losses, *exported.refused]}
    parsed = kind.read(exported.content)
    back = iter(parsed.records)
    for record in found:
        if record.name not in incomplete:
            assert record in back  # in the same order
    if not incomplete:
        assert parsed.records == found


def test_csv_keeps_spaces_quotes_and_formula_characters() -> None:
    item = Item(type="open", stem=" =1+1\n\n\t@x ", code="'=x\n", explanation="'", holds_for="＝1")
    record = Record(item, topic="t", slug="-s")
    exported = csv_table.write([record])
    assert (exported.losses, exported.refused) == ([], [])
    assert csv_table.read(exported.content).records == [record]


@FORMATS
def test_no_formula_is_written(kind) -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    item = Item(type="single_choice", stem=evil, options=(Option(evil, weight=1, feedback=evil), Option("@SUM(1)")))
    content = kind.write([Record(item, topic="t", slug="s")]).content
    if kind is csv_table:
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)
        cells = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    assert len([cell for cell in cells if cell.startswith("'=")]) == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_with_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    (record,) = csv_table.read((HEAD + ROW).replace(",", delimiter).replace("\n", "\r\n").encode(encoding)).records
    assert (record.slug, record.line, record.item.stem) == ("first", 2, "Which?")
    assert record.item.options == (Option("This", weight=1), Option("That"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,essay,Which?\n", "Unknown question type “essay”. Use one of single_choice"),
        ("a,single_choice,Which?,This,much\n", "“much” in the column “weight 1” is not a number"),
        ("a,single_choice,Which?,This,1,That,0,more\n", "more cells than the header"),
        ("a,single_choice,Which?,This,1e9999\n", "is not a number"),
    ],
)
def test_invalid_row_is_refused_and_the_others_are_kept(row: str, message: str) -> None:
    parsed = csv_table.read((HEAD + ROW + row + ROW.replace("first", "last")).encode())
    assert [record.slug for record in parsed.records] == ["first", "last"]
    assert [(issue.line, issue.name) for issue in parsed.refused] == [(3, "a")]
    assert message in parsed.refused[0].text


def test_lines_are_counted_across_multiline_cells() -> None:
    text = HEAD + 'a,open,"One\n\nline"\n' + "b,nothing,?\n"
    parsed = csv_table.read(text.encode())
    assert (parsed.records[0].line, parsed.refused[0].line) == (2, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The table is empty"),
        ("\n,,\n", "The table is empty"),
        ("type,stem,colour\n", "unknown column “colour”. Known columns: topic, slug"),
        ("type,stem,Type\n", "the column “type” appears twice"),
        ("type,slug\n", "the column “stem” is missing"),
        (HEAD + 'a,open,"x', "Check the quotation marks"),
        (HEAD + 'a,open,"x"y\n', "Line 2: the row cannot be split into cells"),
        ("type,stem\nopen," + "x" * 200_000, "cannot be split into cells"),
    ],
)
def test_other_tables_are_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message.replace("?", r"\?").replace("(", r"\(")):
        csv_table.read(text.encode())


def test_decimal_comma_and_yes_are_read() -> None:
    text = "type;stem;option 1;weight 1;case_sensitive\nshort_answer;?;x;0,5;Yes\n"
    (record,) = csv_table.read(text.encode()).records
    assert (record.item.options[0].weight, record.item.case_sensitive) == (0.5, True)


@FORMATS
def test_units_are_kept(kind) -> None:
    item = Item("numeric", "How long?", units="%, per cent = %", options=(Option("250", 1.0),))
    exported = kind.write([Record(item, topic="t", slug="s")])
    assert (exported.losses, kind.read(exported.content).records[0].item) == ([], item)


def test_table_without_a_column_for_units_is_read() -> None:
    (record,) = csv_table.read(b"type,stem,option 1,weight 1\nnumeric,How long?,250,1\n").records
    assert record.item.units == ""


@FORMATS
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_can_be_read(kind, data: bytes) -> None:
    with suppress(UnreadableFile):
        assert isinstance(kind.read(data), ParsedFile)


@given(st.data())
@settings(max_examples=40)
def test_damaged_excel_file_raises_only_unreadable_file(data: st.DataObject) -> None:
    spot = data.draw(st.integers(0, len(GOOD) - 1))
    with suppress(UnreadableFile):
        excel.read(GOOD[:spot] + data.draw(st.binary(min_size=1, max_size=8)) + GOOD[spot + 1 :])


class TestExcel:
    def test_numbers_and_booleans_are_read_as_excel_shows_them(self) -> None:
        data = book(
            ["type", "stem", "option 1", "weight 1", "case_sensitive"],
            ["short_answer", 7, 3.0, 1, True],
            [],
            [None, " "],
        )
        (record,) = excel.read(data).records
        assert (record.item.stem, record.item.options[0].text, record.item.case_sensitive) == ("7", "3", True)
        assert record.line == 2

    def test_formula_is_refused_with_its_cell(self) -> None:
        parsed = excel.read(book(["type", "stem"], ["open", "=1+1"], ["open", "Why?"]))
        assert [(issue.line, issue.text) for issue in parsed.refused] == [
            (2, "Cell B2 has a formula. Replace it with its value as text.")
        ]
        assert [record.item.stem for record in parsed.records] == ["Why?"]

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"PK\x03\x04 cut off", "damaged or not an Excel file"),
            (book(["type", "stem"])[:-40], "damaged or not an Excel file"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "an old .xls file or has a password"),
            (b"slug,type\n", "damaged or not an Excel file"),
            (b"\0" * (MAX_BYTES + 1), "larger than 10 MB"),
        ],
        ids=["not-a-zip", "truncated", "old", "csv", "large"],
    )
    def test_other_files_are_refused(self, data: bytes, message: str) -> None:
        with pytest.raises(UnreadableFile, match=message):
            excel.read(data)

    def test_other_zip_is_refused(self) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as new:
            new.writestr("a.txt", "x")
        with pytest.raises(UnreadableFile, match="not an Excel file"):
            excel.read(content.getvalue())

    def test_zip_bomb_is_not_unpacked(self) -> None:
        bomb = repacked(book(["type", "stem"]), xl__bomb=b"\0" * (excel.MAX_UNPACKED_BYTES + 1))
        assert len(bomb) < 100_000
        with pytest.raises(UnreadableFile, match="Unpacked, the file is larger than 40 MB"):
            excel.read(bomb)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused(self, encoding: str) -> None:
        text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        with pytest.raises(UnreadableFile, match="declares XML entities"):
            excel.read(repacked(book(["type", "stem"]), xl__sharedStrings=text.encode(encoding)))

    def test_sheet_with_wrong_dimensions_is_read(self) -> None:
        def add_far_row(made: Workbook) -> None:
            made.active.cell(60_000, 1, "open")
            made.active.cell(60_000, 2, "Last?")

        parsed = excel.read(book(["type", "stem"], ["open", "First?"], change=add_far_row))
        assert [(record.line, record.item.stem) for record in parsed.records] == [(2, "First?"), (60_000, "Last?")]

    def test_text_that_is_too_long_for_a_cell_is_refused(self) -> None:
        long, short = (Record(Item(type="open", stem="?", explanation="x" * n), slug=str(n)) for n in (40_000, 5))
        exported = excel.write([long, short])
        assert [issue.name for issue in exported.refused] == ["40000"]
        assert excel.read(exported.content).records == [short]

    def test_characters_that_excel_cannot_store_are_reported_as_lost(self) -> None:
        record = Record(Item(type="open", stem="a\x01b"), slug="s")
        assert [issue.name for issue in excel.write([record]).losses] == ["s"]
        assert csv_table.write([record]).losses == []


def test_too_many_questions_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="more than 10,000 questions"):
        csv_table.read((HEAD + ROW * 10_001).encode())


def test_empty_last_part_is_reported_as_lost() -> None:
    item = Item(type="open", stem="?", follow_ups=(FollowUpQuestion("And then?"), FollowUpQuestion("")))
    assert len(csv_table.write([Record(item, slug="s")]).losses) == 1
    item = replace(item, follow_ups=(FollowUpQuestion("And then?", "It *stops*.\n\n    stop()"),))
    exported = csv_table.write([Record(item, slug="s")])
    assert not exported.losses
    assert csv_table.read(exported.content).records[0].item == item
