"""Ordering: lines to put in order with numbered selects."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from questions.content.diff import match_texts
from questions.content.item import Item
from questions.types.base import (
    Answer,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    are_indices,
    option_problems,
)
from questions.types.selects import SelectsForm


class OrderingForm(SelectsForm):
    """Form for {"order": [index, …]}: the options' indices, first to last. Either all rows are numbered or none."""

    all_missing = gettext_lazy("Give each line a number.")
    one_missing = gettext_lazy("Give “%(line)s” a number, too.")
    more_missing = ngettext_lazy(
        "Give “%(line)s” and %(count)d more line a number, too.",
        "Give “%(line)s” and %(count)d more lines a number, too.",
        "count",
    )

    def __init__(self, item: Item, order: Order, data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        self.order = order
        super().__init__(
            labels=[item.options[index].text for index in order],
            offered=[str(number) for number in range(1, len(order) + 1)],
            numbers=[answer["order"].index(index) + 1 if answer else None for index in order],
            data=data,
        )

    def clean(self) -> dict[str, Any] | None:
        if not self.errors:
            numbers = [number for number in self.chosen() if number is not None]
            if len(set(numbers)) < len(numbers):
                twice = next(number for number in numbers if numbers.count(number) > 1)
                raise ValidationError(_("Number %d is used twice. Give each line its own number.") % twice)
            if numbers and (missing := self.missing()):
                raise ValidationError(missing)
        return self.cleaned_data

    def answer(self) -> Answer | None:
        numbers = self.chosen()
        if None in numbers or not numbers:
            return None
        ranked = sorted(zip((number or 0 for number in numbers), self.order, strict=True))
        return {"order": [index for _number, index in ranked]}


class Ordering(QuestionType):
    """Lines to put in order; the author's order is the key.

    Each of the n - 1 neighbouring pairs of the right order earns 1/(n - 1) if the answer keeps their relative order, so
    the right order earns 1 and its reverse 0.
    """

    name = "ordering"
    label = gettext_lazy("Ordering")
    order_is_key = True
    option_fields = ()
    instruction = gettext_lazy("Drag into order, or pick numbers, 1 first.")
    template = "questions/types/ordering.html"
    review_template = "questions/types/ordering_review.html"

    def problems(self, item: Item) -> list[Problem]:
        return option_problems(item, minimum=2)

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> OrderingForm:
        return OrderingForm(item, order, data, answer)

    def _grade(self, item: Item, answer: Answer) -> Grade:
        place = {index: place for place, index in enumerate(answer["order"])}
        kept = [place[index] < place[index + 1] for index in range(len(item.options) - 1)]
        marks = tuple(place[index] == index for index in range(len(item.options)))
        return Grade(sum(kept) / len(kept) if kept else 1.0, marks)

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"order"}:
            return False
        return are_indices(answer["order"], len(item.options)) and len(answer["order"]) == len(item.options)

    def _as_text(self, item: Item, answer: Answer) -> str:
        return " → ".join(item.options[index].text for index in answer["order"])

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the same order, or None unless both versions have the same lines."""
        places = match_texts([option.text for option in old.options], [option.text for option in new.options])
        order = [place for index in answer["order"] if (place := places[index]) is not None]
        return {"order": order} if len(order) == len(old.options) == len(new.options) else None

    def guess_score(self, item: Item) -> float | None:
        """Return 0.5: half of all orders keep a given pair in its relative order."""
        return 0.5

    def key(self, item: Item) -> Answer:
        return {"order": list(range(len(item.options)))}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the lines in the right order, each with the number that the candidate gave it."""
        given = {index: str(number) for number, index in enumerate(answer["order"], 1)} if answer else {}
        return [
            ReviewedOption(
                option,
                chosen=index in given,
                right=given.get(index) == str(index + 1),
                given=given.get(index, ""),
                wanted=str(index + 1),
            )
            for index, option in enumerate(item.options)
        ]
