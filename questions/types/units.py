"""Units of numeric questions: which ones an answer may have, and what they are worth; docs/grading.md has examples."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from questions.types.typed_text import fold_case, keyboard_number, normalized, parse_number

# Signs that keyboards offer in place of others; NFKC would make a letter of the first.
_SIGNS = str.maketrans("º˚٪", "°°%")
_NUMBER = r"[+-]?[0-9 '_,.]*[0-9][.,]?(?:[eE][+-]?[0-9]{1,3})?"
_NUMBER_FIRST = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>.*)", re.DOTALL)
_UNIT_FIRST = re.compile(rf"(?P<unit>[^0-9]*?)(?P<number>{_NUMBER})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its author writes it; `size` is what one of it is worth in the question's first unit."""

    name: str
    size: Decimal


class InvalidUnits(ValueError):
    """A list of units cannot be read; the message says why and how to fix it."""


def parse_units(text: str) -> tuple[Unit, ...]:
    """Return the units of a list such as "ms, milliseconds = ms, s = 1000 ms"; raise InvalidUnits.

    The first unit is the one that options count in. Every other one says what it is worth: a number in the first unit,
    a number in a unit before it, or just the name of one.
    """
    units: list[Unit] = []
    for part in filter(str.strip, re.split("[,;\n]", text)):
        name, equals, size = (" ".join(piece.split()) for piece in part.partition("="))
        _check_name(name)
        if any(_folded(name) == _folded(unit.name) for unit in units):
            raise InvalidUnits(_("The unit “%s” is listed twice.") % name)
        units.append(Unit(name, _size(name, size, units) if units or equals else Decimal(1)))
    return tuple(units)


def _check_name(name: str) -> None:
    """Raise InvalidUnits if a number in front of the name would not end where the name begins."""
    if split_unit(f"1{name}") != ("1", keyboard_number(name)) or not _folded(name):
        raise InvalidUnits(
            _(
                "“%s” cannot be a unit. Start a unit with a letter or a symbol, and write numbers "
                "without commas: s = 1000."
            )
            % name
        )


def _size(name: str, text: str, units: Sequence[Unit]) -> Decimal:
    """Return what the unit is worth, given the units before it; raise InvalidUnits."""
    if not units:
        if parse_number(text) == 1:
            return Decimal(1)
        raise InvalidUnits(_("“%s” is the first unit, which the options use. Write it without a number.") % name)
    same = find_unit(text, units)
    size = same.size if same else read_quantity(text, units)
    if size is None or size <= 0:
        example = {"unit": name, "first": units[0].name}
        raise InvalidUnits(
            _(
                "Define “%(unit)s”: for example, “%(unit)s = 1000 %(first)s”, or “%(unit)s = "
                "%(first)s” for another name of the same unit."
            )
            % example
        )
    return size


def read_quantity(text: str, units: Sequence[Unit]) -> Decimal | None:
    """Return the number that the text writes, in the first unit; None if it cannot be read or its unit is not one of
    these. A number without a unit is in the first."""
    if (bare := parse_number(text)) is not None:
        return bare
    number, name = split_unit(text)
    unit, value = find_unit(name, units), parse_number(number)
    return None if unit is None or value is None else value * unit.size


def split_unit(text: str) -> tuple[str, str]:
    """Return number and unit of a text such as "250 ms" or "$ 5", as on a keyboard; the number is empty if there is
    none."""
    plain = keyboard_number(text)
    found = _NUMBER_FIRST.fullmatch(plain) or _UNIT_FIRST.fullmatch(plain)
    return (found["number"].strip(), found["unit"].strip()) if found else ("", plain)


def find_unit(name: str, units: Sequence[Unit]) -> Unit | None:
    """Return the unit with this name: exactly, or else whatever the case of its letters if only one size can be
    meant."""
    wanted = _folded(name)
    found = [unit for unit in units if _folded(unit.name) == wanted] or [
        unit for unit in units if fold_case(_folded(unit.name)) == fold_case(wanted)
    ]
    return found[0] if len({unit.size for unit in found}) == 1 else None


def _folded(name: str) -> str:
    """Return the name as it is compared: without white space and a final full stop, with signs as on a keyboard."""
    plain = normalized(keyboard_number(name.translate(_SIGNS)), case_sensitive=True)
    return "".join(plain.split()).removesuffix(".")


def format_units(units: Sequence[Unit]) -> str:
    """Return the list as an author would write it: the names of the same unit refer to the first of them."""
    parts = [unit.name for unit in units[:1]]
    for number, unit in enumerate(units[1:], 1):
        same = next((other.name for other in units[:number] if other.size == unit.size), "")
        parts.append(f"{unit.name} = {same or f'{plain_digits(unit.size)} {units[0].name}'}")
    return ", ".join(parts)


def plain_digits(number: Decimal) -> str:
    """Return the number without an exponent and without needless zeros."""
    return f"{number.normalize():f}"
