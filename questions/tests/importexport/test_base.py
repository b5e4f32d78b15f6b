"""Text decoding and code blocks below a stem, shared by all formats."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.content.item import Item
from questions.importexport import base


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_with_byte_order_mark_are_decoded(encoding: str) -> None:
    assert base.decode("für\r\nalle\r".encode(encoding)) == "für\nalle\n"


def test_other_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(base.UnreadableFile, match=r"Line 2 is not UTF-8\. Save the file as UTF-8"):
        base.decode("a\nfür".encode("latin-1"))


def test_binary_file_is_refused() -> None:
    with pytest.raises(base.UnreadableFile, match="not a text file"):
        base.decode(b"a\0b")


def test_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(base.UnreadableFile, match="larger than 10 MB"):
        base.decode(b"a" * (base.MAX_BYTES + 1))


def test_too_many_questions_are_refused() -> None:
    parsed = base.ParsedFile()
    record = base.Record(Item(type="open", stem="?"))
    for _ in range(base.MAX_QUESTIONS):
        parsed.add(record)
    with pytest.raises(base.UnreadableFile, match="more than 10,000 questions"):
        parsed.refuse(1, "", "")


@given(st.text(), st.text(min_size=1), st.sampled_from(["", "python", "c++", "x-y"]))
def test_code_below_a_stem_round_trips(stem: str, code: str, language: str) -> None:
    item = Item(type="open", stem=stem, code=code, code_language=language)
    assert base.split_code(base.stem_with_code(item)) == (stem, code, language)


@given(st.text())
def test_stem_without_code_is_unchanged(stem: str) -> None:
    item = replace(Item(type="open", stem="?"), stem=stem)
    text, code, _language = base.split_code(base.stem_with_code(item))
    assert (text, code) == (stem, "") or code


@pytest.mark.parametrize("text", ["```\nx\n```", "a\n\n```py\nx\n```\nmore", "a\n\n``\nx\n``", "a\n\n```\n```"])
def test_only_a_fenced_block_at_the_end_is_code(text: str) -> None:
    assert base.split_code(text) == (text, "", "")
