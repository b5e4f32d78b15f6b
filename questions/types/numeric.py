"""Numeric: a typed number with or without a unit, compared with accepted values and known mistakes."""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item, Option
from questions.types.base import (
    Answer,
    Order,
    Problem,
    option_problems,
    weight_problems,
)
from questions.types.short_answer import LineForm, TypedAnswer
from questions.types.typed_text import parse_number
from questions.types.units import InvalidUnits, Unit, find_unit, parse_units, plain_digits, read_quantity, split_unit


class NumberForm(LineForm):
    """Form for {"text": the number as typed}. It refuses texts that are no number or that are ambiguous between
    countries, and units that the question does not allow."""

    def __init__(self, units: Sequence[Unit], data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        super().__init__(data, initial=answer)
        self.units = units
        if units:
            message = _("You may add a unit: %(units)s. Without one, the number is in %(first)s.")
            self.fields["text"].help_text = message % self._unit_names()

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if text.strip() and read_quantity(text, self.units) is None:
            raise ValidationError(self._reason(text.strip()))
        return text

    def _reason(self, text: str) -> str:
        """Return why the text cannot be read, and what to write instead."""
        number, unit = split_unit(text)
        if parse_number(number) is None or not looks_like_unit(unit):
            message = _("“%s” is not a valid number. Write digits with a point for decimals, such as 1000.5.")
            return message % text
        if not self.units:
            return _("“%s” has a unit, and this question takes none. Write the number alone, such as 1000.5.") % text
        message = _(
            "“%(unit)s” is not a unit that this question takes. Write one of these: %(units)s. "
            "Without a unit, the number is in %(first)s."
        )
        return message % ({"unit": unit} | self._unit_names())

    def _unit_names(self) -> dict[str, str]:
        return {"units": ", ".join(unit.name for unit in self.units), "first": self.units[0].name}


class Numeric(TypedAnswer):
    """A number, in the first unit of the question if it has units. Each option states its tolerance, absolute ("0.5")
    or relative to its value ("2%")."""

    name = "numeric"
    label = gettext_lazy("Number")
    option_fields = ("weight", "tolerance")
    instruction = gettext_lazy("Write a number.")

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        try:
            parse_units(item.units)
        except InvalidUnits as problem:
            found.append(Problem("units", str(problem)))
        if not any(option.weight == 1 for option in item.options):
            found.append(Problem("options", _("A number question needs at least one accepted value of weight 1.")))
        for option in item.options:
            if parse_number(option.text) is None:
                found.append(Problem("options", self._no_number(item, option)))
            elif parse_tolerance(option.tolerance, Decimal(1)) is None:
                message = _("“%s” is not a valid tolerance. Write a number such as 0.5, or a percentage such as 2%%.")
                found.append(Problem("options", message % option.tolerance))
        return found

    def _no_number(self, item: Item, option: Option) -> str:
        if units := units_of(item):
            names = {"text": option.text, "first": units[0].name}
            return _("“%(text)s” is not a number. Write it in %(first)s, without the unit.") % names
        return _("“%s” is not a number.") % option.text

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> NumberForm:
        return NumberForm(units_of(item), data, answer)

    def matches(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        given, wanted = read_quantity(text, units_of(item)), parse_number(option.text)
        if given is None or wanted is None:
            return False
        tolerance = parse_tolerance(option.tolerance, wanted)
        return tolerance is not None and abs(given - wanted) <= tolerance

    def option_label(self, item: Item, option: Option) -> str:
        """Return the value with the first unit, in which it counts."""
        units = units_of(item)
        return f"{option.text} {units[0].name}" if units else option.text

    def grading_note(self, item: Item, answer: Answer) -> str:
        """Return which option the typed answer matches, and which value its unit makes of it."""
        note, units, text = super().grading_note(item, answer), units_of(item), answer["text"]
        value = read_quantity(text, units)
        if value is None or parse_number(text) is not None:
            return note
        read = {"value": plain_digits(value), "first": units[0].name}
        return _("It counts as %(value)s %(first)s.") % read + f" {note}"

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the same answer, or None if the units of the new version make something else of it."""
        before, after, text = units_of(old), units_of(new), answer["text"]
        if read_quantity(text, before) is None:
            return answer
        if read_quantity(text, after) is None:
            return None
        first = find_unit(before[0].name, after) if before else None
        is_same = first is not None and first.size == 1
        return answer if is_same or not (before and after) or parse_number(text) is None else None


def units_of(item: Item) -> tuple[Unit, ...]:
    """Return the units that answers may have; none if their list cannot be read, which is a problem of the item."""
    try:
        return parse_units(item.units)
    except InvalidUnits:
        return ()


def looks_like_unit(text: str) -> bool:
    """Return whether the text starts like a unit rather than like the rest of a number such as 3 4, 1/2 or 10²."""
    return text[:1] in ("%", "‰", "'", '"') or unicodedata.category(text[:1] or " ") in ("Ll", "Lu", "Lo", "Sc", "So")


def parse_tolerance(text: str, value: Decimal) -> Decimal | None:
    """Return the accepted distance from `value`: 0 for an empty text, None if the text is no number or percentage, or
    is negative."""
    text = text.strip()
    number = parse_number(text.removesuffix("%") or "0") if text else Decimal(0)
    if number is None or number < 0:
        return None
    return abs(value) * number / 100 if text.endswith("%") else number
