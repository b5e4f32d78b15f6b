"""How a typed answer is compared with an accepted one, and how a typed number is read; docs/grading.md has examples."""

import re
import unicodedata
from decimal import Decimal
from itertools import product

# Typographic characters that phones and word processors put in place of what was typed.
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′ʼ＇"), "'") | dict.fromkeys(map(ord, "“”„‟″«»＂"), '"')
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒−﹣－"), "-")
_LONG_DASHES = re.compile("[–—―]")  # what a phone makes of two hyphens, but people also use them for one
_WRAPPERS = (("`", "`"), ('"', '"'), ("'", "'"))
MAX_DASHES = 4  # beyond, long dashes are read as single hyphens only

_DIGITS = r"(?:[1-9]\d{0,2}(?:(?P<group>[ '_,.])\d{3})(?:(?P=group)\d{3})*|\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<whole>{_DIGITS})?(?:(?P<point>[.,])(?P<part>\d*))?(?P<exponent>[eE][+-]?\d{{1,3}})?"
)
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}(?:[eE][+-]?\d{1,3})?")


def texts_match(typed: str, accepted: str, *, case_sensitive: bool, lenient: bool = False) -> bool:
    """Return whether the typed text is the accepted one.

    Compared are the texts without invisible characters, with typographic quotes, dashes and spaces as on a keyboard,
    with white space folded and, unless `case_sensitive`, with case folded. `lenient` also disregards a final full stop,
    quotes or backticks around the whole, and an empty pair of parentheses at the end.
    """
    wanted = _forms(accepted, case_sensitive, lenient)
    return not wanted.isdisjoint(_forms(typed, case_sensitive, lenient))


def _forms(text: str, case_sensitive: bool, lenient: bool) -> set[str]:
    """Return the ways in which the text can be meant: a long dash stands for one hyphen or for two."""
    plain = normalized(text, case_sensitive=case_sensitive)
    pieces = _LONG_DASHES.split(plain)
    if len(pieces) - 1 > MAX_DASHES:
        found = {"-".join(pieces)}
    else:
        dashes = product(("-", "--"), repeat=len(pieces) - 1)
        found = {pieces[0] + "".join(map("".join, zip(chosen, pieces[1:], strict=True))) for chosen in dashes}
    return {_unwrapped(form) for form in found} if lenient else found


def normalized(text: str, *, case_sensitive: bool) -> str:
    """Return the text as it is compared; long dashes stay, since they can mean one hyphen or two."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    # Superscripts, fractions and circled numbers are characters of their own: x² is not x2.
    folded = "".join(
        char if unicodedata.category(char) == "No" else unicodedata.normalize("NFKC", char) for char in visible
    )
    plain = unicodedata.normalize("NFC", folded).translate(_QUOTES | _HYPHENS)
    plain = " ".join(plain.split())
    return plain if case_sensitive else fold_case(plain)


def fold_case(text: str) -> str:
    """Return the text with the case of all letters folded, a dotted capital I as an i like any other."""
    return unicodedata.normalize("NFC", text.casefold().replace("i\u0307", "i"))


def _unwrapped(text: str) -> str:
    """Return the text without what people put around an answer."""
    if text.endswith(".") and not text.endswith(".."):
        text = text[:-1].rstrip()
    for left, right in _WRAPPERS:
        if len(text) > 2 and text.startswith(left) and text.endswith(right) and left not in text[1:-1]:
            text = text[1:-1].strip()
            break
    if len(text) > 2 and text.endswith("()"):
        text = text[:-2].rstrip()
    return text


def parse_number(text: str) -> Decimal | None:
    """Return the number that the text writes, or None if it writes none or one that two countries read differently.

    Digits of any script count; a point or an unambiguous comma separates decimals; spaces, apostrophes, underscores,
    commas or points may group digits by three, if it is clear that they do.
    """
    plain = keyboard_number(text)
    found = _NUMBER.fullmatch(plain)
    if not found or _AMBIGUOUS.fullmatch(plain):
        return None
    whole, group, point, part = found["whole"] or "", found["group"], found["point"], found["part"] or ""
    if not whole and not part:
        return None
    if group == "." and point is None and whole.count(".") == 1:
        whole, _point, part = whole.partition(".")  # 1.234 has three decimals
        return _decimal(found["sign"], whole, part, found["exponent"])
    if group and group == point:
        return None
    return _decimal(found["sign"], re.sub(r"[ '_,.]", "", whole), part, found["exponent"])


def _decimal(sign: str, whole: str, part: str, exponent: str | None) -> Decimal:
    """Return the number of these parts."""
    return Decimal(f"{sign}{whole or 0}{part and f'.{part}'}{exponent or ''}")


def keyboard_number(text: str) -> str:
    """Return the text with digits, signs, apostrophes and spaces as on a keyboard."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf").strip()
    plain = visible.translate(_QUOTES | _HYPHENS | {ord("–"): "-", ord("＋"): "+", ord("．"): ".", ord("，"): ","})
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else " " if char.isspace() else char
        for char in plain
    )
