"""Escaped cells contain no formula and can be unescaped."""

from hypothesis import example, given
from hypothesis import strategies as st

from questions.content import spreadsheet_escape


@given(st.text())
@example("=1")
@example("'=1")
@example("-5")
@example("-5+1")
def test_an_escaped_text_is_no_formula_and_can_be_unescaped(text: str) -> None:
    escaped = spreadsheet_escape.escape_cell(text)
    assert (
        not escaped.startswith(("=", "+", "@", "\t", "\r", "＝")) and spreadsheet_escape.unescape_cell(escaped) == text
    )
    assert not escaped.startswith("-") or spreadsheet_escape.NUMBER.fullmatch(escaped)
