"""What all formats share: text out of bytes, and code beneath a stem."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.content.item import Item
from questions.importexport import base


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encodings_that_say_what_they_are(encoding: str) -> None:
    assert base.decode("für\r\nalle\r".encode(encoding)) == "für\nalle\n"


def test_another_encoding_is_told_with_the_line() -> None:
    with pytest.raises(base.Unreadable, match=r"Line 2 is not in UTF-8\. Save the file as UTF-8"):
        base.decode("a\nfür".encode("latin-1"))


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(base.Unreadable, match="bytes that no text has"):
        base.decode(b"a\0b")


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(base.Unreadable, match="larger than 10 MB"):
        base.decode(b"a" * (base.MOST_BYTES + 1))


def test_more_questions_than_can_be_taken_are_told() -> None:
    reading = base.Reading()
    record = base.Record(Item(type="open", stem="?"))
    for _ in range(base.MOST_QUESTIONS):
        reading.add(record)
    with pytest.raises(base.Unreadable, match="more than 10,000 questions"):
        reading.refuse(1, "", "")


@given(st.text(), st.text(min_size=1), st.sampled_from(["", "python", "c++", "x-y"]))
def test_code_beneath_a_stem_is_found_again(stem: str, code: str, language: str) -> None:
    item = Item(type="open", stem=stem, code=code, code_language=language)
    assert base.split_code(base.with_code(item)) == (stem, code, language)


@given(st.text())
def test_a_stem_without_code_stays_as_it_is(stem: str) -> None:
    item = replace(Item(type="open", stem="?"), stem=stem)
    text, code, _language = base.split_code(base.with_code(item))
    assert (text, code) == (stem, "") or code


@pytest.mark.parametrize("text", ["```\nx\n```", "a\n\n```py\nx\n```\nmore", "a\n\n``\nx\n``", "a\n\n```\n```"])
def test_only_a_block_at_the_end_of_a_text_is_its_code(text: str) -> None:
    assert base.split_code(text) == (text, "", "")
