"""Lines to find as multiple choice, for formats without such a type: an option for each line that the author names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from questions.content.item import Item, Option
from questions.importexport.gift import text as gift
from questions.types.listing import cost_of, lines_of, named_lines, shares_of

_TEXT = re.compile(r"Lines? ([0-9]+(?:\s*[-–]\s*[0-9]+)?)(?:: .*)?", re.DOTALL)


def as_options(item: Item) -> tuple[Option, ...]:
    """Return the options with texts that name lines in words, and weights that other programs can add up.

    Raise ValueError if an option does not name a line of the code.
    """
    shares = shares_of(item) if _has_equal_shares(item) else [option.weight for option in item.options]
    weights = [share if share > 0 else -cost_of(shares) for share in shares]
    return tuple(
        replace(option, text=_text(item, option), weight=round(weight, 7))
        for option, weight in zip(item.options, weights, strict=True)
    )


def _has_equal_shares(item: Item) -> bool:
    return all(option.weight in (0, 1) for option in item.options)


def _text(item: Item, option: Option) -> str:
    """Return the option's text, such as "Lines 7-8: `return None`"; raise ValueError if it names no line."""
    lines, named = lines_of(item.code), named_lines(option.text)
    if named is None or named[-1] > len(lines):
        raise ValueError(f"“{option.text[:40]}” is not a line of its code. Fix it first.")
    words = f"{'Line' if len(named) == 1 else 'Lines'} {option.text.strip()}"
    code = lines[named[0] - 1].strip()
    return words if not code or "`" in code else f"{words}: `{code}`"


def tags_of(item: Item) -> list[str]:
    """Return the tags by which `from_options` knows the type and equal shares."""
    return [gift.FIND_LINES, *[gift.EVEN_WEIGHTS] * _has_equal_shares(item)]


def from_options(options: Sequence[Option], tags: Sequence[str]) -> tuple[Option, ...] | None:
    """Return the options of lines to find, as `as_options` wrote them; None if they are those of another type."""
    found = [_TEXT.fullmatch(option.text) for option in options]
    if gift.FIND_LINES not in tags or not all(found):
        return None
    is_even = gift.EVEN_WEIGHTS in tags
    return tuple(
        replace(option, text=match[1], weight=float(option.weight > 0) if is_even else max(0.0, option.weight))
        for option, match in zip(options, found, strict=True)
        if match
    )
