"""CSV and Excel: everything comes back, no formula goes out, and what is bad is told with its row."""

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

from questions.content.item import Item, Option
from questions.importexport import csv_table, excel
from questions.importexport.base import MOST_BYTES, Reading, Record, Unreadable
from questions.tests.importexport.strategies import records
from questions.tests.strategies import full_items, slugs

whole = st.builds(Record, full_items, topic=slugs, slug=slugs, task=st.sampled_from(["", "debug"]))
lists = st.lists(whole | records(), min_size=1, max_size=3)
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
    """The .xlsx file with parts replaced or added; names have __ for /."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {info.filename: old.read(info) for info in old.infolist()}
        for name, part in (parts | {key.replace("__", "/") + ".xml": value for key, value in changes.items()}).items():
            new.writestr(name, part)
    return content.getvalue()


@FORMATS
@settings(max_examples=60)
@given(found=lists)
def test_what_is_written_is_read_again_or_said_to_be_lost(kind, found: list[Record]) -> None:
    writing = kind.write(found)
    unkept = {remark.name for remark in [*writing.lost, *writing.refused]}
    reading = kind.read(writing.content)
    back = iter(reading.records)
    for record in found:
        if record.name not in unkept:
            assert record in back  # in the same order
    if not unkept:
        assert reading.records == found


def test_nothing_that_a_person_types_is_lost_in_csv() -> None:
    item = Item(type="open", stem=" =1+1\n\n\t@x ", code="'=x\n", explanation="'", holds_for="＝1")
    record = Record(item, topic="t", slug="-s")
    writing = csv_table.write([record])
    assert (writing.lost, writing.refused) == ([], [])
    assert csv_table.read(writing.content).records == [record]


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
def test_a_table_of_a_spreadsheet_program_is_read(delimiter: str, encoding: str) -> None:
    (record,) = csv_table.read((HEAD + ROW).replace(",", delimiter).replace("\n", "\r\n").encode(encoding)).records
    assert (record.slug, record.line, record.item.stem) == ("first", 2, "Which?")
    assert record.item.options == (Option("This", weight=1), Option("That"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,essay,Which?\n", "“essay” is no type: write one of single_choice"),
        ("a,single_choice,Which?,This,much\n", "“much” in the column “weight 1” is no number"),
        ("a,single_choice,Which?,This,1,That,0,more\n", "more cells than there are headings"),
        ("a,single_choice,Which?,This,1e9999\n", "is no number"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_kept(row: str, words: str) -> None:
    reading = csv_table.read((HEAD + ROW + row + ROW.replace("first", "last")).encode())
    assert [record.slug for record in reading.records] == ["first", "last"]
    assert [(remark.line, remark.name) for remark in reading.refused] == [(3, "a")]
    assert words in reading.refused[0].text


def test_lines_are_those_of_the_file_where_cells_hold_several() -> None:
    text = HEAD + 'a,open,"One\n\nline"\n' + "b,nothing,?\n"
    reading = csv_table.read(text.encode())
    assert (reading.records[0].line, reading.refused[0].line) == (2, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The table is empty"),
        ("\n,,\n", "The table is empty"),
        ("type,stem,colour\n", "there is no column “colour”. There are: topic, slug"),
        ("type,stem,Type\n", "the column “type” stands there twice"),
        ("type,slug\n", "the column “stem” is missing"),
        (HEAD + 'a,open,"x', "Is a quotation mark missing or alone?"),
        (HEAD + 'a,open,"x"y\n', "Line 2: the row cannot be told apart"),
        ("type,stem\nopen," + "x" * 200_000, "cannot be told apart"),
    ],
)
def test_what_is_no_table_of_questions_is_told(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words.replace("?", r"\?").replace("(", r"\(")):
        csv_table.read(text.encode())


def test_decimal_commas_and_yes_are_understood() -> None:
    text = "type;stem;option 1;weight 1;case_sensitive\nshort_answer;?;x;0,5;Yes\n"
    (record,) = csv_table.read(text.encode()).records
    assert (record.item.options[0].weight, record.item.case_sensitive) == (0.5, True)


@FORMATS
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_harm(kind, data: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(kind.read(data), Reading)


@given(st.data())
@settings(max_examples=40)
def test_no_damage_to_an_excel_file_does_harm(data: st.DataObject) -> None:
    spot = data.draw(st.integers(0, len(GOOD) - 1))
    with suppress(Unreadable):
        excel.read(GOOD[:spot] + data.draw(st.binary(min_size=1, max_size=8)) + GOOD[spot + 1 :])


class TestExcel:
    def test_numbers_and_truth_are_read_as_people_see_them(self) -> None:
        data = book(
            ["type", "stem", "option 1", "weight 1", "case_sensitive"],
            ["short_answer", 7, 3.0, 1, True],
            [],
            [None, " "],
        )
        (record,) = excel.read(data).records
        assert (record.item.stem, record.item.options[0].text, record.item.case_sensitive) == ("7", "3", True)
        assert record.line == 2

    def test_a_formula_is_refused_with_its_cell(self) -> None:
        reading = excel.read(book(["type", "stem"], ["open", "=1+1"], ["open", "Why?"]))
        assert [(remark.line, remark.text) for remark in reading.refused] == [
            (2, "Cell B2 holds a formula. Put its value there as a text.")
        ]
        assert [record.item.stem for record in reading.records] == ["Why?"]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"PK\x03\x04 cut off", "cut off, or no Excel table"),
            (book(["type", "stem"])[:-40], "cut off, or no Excel table"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "an old .xls file, or one with a password"),
            (b"slug,type\n", "cut off, or no Excel table"),
            (b"\0" * (MOST_BYTES + 1), "larger than 10 MB"),
        ],
        ids=["not-a-zip", "truncated", "old", "csv", "large"],
    )
    def test_what_is_no_excel_table_is_told(self, data: bytes, words: str) -> None:
        with pytest.raises(Unreadable, match=words):
            excel.read(data)

    def test_another_zip_is_told(self) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as new:
            new.writestr("a.txt", "x")
        with pytest.raises(Unreadable, match="no Excel table"):
            excel.read(content.getvalue())

    def test_a_bomb_is_not_unpacked(self) -> None:
        bomb = repacked(book(["type", "stem"]), xl__bomb=b"\0" * (excel.MOST_UNPACKED + 1))
        assert len(bomb) < 100_000
        with pytest.raises(Unreadable, match="Unpacked, the file is larger than 40 MB"):
            excel.read(bomb)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused(self, encoding: str) -> None:
        text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        with pytest.raises(Unreadable, match="declares XML entities"):
            excel.read(repacked(book(["type", "stem"]), xl__sharedStrings=text.encode(encoding)))

    def test_a_sheet_that_lies_about_its_size_is_read(self) -> None:
        def lie(made: Workbook) -> None:
            made.active.cell(60_000, 1, "open")
            made.active.cell(60_000, 2, "Last?")

        reading = excel.read(book(["type", "stem"], ["open", "First?"], change=lie))
        assert [(record.line, record.item.stem) for record in reading.records] == [(2, "First?"), (60_000, "Last?")]

    def test_more_than_a_cell_holds_is_refused_on_export(self) -> None:
        long, short = (Record(Item(type="open", stem="?", explanation="x" * n), slug=str(n)) for n in (40_000, 5))
        writing = excel.write([long, short])
        assert [remark.name for remark in writing.refused] == ["40000"]
        assert excel.read(writing.content).records == [short]

    def test_characters_that_no_sheet_holds_are_said_to_be_lost(self) -> None:
        record = Record(Item(type="open", stem="a\x01b"), slug="s")
        assert [remark.name for remark in excel.write([record]).lost] == ["s"]
        assert csv_table.write([record]).lost == []


def test_more_questions_than_can_be_taken_are_told() -> None:
    with pytest.raises(Unreadable, match="more than 10,000 questions"):
        csv_table.read((HEAD + ROW * 10_001).encode())


def test_an_empty_option_at_the_end_is_said_to_be_lost() -> None:
    item = Item(type="open", stem="?", follow_ups=("And then?", ""))
    assert len(csv_table.write([Record(item, slug="s")]).lost) == 1
    assert not csv_table.write([Record(replace(item, follow_ups=("And then?",)), slug="s")]).lost
