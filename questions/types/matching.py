"""Matching: a match to select for each line."""

from collections.abc import Mapping
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from questions.content.diff import match_texts
from questions.content.item import Item, Option
from questions.types.base import (
    Answer,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    option_problems,
    shuffled,
)
from questions.types.selects import SelectsForm


class MatchingForm(SelectsForm):
    """Form for {"matches": [index or None, …]}: for each line the index of its match in `matches_of(item)`."""

    all_missing = gettext_lazy("Choose a match for each line.")
    one_missing = gettext_lazy("Choose a match for “%(line)s”.")
    more_missing = ngettext_lazy(
        "Choose a match for “%(line)s” and %(count)d more line.",
        "Choose a match for “%(line)s” and %(count)d more lines.",
        "count",
    )

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


class Matching(QuestionType):
    """Lines to match. An option without a text only adds its match as a distractor. The grade is the share of right
    pairs."""

    name = "matching"
    label = gettext_lazy("Matching")
    order_is_key = True
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
        """Return the order in which to offer the matches; the lines keep their order."""
        return shuffled(len(matches_of(item)), random)

    def _grade(self, item: Item, answer: Answer) -> Grade:
        key = self.key(item)["matches"]
        marks = tuple(given == right for given, right in zip(answer["matches"], key, strict=True))
        return Grade(sum(marks) / len(marks), marks)

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"matches"} or not isinstance(answer["matches"], list):
            return False
        given = [match for match in answer["matches"] if match is not None]
        known = all(type(match) is int and 0 <= match < len(matches_of(item)) for match in given)
        return bool(given) and known and len(answer["matches"]) == len(pairs_of(item))

    def _as_text(self, item: Item, answer: Answer) -> str:
        matches = matches_of(item)
        given = ["—" if match is None else matches[match] for match in answer["matches"]]
        return "; ".join(f"{option.text} – {match}" for option, match in zip(pairs_of(item), given, strict=True))

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the same pairs, or None if a line is new or a chosen match is gone."""
        rows = match_texts([option.text for option in pairs_of(new)], [option.text for option in pairs_of(old)])
        matches = match_texts(matches_of(old), matches_of(new))
        given = [None if row is None else answer["matches"][row] for row in rows]
        carried = [None if match is None else matches[match] for match in given]
        gone = any(match is not None and matches[match] is None for match in given)
        return None if None in rows or gone else {"matches": carried}

    def guess_score(self, item: Item) -> float | None:
        """Return the chance of picking the right match for a line at random."""
        matches = matches_of(item)
        return 1 / len(matches) if matches else None

    def key(self, item: Item) -> Answer:
        matches = matches_of(item)
        return {"matches": [matches.index(option.match) for option in pairs_of(item)]}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the pairs, then the matches that belong to no line."""
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
    """Return the options that are asked about: those with a text."""
    return [option for option in item.options if option.text.strip()]


def matches_of(item: Item) -> list[str]:
    """Return the distinct matches, in the author's order."""
    return list(dict.fromkeys(option.match for option in item.options))
