"""Escape spreadsheet cells against CSV injection, so that no text is executed as a formula."""

import re

# FORMULA matches a text that a spreadsheet program could take for a formula; GUARD is the prefix that prevents it.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
GUARD = "'"


def escape_cell(text: str) -> str:
    """Return the text, prefixed with an apostrophe if a spreadsheet program could take it for a formula."""
    return GUARD + text if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def unescape_cell(text: str) -> str:
    """Return the text that was passed to `escape_cell`."""
    return text[1:] if text.startswith(GUARD) and FORMULA.match(text) else text
