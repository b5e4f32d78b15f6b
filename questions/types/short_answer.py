"""Short answer: a typed line of text, compared with accepted answers and known mistakes."""

import unicodedata
from collections.abc import Mapping
from random import Random
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item, Option
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
from questions.types.choice import clamp


class LineForm(AnswerForm):
    """Form for {"text": the line as typed}."""

    text = forms.CharField(
        required=False,
        max_length=MAX_ANSWER_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )

    def answer(self) -> Answer | None:
        text = self.cleaned_data["text"]
        return {"text": text} if text else None


class TypedAnswer(QuestionType):
    """Base class of short answer and numeric: an answer is {"text": str}, which is compared with the options."""

    template = "questions/types/line.html"
    review_template = "questions/types/line_review.html"
    form_class: type[AnswerForm] = LineForm

    def matched_option(self, item: Item, answer: Answer) -> int | None:
        """Return the index of the option that the answer matches, the one with the greatest weight first, or None."""
        matching = [index for index, option in enumerate(item.options) if self.matches(item, option, answer["text"])]
        return max(matching, key=lambda index: item.options[index].weight, default=None)

    def matches(self, item: Item, option: Option, text: str) -> bool:
        """Return whether the typed text matches the option."""
        raise TypeError(f"{type(self).__name__} does not implement matches(). Override it.")

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> AnswerForm:
        return self.form_class(data, initial=answer)

    def grade(self, item: Item, answer: Answer) -> Grade:
        index = self.matched_option(item, answer)
        marks = tuple(True if place == index else None for place in range(len(item.options)))
        return Grade(clamp(item.options[index].weight) if index is not None else 0.0, marks)

    def key(self, item: Item) -> Answer:
        return {"text": max(item.options, key=lambda option: option.weight).text}

    def is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"text"}:
            return False
        text = answer["text"]
        return isinstance(text, str) and bool(text.strip()) and len(text) <= MAX_ANSWER_LENGTH

    def as_text(self, item: Item, answer: Answer) -> str:
        return answer["text"]

    def order(self, item: Item, random: Random) -> list[int]:
        """Return an empty order: no option is shown before the answer."""
        return []

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the accepted answers and the known mistakes, in the author's order."""
        matched = self.matched_option(item, answer) if answer else None
        return [
            ReviewedOption(option, chosen=index == matched, right=option.weight > 0)
            for index, option in enumerate(item.options)
        ]


class ShortAnswer(TypedAnswer):
    """A word or a short phrase. Both sides are normalized to NFKC, with white space and, by default, case folded."""

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

    def matches(self, item: Item, option: Option, text: str) -> bool:
        return fold(text, case_sensitive=item.case_sensitive) == fold(option.text, case_sensitive=item.case_sensitive)


def fold(text: str, *, case_sensitive: bool) -> str:
    """Return the text in NFKC, trimmed, with inner white space reduced to single spaces and, unless it matters, case
    folded."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    return text if case_sensitive else text.casefold()
