"""What reading and writing GIFT have in common: escapes, text formats, weights, tags."""

import re
from decimal import Decimal

from questions.importexport.html_to_markdown import to_markdown

FORMATS = ("markdown", "html", "plain", "moodle")
FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]")
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,20})?)%", re.ASCII)
# Fields of an Item that GIFT has no place for and Moodle keeps as tags; "task" belongs to the Record.
TAGGED = ("difficulty", "seniority", "task", "holds_for")
CASE_SENSITIVE, EVEN_WEIGHTS, TRUE_FALSE = "case_sensitive:yes", "weights:even", "type:true_false"
MODEL_ANSWER = "**Model answer**\n\n"
ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,255})\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]]){1,255})\]")

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_SPECIAL = re.compile(r"[\\~=#{}:\n]")
# An escaped character is held as a lone surrogate, which no decoded text has, so that it is never taken for a mark.
_HELD = {char: chr(0xDC00 + ord(char)) for char in "\\~=#{}:\n"}
_REVEAL = {ord(held): char for char, held in _HELD.items()}


def hold(text: str) -> str:
    """The text with each escaped character held as one that is no mark; unescaped line ends stay where they are."""
    return _ESCAPE.sub(lambda found: _HELD["\n" if found[1] == "n" else found[1]], text)


def reveal(text: str) -> str:
    """The text that people mean: characters held by `hold` as themselves, white space at the ends cut as in Moodle."""
    return text.translate(_REVEAL).strip()


def to_text(text: str, default: str) -> tuple[str, str]:
    """The text in Markdown, and the format that it names or the default one; raises ValueError as `to_markdown`."""
    found = FORMAT.match(text)
    markup = found[1] if found else default
    text = text[found.end() :] if found else text
    # The author of a file indents its lines to make it readable; in Markdown indented lines may be code.
    lines = text if markup == "markdown" else "\n".join(line.strip() for line in text.split("\n"))
    return to_markdown(reveal(lines), markup).strip(), markup


def escape(text: str) -> str:
    """The text as GIFT writes it, on one line."""
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def to_weight(percent: str) -> float:
    """The weight, -1..1 when it is sound, that a percentage stands for."""
    return float(Decimal(percent) / 100)


def to_percent(weight: float) -> str:
    """The weight in percent with at most five decimals, as Moodle keeps them."""
    digits = f"{(Decimal(repr(weight)) * 100).quantize(Decimal('0.00001')):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def even_weights(weights: list[float]) -> list[float]:
    """What weights of 0 and 1 stand for: 1/k for each of k right options, -1/m for each of m wrong ones."""
    right = sum(weight > 0 for weight in weights)
    wrong = len(weights) - right
    return [round(1 / right, 7) if weight > 0 else -round(1 / wrong, 7) for weight in weights]
