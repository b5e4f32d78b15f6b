"""Syntax shared by the GIFT reader and writer: escapes, text formats, weights and tags."""

import re
from decimal import Decimal

from questions.importexport.html_to_markdown import to_markdown

FORMATS = ("markdown", "html", "plain", "moodle")
FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]")
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,20})?)%", re.ASCII)
# Fields of Item, and the task of Record, that GIFT lacks; we write them as tags, which Moodle keeps.
TAGGED = ("difficulty", "seniority", "task", "holds_for")
CASE_SENSITIVE, EVEN_WEIGHTS, TRUE_FALSE = "case_sensitive:yes", "weights:even", "type:true_false"
FIND_LINES = "type:find_lines"
MODEL_ANSWER = "**Model answer**\n\n"
ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,255})\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]]){1,255})\]")

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_SPECIAL = re.compile(r"[\\~=#{}:\n]")
# Decoded text has no lone surrogates, so they can stand for escaped characters, which must not be parsed as marks.
_MASKS = {char: chr(0xDC00 + ord(char)) for char in "\\~=#{}:\n"}
_UNMASK = {ord(held): char for char, held in _MASKS.items()}


def mask_escapes(text: str) -> str:
    """Return the text with escaped characters replaced by surrogates, so that every remaining mark is syntax."""
    return _ESCAPE.sub(lambda found: _MASKS["\n" if found[1] == "n" else found[1]], text)


def unmask(text: str) -> str:
    """Return the text with the characters masked by `mask_escapes` restored, stripped as in Moodle."""
    return text.translate(_UNMASK).strip()


def parse_text(text: str, default: str) -> tuple[str, str]:
    """Return (text as Markdown, its format: named in the text or the default); raise ValueError as `to_markdown`."""
    found = FORMAT.match(text)
    markup = found[1] if found else default
    text = text[found.end() :] if found else text
    # Indentation is for the file's readability, but in Markdown it may mean code.
    lines = text if markup == "markdown" else "\n".join(line.strip() for line in text.split("\n"))
    return to_markdown(unmask(lines), markup).strip(), markup


def escape(text: str) -> str:
    """Return the text with GIFT's special characters escaped, on one line."""
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def to_weight(percent: str) -> float:
    """Return a percentage such as "50" as a weight; valid weights are in -1..1."""
    return float(Decimal(percent) / 100)


def to_percent(weight: float) -> str:
    """Return the weight as a percentage with at most five decimals, as Moodle stores it."""
    digits = f"{(Decimal(repr(weight)) * 100).quantize(Decimal('0.00001')):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def to_even_weights(weights: list[float]) -> list[float]:
    """Return 1/k for each of k right options and -1/m for each of m wrong ones, the meaning of weights 1 and 0."""
    right = sum(weight > 0 for weight in weights)
    wrong = len(weights) - right
    return [round(1 / right, 7) if weight > 0 else -round(1 / wrong, 7) for weight in weights]
