"""Single choice, true/false and multiple choice."""

from collections.abc import Mapping
from itertools import product
from random import Random
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.diff import match_texts
from questions.content.item import Item
from questions.types.base import (
    FOREIGN_OPTION,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    UntamperedChoiceField,
    are_indices,
    option_problems,
    weight_problems,
)


class SingleChoiceForm(AnswerForm):
    """Form for {"chosen": [index]}."""

    def __init__(self, item: Item, order: Order, data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        super().__init__(data)
        self.order = order
        self.fields["choice"] = UntamperedChoiceField(
            choices=shown_choices(item, order),
            initial=next(iter(chosen_positions(order, answer)), None),
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        )

    def answer(self) -> Answer | None:
        value = self.cleaned_data["choice"]
        return {"chosen": [self.order[int(value) - 1]]} if value else None


class MultipleChoiceForm(AnswerForm):
    """Form for {"chosen": [index, …]}, with sorted indices."""

    def __init__(self, item: Item, order: Order, data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        super().__init__(data)
        self.order = order
        self.fields["choice"] = forms.MultipleChoiceField(
            required=False,
            choices=shown_choices(item, order),
            initial=chosen_positions(order, answer),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            error_messages={"invalid_choice": FOREIGN_OPTION},
        )

    def answer(self) -> Answer | None:
        chosen = sorted({self.order[int(value) - 1] for value in self.cleaned_data["choice"]})
        return {"chosen": chosen} if chosen else None


class Choice(QuestionType):
    """Base class of the choice types: an answer is {"chosen": [index, …]}."""

    template = "questions/types/choice.html"
    review_template = "questions/types/choice_review.html"

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        chosen = answer["chosen"] if answer else ()
        return [
            ReviewedOption(
                item.options[index],
                chosen=index in chosen,
                right=item.options[index].weight > 0,
                partly=not self.splits_credit and 0 < item.options[index].weight < 1,
            )
            for index in order
        ]

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"chosen"}:
            return False
        chosen = answer["chosen"]
        return are_indices(chosen, len(item.options)) and chosen == sorted(chosen) and self.can_choose(len(chosen))

    def can_choose(self, count: int) -> bool:
        """Return whether this many options can be chosen together."""
        return count > 0

    def _as_text(self, item: Item, answer: Answer) -> str:
        return "; ".join(item.options[index].text for index in answer["chosen"])

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the same options, or None if a chosen one is gone."""
        places = match_texts([option.text for option in old.options], [option.text for option in new.options])
        chosen = [place for index in answer["chosen"] if (place := places[index]) is not None]
        return {"chosen": sorted(chosen)} if len(chosen) == len(answer["chosen"]) else None

    def marks(self, item: Item, chosen: set[int]) -> tuple[bool, ...]:
        """Return for each option whether it was chosen or left out correctly."""
        return tuple((option.weight > 0) == (index in chosen) for index, option in enumerate(item.options))


class SingleChoice(Choice):
    """One option is the key; others may earn a part."""

    name = "single_choice"
    label = gettext_lazy("Single choice")
    instruction = gettext_lazy("Choose one.")
    is_one_click = True
    key_is_placed = True

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=2) + weight_problems(item)
        if sum(option.weight == 1 for option in item.options) != 1:
            found.append(Problem("options", _("Single choice needs exactly one right option: one with weight 1.")))
        return found

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> SingleChoiceForm:
        return SingleChoiceForm(item, order, data, answer)

    def can_choose(self, count: int) -> bool:
        return count == 1

    def _grade(self, item: Item, answer: Answer) -> Grade:
        (index,) = answer["chosen"]
        return Grade(clamp(item.options[index].weight), self.marks(item, {index}))

    def guess_score(self, item: Item) -> float | None:
        """Return the mean fraction over all options."""
        fractions = [self.grade(item, {"chosen": [index]}).fraction or 0.0 for index in range(len(item.options))]
        return sum(fractions) / len(fractions) if fractions else None

    def key(self, item: Item) -> Answer:
        weights = [option.weight for option in item.options]
        return {"chosen": [weights.index(max(weights))]}


class TrueFalse(SingleChoice):
    """Two options, True and False, always shown in the author's order."""

    name = "true_false"
    label = gettext_lazy("True or false")
    instruction = gettext_lazy("True or false?")
    key_is_placed = False

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=0) + weight_problems(item)
        if len(item.options) != 2:
            found.append(Problem("options", _("True or false needs exactly two options.")))
        if sorted(option.weight for option in item.options) != [0, 1]:
            found.append(Problem("options", _("True or false needs one option of weight 1 and one of weight 0.")))
        return found

    def order(self, item: Item, random: Random) -> list[int]:
        return list(range(len(item.options)))


