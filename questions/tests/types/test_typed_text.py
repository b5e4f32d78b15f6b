"""Typed answers are compared fairly, and docs/grading.md says how: the table there is the test."""

import re
import string
from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Item, Option
from questions.types.typed_text import parse_number, texts_match

ROW = re.compile(
    r"^\| `([^`]+)` \| (text|number)(?:, ([^|]+))? \| `([^`]+)` \| (right|wrong|refused) \|$", re.MULTILINE
)
ROWS = ROW.findall((settings.BASE_DIR / "docs" / "grading.md").read_text())
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad"


def readable(text: str) -> str:
    """The text of a table cell, with its invisible characters."""
    return re.sub(r"<([0-9A-F]{4})>", lambda found: chr(int(found[1], 16)), text)


def outcome(accepted: str, kind: str, option: str, typed: str) -> str:
    """What a candidate sees after typing the answer."""
    item = Item(
        type="short_answer" if kind == "text" else "numeric",
        stem="?",
        case_sensitive=option == "case matters",
        units=option.removeprefix("units ") if option.startswith("units ") else "",
        options=(Option(accepted, weight=1, tolerance=option.removeprefix("±") if option.startswith("±") else ""),),
    )
    question_type = types.get(item.type)
    form = question_type.form(item, [], {"text": typed})
    if not form.is_valid():
        return "refused"
    answer = form.answer()
    assert answer is not None
    return "right" if question_type.grade(item, answer).fraction == 1 else "wrong"


def test_the_table_is_read() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize(("accepted", "kind", "option", "typed", "expected"), ROWS)
def test_the_documented_outcome(accepted: str, kind: str, option: str, typed: str, expected: str) -> None:
    assert outcome(readable(accepted), kind, option, readable(typed)) == expected


PLAIN = st.text(string.ascii_letters + string.digits + "_./:=+ ", min_size=1).filter(str.strip)


@given(PLAIN, st.lists(st.tuples(st.integers(0, 50), st.sampled_from(INVISIBLE))))
def test_invisible_characters_never_matter(text: str, inserted: list[tuple[int, str]]) -> None:
    typed = text
    for place, char in inserted:
        typed = typed[:place] + char + typed[place:]
    assert texts_match(typed, text, case_sensitive=True)


@given(st.text(), st.text(), st.booleans(), st.booleans())
def test_comparing_is_symmetric_and_every_text_is_itself(one: str, other: str, case: bool, lenient: bool) -> None:
    assert texts_match(one, one, case_sensitive=case, lenient=lenient)
    found = texts_match(one, other, case_sensitive=case, lenient=lenient)
    assert found == texts_match(other, one, case_sensitive=case, lenient=lenient)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=3))
def test_a_plainly_written_number_is_that_number(number: Decimal) -> None:
    assert parse_number(f"{number:f}") == number


@given(st.integers(1000, 10**12), st.sampled_from([" ", "\u2009", "\u202f", "\u00a0", "'", "’", "_"]))
def test_grouped_thousands_are_that_number(number: int, separator: str) -> None:
    assert parse_number(f"{number:,}".replace(",", separator)) == number


@given(st.text(max_size=30))
def test_no_text_breaks_the_parser(text: str) -> None:
    number = parse_number(text)
    assert number is None or number.is_finite()
