"""Numeric: a typed number, compared with accepted values and known mistakes."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item, Option
from questions.types.base import (
    Problem,
    option_problems,
    weight_problems,
)
from questions.types.short_answer import LineForm, TypedAnswer
from questions.types.typed_text import parse_number


class NumberForm(LineForm):
    """Form for {"text": the number as typed}. It refuses texts that are no number or that are ambiguous between
    countries."""

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if text and parse_number(text) is None:
            raise ValidationError(
                _("“%s” is not a number that can be read. Write digits with a point for decimals, such as 1000.5.")
                % text
            )
        return text


class Numeric(TypedAnswer):
    """A number. Each option states its tolerance, absolute ("0.5") or relative to its value ("2%")."""

    name = "numeric"
    label = gettext_lazy("Number")
    option_fields = ("weight", "tolerance")
    instruction = gettext_lazy("Write a number.")
    form_class = NumberForm

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        if not any(option.weight == 1 for option in item.options):
            found.append(Problem("options", _("A number question needs at least one accepted value of weight 1.")))
        for option in item.options:
            if parse_number(option.text) is None:
                found.append(Problem("options", _("“%s” is not a number.") % option.text))
            elif parse_tolerance(option.tolerance, Decimal(1)) is None:
                message = _("“%s” is no tolerance: write a number such as 0.5, or a percentage such as 2%%.")
                found.append(Problem("options", message % option.tolerance))
        return found

    def matches(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        given, wanted = parse_number(text), parse_number(option.text)
        if given is None or wanted is None:
            return False
        tolerance = parse_tolerance(option.tolerance, wanted)
        return tolerance is not None and abs(given - wanted) <= tolerance


def parse_tolerance(text: str, value: Decimal) -> Decimal | None:
    """Return the accepted distance from `value`: 0 for an empty text, None if the text is no number or percentage, or
    is negative."""
    text = text.strip()
    number = parse_number(text.removesuffix("%") or "0") if text else Decimal(0)
    if number is None or number < 0:
        return None
    return abs(value) * number / 100 if text.endswith("%") else number
