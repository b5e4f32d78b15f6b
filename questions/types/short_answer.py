"""Short answer: a typed line of text, compared with accepted answers and known mistakes."""

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
from questions.types.choice import clamp
from questions.types.typed_text import texts_match


class LineForm(AnswerForm):
    """Form for {"text": the line as typed}."""

    text = forms.CharField(
        required=False,
        strip=False,
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
        return {"text": text} if text.strip() else None


class TypedAnswer(QuestionType):
    """Base class of short answer and numeric: an answer is {"text": str}, which is compared with the options."""

    template = "questions/types/line.html"
    review_template = "questions/types/line_review.html"

    def matched_option(self, item: Item, answer: Answer) -> int | None:
        """Return the index of the option that the answer matches, the one with the greatest weight first, or None."""
        for lenient in (False, True):
            matching = [
                index
                for index, option in enumerate(item.options)
                if self.matches(item, option, answer["text"], lenient=lenient)
            ]
            if matching:
                return max(matching, key=lambda index: item.options[index].weight)
        return None

    def matches(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        """Return whether the typed text matches the option, disregarding what people put around it if `lenient`."""
        raise TypeError(f"{type(self).__name__} does not implement matches(). Override it.")

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> AnswerForm:
        return LineForm(data, initial=answer)

    def _grade(self, item: Item, answer: Answer) -> Grade:
        index = self.matched_option(item, answer)
        marks = tuple(True if place == index else None for place in range(len(item.options)))
        return Grade(clamp(item.options[index].weight) if index is not None else 0.0, marks)

    def grading_note(self, item: Item, answer: Answer) -> str:
        """Return which option the typed answer matches."""
        index = self.matched_option(item, answer)
        if index is None:
            return _("It matches no option.")
        option = item.options[index]
        names = {"number": index + 1, "text": self.option_label(item, option)}
        return _("It matches option %(number)d, “%(text)s”.") % names

    def key(self, item: Item) -> Answer:
        return {"text": max(item.options, key=lambda option: option.weight).text}

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"text"}:
            return False
        text = answer["text"]
        return isinstance(text, str) and bool(text.strip()) and len(text) <= MAX_ANSWER_LENGTH

    def _as_text(self, item: Item, answer: Answer) -> str:
        return answer["text"]

    def order(self, item: Item, random: Random) -> list[int]:
        """Return an empty order: no option is shown before the answer."""
        return []

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the accepted answers and the known mistakes, in the author's order."""
        matched = self.matched_option(item, answer) if answer else None
        return [
            ReviewedOption(
                option,
                chosen=index == matched,
                right=option.weight > 0,
                partly=0 < option.weight < 1,
                wanted=self.option_label(item, option),
            )
            for index, option in enumerate(item.options)
        ]


class ShortAnswer(TypedAnswer):
    """A word or a short phrase, compared as docs/grading.md says."""

    name = "short_answer"
    label = gettext_lazy("Short answer")
    instruction = gettext_lazy("Write a word or a short phrase.")

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        if not any(option.weight == 1 for option in item.options):
            found.append(Problem("options", _("Short answer needs at least one accepted answer of weight 1.")))
        texts = [option.text for option in item.options]
        if any(texts_match(*pair, case_sensitive=item.case_sensitive) for pair in combinations(texts, 2)):
            found.append(
                Problem(
                    "options",
                    _("Two accepted answers are the same apart from case or white space. Remove one of them."),
                )
            )
        return found

    def matches(self, item: Item, option: Option, text: str, *, lenient: bool) -> bool:
        return texts_match(text, option.text, case_sensitive=item.case_sensitive, lenient=lenient)
