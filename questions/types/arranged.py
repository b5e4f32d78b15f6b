"""Ordering and matching: options to put in order or to pair up, by numbered selects."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.changes import partners
from questions.item import Item, Option
from questions.types.base import (
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    UntamperedChoiceField,
    are_places,
    option_problems,
    shuffled,
)


class SelectsForm(AnswerForm):
    """One select for each label, named row-1, row-2, …, in which `offered` texts are numbered from 1; `numbers` are
    those chosen so far."""

    def __init__(
        self,
        labels: Sequence[str],
        offered: Sequence[str],
        numbers: Sequence[int | None],
        data: Mapping[str, Any] | None,
    ) -> None:
        super().__init__(data)
        choices = [("", "—"), *((str(number), text) for number, text in enumerate(offered, 1))]
        for row, (label, number) in enumerate(zip(labels, numbers, strict=True), 1):
            self.fields[f"row-{row}"] = UntamperedChoiceField(
                label=label,
                choices=choices,
                initial="" if number is None else str(number),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def chosen(self) -> list[int | None]:
        """The number chosen in each row, None where none was."""
        return [int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in self.fields]


class OrderingForm(SelectsForm):
    """Reads {"order": [index, …]}: the options' indices, first to last. All rows are numbered, or none."""

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
                raise ValidationError(_("Number %d is given twice: give each line its own number.") % twice)
            if numbers and len(numbers) < len(self.order):
                raise ValidationError(_("Give every line a number from 1 to %d.") % len(self.order))
        return self.cleaned_data

    def answer(self) -> Answer | None:
        numbers = self.chosen()
        if None in numbers:
            return None
        ranked = sorted(zip((number or 0 for number in numbers), self.order, strict=True))
        return {"order": [index for _number, index in ranked]}


class MatchingForm(SelectsForm):
    """Reads {"matches": [index or None, …]}: for each row, the index of the match in `matches_of(item)`."""

    def __init__(self, item: Item, order: Order, data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        self.order = order
        pairs, matches = pairs_of(item), matches_of(item)
        given = answer["matches"] if answer else [None] * len(pairs)
        super().__init__(
            labels=[option.text for option in pairs],
            offered=[matches[index] for index in order],
            numbers=[None if match is None else list(order).index(match) + 1 for match in given],
            data=data,
        )

    def answer(self) -> Answer | None:
        matches = [self.order[number - 1] if number else None for number in self.chosen()]
        return {"matches": matches} if any(match is not None for match in matches) else None


class Ordering(QuestionType):
    """Lines to put in order. The author's order is the key.

    Each of the n-1 pairs of neighbours in the right order earns 1/(n-1) where the answer keeps the first before the
    second: the right order earns 1, its reverse 0.
    """

    name = "ordering"
    label = gettext_lazy("Ordering")
    option_fields = ()
    instruction = gettext_lazy("Number the lines in the right order, 1 first.")
    template = "questions/types/ordering.html"
    review_template = "questions/types/ordering_review.html"

    def problems(self, item: Item) -> list[Problem]:
        return option_problems(item, minimum=2)

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> OrderingForm:
        return OrderingForm(item, order, data, answer)

    def grade(self, item: Item, answer: Answer) -> Grade:
        place = {index: place for place, index in enumerate(answer["order"])}
        kept = [place[index] < place[index + 1] for index in range(len(item.options) - 1)]
        marks = tuple(place[index] == index for index in range(len(item.options)))
        return Grade(sum(kept) / len(kept) if kept else 1.0, marks)

    def is_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"order"}:
            return False
        return are_places(answer["order"], len(item.options)) and len(answer["order"]) == len(item.options)

    def words(self, item: Item, answer: Answer) -> str:
        return " → ".join(item.options[index].text for index in answer["order"])

    def transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """The same order, if there are the same lines."""
        places = partners([option.text for option in old.options], [option.text for option in new.options])
        order = [place for index in answer["order"] if (place := places[index]) is not None]
        return {"order": order} if len(order) == len(old.options) == len(new.options) else None

    def guess_score(self, item: Item) -> float | None:
        """Of all orders as many keep a pair of neighbours as turn it round."""
        return 0.5

    def key(self, item: Item) -> Answer:
        return {"order": list(range(len(item.options)))}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """The lines in the right order, each with the number that it was given."""
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


