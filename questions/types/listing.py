"""The listing of a question whose answer is a selection of its lines: its lines, and what the options name."""

import re
from collections.abc import Sequence

from questions.content.item import Item

_NAMED = re.compile(r"\s*([0-9]{1,5})\s*(?:[-–]\s*([0-9]{1,5})\s*)?")


def lines_of(code: str) -> list[str]:
    """Return the lines of a listing, without empty ones at its end; an empty listing has none."""
    plain = re.sub(r"\r\n?", "\n", code).rstrip("\n")
    return plain.split("\n") if plain else []


def selectable_lines(item: Item) -> list[int]:
    """Return the numbers, from 1, of the lines that a candidate can select: those that are not blank."""
    return [number for number, line in enumerate(lines_of(item.code), 1) if line.strip()]


def named_lines(text: str) -> range | None:
    """Return the lines that an option names, such as "7" or "7-8"; None if it is neither a number nor a range."""
    found = _NAMED.fullmatch(text)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1) if 0 < first <= last else None


def option_by_line(item: Item) -> dict[int, int]:
    """Return the index of the option that names a line, for each line that can be selected and has one."""
    found: dict[int, int] = {}
    selectable = set(selectable_lines(item))
    for index, option in enumerate(item.options):
        found |= dict.fromkeys(selectable.intersection(named_lines(option.text) or ()), index)
    return found


def shares_of(item: Item) -> list[float]:
    """Return the share of the credit that each option earns, 0 for wrong ones; together they are 1."""
    weights = [max(0.0, option.weight) for option in item.options]
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def cost_of(shares: Sequence[float]) -> float:
    """Return what a wrong line costs: the smallest share of a right one; 0 if there is none."""
    return min((share for share in shares if share > 0), default=0.0)
