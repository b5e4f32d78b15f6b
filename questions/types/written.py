"""Short answer and numeric: a line of text, compared with accepted and with known wrong answers."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.item import Item, Option
from questions.types.base import (
    MAX_ANSWER_LENGTH,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    option_problems,
    weight_problems,
)
from questions.types.choice import clamped


class LineForm(AnswerForm):
    """Reads {"text": the line as typed}."""

    text = forms.CharField(
        required=False,
        max_length=MAX_ANSWER_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )

    def answer(self) -> Answer | None:
        text = self.cleaned_data["text"]
        return {"text": text} if text else None


class NumberForm(LineForm):
    """Reads {"text": the number as typed}; refuses what is not a number, and what two countries read differently."""

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if text and parse_number(text) is None:
            raise ValidationError(
                _("“%s” is not a number that can be read. Write digits with a point for decimals, such as 1000.5.")
                % text
            )
        return text


class Written(QuestionType):
    """What both types have in common: an answer {"text": str}, and options that an answer may meet."""

    template = "questions/types/line.html"
    review_template = "questions/types/line_review.html"
    form_class: type[AnswerForm] = LineForm

    def matched(self, item: Item, answer: Answer) -> int | None:
        """The index of the option that the answer meets, the heaviest first; None where it meets none."""
        meets = [index for index, option in enumerate(item.options) if self.meets(item, option, answer["text"])]
        return max(meets, key=lambda index: item.options[index].weight, default=None)

    def meets(self, item: Item, option: Option, text: str) -> bool:
        """Whether what was typed is this option."""
        raise TypeError(f"{type(self).__name__} compares no answers")

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> AnswerForm:
        return self.form_class(data, initial=answer)

    def grade(self, item: Item, answer: Answer) -> Grade:
        index = self.matched(item, answer)
        marks = tuple(True if place == index else None for place in range(len(item.options)))
        return Grade(clamped(item.options[index].weight) if index is not None else 0.0, marks)

    def key(self, item: Item) -> Answer:
        return {"text": max(item.options, key=lambda option: option.weight).text}

    def is_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"text"}:
            return False
        text = answer["text"]
        return isinstance(text, str) and bool(text.strip()) and len(text) <= MAX_ANSWER_LENGTH

    def words(self, item: Item, answer: Answer) -> str:
        return answer["text"]

    def order(self, item: Item, random: Random) -> list[int]:
        """Nothing is shown before the answer is in."""
        return []

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """The accepted answers and the known mistakes, in the author's order."""
        matched = self.matched(item, answer) if answer else None
        return [
            ReviewedOption(option, chosen=index == matched, right=option.weight > 0)
            for index, option in enumerate(item.options)
        ]


class ShortAnswer(Written):
    """A word or a short phrase; compared after NFKC, trimming and folding of white space, and by default of case."""

    name = "short_answer"
    label = gettext_lazy("Short answer")
    instruction = gettext_lazy("Write a word or a short phrase.")

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        if not any(option.weight == 1 for option in item.options):
            found.append(Problem("options", _("Short answer needs at least one accepted answer of weight 1.")))
        folded = [fold(option.text, case_sensitive=item.case_sensitive) for option in item.options]
        if len(set(folded)) < len(folded):
            found.append(Problem("options", _("Two answers are the same once case and white space are folded.")))
        return found

    def meets(self, item: Item, option: Option, text: str) -> bool:
        return fold(text, case_sensitive=item.case_sensitive) == fold(option.text, case_sensitive=item.case_sensitive)


class Numeric(Written):
    """A number; each option states its tolerance, absolute ("0.5") or relative to its value ("2%")."""

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

    def meets(self, item: Item, option: Option, text: str) -> bool:
        given, wanted = parse_number(text), parse_number(option.text)
        if given is None or wanted is None:
            return False
        tolerance = parse_tolerance(option.tolerance, wanted)
        return tolerance is not None and abs(given - wanted) <= tolerance


def fold(text: str, *, case_sensitive: bool) -> str:
    """The text in Unicode NFKC, trimmed, inner white space folded to one space, case folded unless it matters."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return text if case_sensitive else text.casefold()


def parse_number(text: str) -> Decimal | None:
    """The finite number that the text writes with a decimal point, or None; spaces and underscores may group digits."""
    digits = re.sub(r"(?<=\d)[\s_](?=\d)", "", unicodedata.normalize("NFKC", text).strip()).replace("−", "-")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", digits, re.IGNORECASE):
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def parse_tolerance(text: str, value: Decimal) -> Decimal | None:
    """The distance from `value` that still counts, never negative: 0 for an empty text, None for one that is neither a
    number nor a percentage of `value`."""
    text = text.strip()
    number = parse_number(text.removesuffix("%") or "0") if text else Decimal(0)
    if number is None or number < 0:
        return None
    return abs(value) * number / 100 if text.endswith("%") else number