class MultipleChoice(Choice):
    """Any number of options can be right.

    If all weights are 0 or 1, each of the k right options earns 1/k and each of the m wrong ones costs 1/m. Otherwise
    the weights of the chosen options are added up. In both cases the sum is clamped to 0 to 1.
    """

    name = "multiple_choice"
    label = gettext_lazy("Multiple choice")
    instruction = gettext_lazy("Choose all that apply.")
    splits_credit = True

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=2) + weight_problems(item, lowest=-1)
        right = [option.weight for option in item.options if option.weight > 0]
        if not right:
            found.append(Problem("options", _("Multiple choice needs at least one right option.")))
        if len(right) == len(item.options):
            found.append(Problem("options", _("Multiple choice needs at least one wrong option.")))
        if has_explicit_weights(item):
            if abs(sum(right) - 1) > 0.001:
                message = _("The weights of the right options add up to %g; they must add up to 1.")
                found.append(Problem("options", message % sum(right)))
            if sum(option.weight for option in item.options) > 0.001:
                found.append(Problem("options", _("The wrong options must cost as much as the right ones earn.")))
        return found

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> MultipleChoiceForm:
        return MultipleChoiceForm(item, order, data, answer)

    def _grade(self, item: Item, answer: Answer) -> Grade:
        chosen = set(answer["chosen"])
        marks = self.marks(item, chosen)
        if has_explicit_weights(item):
            return Grade(clamp(sum(item.options[index].weight for index in chosen)), marks)
        right = {index for index, option in enumerate(item.options) if option.weight > 0}
        wrong = set(range(len(item.options))) - right
        earned = len(chosen & right) / len(right) if right else 0.0
        cost = len(chosen & wrong) / len(wrong) if wrong else 0.0
        return Grade(clamp(earned - cost), marks)

    def guess_score(self, item: Item) -> float | None:
        """Return the mean fraction over all non-empty sets of options, or None for more than twelve options."""
        if not 0 < len(item.options) <= 12:
            return None
        ticked = product([False, True], repeat=len(item.options))
        answers = [{"chosen": [index for index, tick in enumerate(ticks) if tick]} for ticks in ticked if any(ticks)]
        return sum(self.grade(item, answer).fraction or 0.0 for answer in answers) / len(answers)

    def key(self, item: Item) -> Answer:
        return {"chosen": [index for index, option in enumerate(item.options) if option.weight > 0]}


def shown_choices(item: Item, order: Order) -> list[tuple[str, str]]:
    """Return the form choices: the position shown, from 1, and the text of the option."""
    return [(str(place), item.options[index].text) for place, index in enumerate(order, 1)]


def chosen_positions(order: Order, answer: Answer | None) -> list[str]:
    """Return the positions, from 1, at which the chosen options are shown."""
    return [str(place) for place, index in enumerate(order, 1) if answer and index in answer["chosen"]]


def has_explicit_weights(item: Item) -> bool:
    """Return whether any option has a weight other than 0 or 1."""
    return any(option.weight not in (0, 1) for option in item.options)


def clamp(total: float) -> float:
    """Return a sum of weights as a fraction from 0 to 1. It is rounded to three decimals, so that thirds add up to
    1."""
    return min(1.0, max(0.0, round(total, 3)))