class Matching(QuestionType):
    """Pairs to find; an option without a text only adds its match as a distractor. Share of right pairs."""

    name = "matching"
    label = gettext_lazy("Matching")
    option_fields = ("match",)
    instruction = gettext_lazy("Choose the match for each line.")
    template = "questions/types/matching.html"
    review_template = "questions/types/matching_review.html"

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=2, may_be_blank=True)
        if len(pairs_of(item)) < 2:
            found.append(Problem("options", _("Matching needs at least two pairs.")))
        if any(not option.match.strip() for option in item.options):
            found.append(Problem("options", _("Every option of a matching question needs a match.")))
        if len(matches_of(item)) < 2:
            found.append(Problem("options", _("Matching needs at least two different matches.")))
        return found

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> MatchingForm:
        return MatchingForm(item, order, data, answer)

    def order(self, item: Item, random: Random) -> list[int]:
        """The order in which the matches, not the lines, will be offered."""
        return shuffled(len(matches_of(item)), random)

    def grade(self, item: Item, answer: Answer) -> Grade:
        key = self.key(item)["matches"]
        marks = tuple(given == right for given, right in zip(answer["matches"], key, strict=True))
        return Grade(sum(marks) / len(marks), marks)

    def is_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"matches"} or not isinstance(answer["matches"], list):
            return False
        given = [match for match in answer["matches"] if match is not None]
        known = all(type(match) is int and 0 <= match < len(matches_of(item)) for match in given)
        return bool(given) and known and len(answer["matches"]) == len(pairs_of(item))

    def words(self, item: Item, answer: Answer) -> str:
        matches = matches_of(item)
        given = ["—" if match is None else matches[match] for match in answer["matches"]]
        return "; ".join(f"{option.text} – {match}" for option, match in zip(pairs_of(item), given, strict=True))

    def transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """The same pairs, if each line was asked about before and no match that was given is gone."""
        rows = partners([option.text for option in pairs_of(new)], [option.text for option in pairs_of(old)])
        matches = partners(matches_of(old), matches_of(new))
        given = [None if row is None else answer["matches"][row] for row in rows]
        carried = [None if match is None else matches[match] for match in given]
        gone = any(match is not None and matches[match] is None for match in given)
        return None if None in rows or gone else {"matches": carried}

    def guess_score(self, item: Item) -> float | None:
        """Each line's match is picked among all of them."""
        matches = matches_of(item)
        return 1 / len(matches) if matches else None

    def key(self, item: Item) -> Answer:
        matches = matches_of(item)
        return {"matches": [matches.index(option.match) for option in pairs_of(item)]}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """The pairs, then the matches that belong to none."""
        matches, pairs = matches_of(item), pairs_of(item)
        given = answer["matches"] if answer else [None] * len(pairs)
        chosen = {matches[match] for match in given if match is not None}
        leftover = [option for option in item.options if not option.text.strip()]
        return [
            *(
                ReviewedOption(
                    option,
                    chosen=match is not None,
                    right=match is not None and matches[match] == option.match,
                    given=matches[match] if match is not None else "",
                    wanted=option.match,
                )
                for option, match in zip(pairs, given, strict=True)
            ),
            *(ReviewedOption(option, chosen=option.match in chosen, right=False) for option in leftover),
        ]


def pairs_of(item: Item) -> list[Option]:
    """The options that are asked about: those with a text."""
    return [option for option in item.options if option.text.strip()]


def matches_of(item: Item) -> list[str]:
    """The different matches, in the author's order."""
    return list(dict.fromkeys(option.match for option in item.options))
