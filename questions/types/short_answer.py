"""Short answer and numeric: a line of text, compared with accepted and with known wrong answers."""

from collections.abc import Mapping
from itertools import combinations
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
from questions.types.choice import clamped
from questions.types.typed_text import matches


class LineForm(AnswerForm):
    """Reads {"text": the line as typed}."""

    text = forms.CharField(
        required=False,
        max_length=MAX_ANSWER_LENGTH,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "off",
                "dir": "auto",
                "autocapitalize": "none",
                "autocorrect": "off",
                "spellcheck": "false",
                "inputmode": "text",  # for numbers too: an iPhone's decimal keypad has no minus sign
            }
        ),
    )

    def answer(self) -> Answer | None:
        text = self.cleaned_data["text"]
        return {"text": text} if text else None


class Written(QuestionType):
    """What both types have in common: an answer {"text": str}, and options that an answer may meet."""

    template = "questions/types/line.html"
    review_template = "questions/types/line_review.html"
    form_class: type[AnswerForm] = LineForm

    def matched(self, item: Item, answer: Answer) -> int | None:
        """The index of the option that the answer meets, the heaviest first; None where it meets none."""
        for lenient in (False, True):
            meets = [
                index
                for index, option in enumerate(item.options)
                if self.meets(item, option, answer["text"], lenient=lenient)
            ]
            if meets:
                return max(meets, key=lambda index: item.options[index].weight)
        return None

    def meets(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        """Return whether what was typed is this option, disregarding what people put around an answer if `lenient`."""
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
    """A word or a short phrase; compared as docs/grading.md says."""

    name = "short_answer"
    label = gettext_lazy("Short answer")
    instruction = gettext_lazy("Write a word or a short phrase.")

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        if not any(option.weight == 1 for option in item.options):
            found.append(Problem("options", _("Short answer needs at least one accepted answer of weight 1.")))
        texts = [option.text for option in item.options]
        if any(matches(*pair, case_sensitive=item.case_sensitive) for pair in combinations(texts, 2)):
            found.append(Problem("options", _("Two answers are the same once case and white space are folded.")))
        return found

    def meets(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        return matches(text, option.text, case_sensitive=item.case_sensitive, lenient=lenient)
