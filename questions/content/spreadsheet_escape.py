"""Cells of tables that spreadsheet programs open: a text in one is never taken for a formula."""

import re

# What a spreadsheet program may take for a formula, and what is written before it so that it does not.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
GUARD = "'"


def escape_cell(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet program might take it for a formula."""
    return GUARD + text if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def unescape_cell(text: str) -> str:
    """The text that `escape_cell` was given."""
    return text[1:] if text.startswith(GUARD) and FORMULA.match(text) else text
