"""Find the lines: the lines of a listing to select, such as the faulty ones or those of a log that tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.content.diff import match_lines
from questions.content.item import Item, Option
from questions.content.markdown import highlighted_lines, language_name
from questions.percent import percent
from questions.types.base import (
    FOREIGN_OPTION,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    are_indices,
    option_problems,
    weight_problems,
)
from questions.types.choice import clamp
from questions.types.listing import (
    cost_of,
    lines_of,
    named_lines,
    option_by_line,
    selectable_lines,
    shares_of,
)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of the listing before the answer; a blank one has no checkbox."""

    number: int
    html: SafeString
    checkbox: BoundWidget | None


@dataclass(frozen=True, slots=True)
class ReviewedLine(ReviewedOption):
    """A line of the listing after the answer.

    `option` is the one that names the line, if any. `chosen` tells whether the line was selected, and `is_found`
    whether any line of its option was. On the last line of the option, and on a wrong line that was selected, `label`
    names the lines that the verdict is about; `worth` is what they earn or cost, in whole percent of the credit.
    """

    number: int = 0
    html: SafeString = SafeString()  # noqa: RUF009 - immutable
    is_found: bool = False
    label: str = ""
    worth: int = 0


class FindLinesForm(AnswerForm):
    """Form for {"lines": [number, …]}, with sorted numbers."""

    def __init__(self, item: Item, data: Mapping[str, Any] | None, answer: Answer | None) -> None:
        super().__init__(data)
        self.item = item
        lines = lines_of(item.code)
        self.fields["line"] = forms.MultipleChoiceField(
            required=False,
            choices=[(str(number), lines[number - 1]) for number in selectable_lines(item)],
            initial=[str(number) for number in answer["lines"]] if answer else [],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            error_messages={"invalid_choice": FOREIGN_OPTION},
        )

    @property
    def language(self) -> str:
        """Return the display name of the listing's language; empty for plain text."""
        return language_name(self.item.code_language)

    def listing(self) -> list[ListedLine]:
        """Return the lines of the listing with their checkboxes."""
        boxes = {int(box.data["value"]): box for box in self["line"]}
        shown = highlighted_lines(self.item.code, self.item.code_language)
        return [ListedLine(number, html, boxes.get(number)) for number, html in enumerate(shown, 1)]

    def answer(self) -> Answer | None:
        lines = sorted({int(value) for value in self.cleaned_data["line"]})
        return {"lines": lines} if lines else None


class FindLines(QuestionType):
    """Lines of the question's code to select.

    An option names a line or a range of lines; selecting any line of a range counts, and counts once. The right
    options share the credit: equally, or by explicit weights that add up to 1. Each wrong line costs as much as the
    smallest share, whether an option names it or not.
    """

    name = "find_lines"
    label = gettext_lazy("Find the lines")
    instruction = gettext_lazy(
        "Select every line that applies. Each wrong line costs as much credit as the least important right line earns."
    )
    template = "questions/types/find_lines.html"
    review_template = "questions/types/find_lines_review.html"
    asks_in_code = True
    time_factor = 1.5

    def problems(self, item: Item) -> list[Problem]:
        found = option_problems(item, minimum=1) + weight_problems(item)
        if not item.code.strip():
            return [
                *found,
                Problem("code", _("“Find the lines” needs code: the listing that candidates select lines from.")),
            ]
        found += [Problem("options", text) for option in item.options if (text := _naming_problem(item, option))]
        for one, other in combinations(item.options, 2):
            if set(named_lines(one.text) or ()).intersection(named_lines(other.text) or ()):
                texts = {"one": one.text, "other": other.text}
                found.append(
                    Problem("options", _("“%(one)s” and “%(other)s” overlap. Name each line only once.") % texts)
                )
        return found + _credit_problems(item)

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> FindLinesForm:
        return FindLinesForm(item, data, answer)

    def order(self, item: Item, random: Random) -> list[int]:
        """Return an empty order: no option is shown before the answer, and lines keep their order."""
        return []

    def _grade(self, item: Item, answer: Answer) -> Grade:
        shares, picked = shares_of(item), self.picked(item, answer)
        wrong = sum(place >= len(shares) or shares[place] == 0 for place in picked)
        earned = sum(shares[place] for place in picked if place < len(shares))
        marks = tuple((share > 0) == (index in picked) for index, share in enumerate(shares))
        return Grade(clamp(earned - wrong * cost_of(shares)), marks)

    def countable(self, item: Item) -> list[str]:
        """Return the options as they are shown, then the lines that can be selected and that none of them names."""
        named = option_by_line(item)
        others = [_label([number], "") for number in selectable_lines(item) if number not in named]
        return [*(self.option_label(item, option) for option in item.options), *others]

    def picked(self, item: Item, answer: Answer) -> list[int]:
        named = option_by_line(item)
        others = [number for number in selectable_lines(item) if number not in named]
        places = {number: len(item.options) + place for place, number in enumerate(others)} | named
        return sorted({places[number] for number in answer["lines"]})

    def guess_score(self, item: Item) -> float | None:
        """Return the mean fraction of selecting a single line."""
        lines = selectable_lines(item)
        fractions = [self.grade(item, {"lines": [number]}).fraction or 0.0 for number in lines]
        return sum(fractions) / len(fractions) if fractions else None

    def key(self, item: Item) -> Answer:
        """Return the first line of each right option."""
        first: dict[int, int] = {}
        for number, index in sorted(option_by_line(item).items()):
            first.setdefault(index, number)
        return {"lines": sorted(number for index, number in first.items() if item.options[index].weight > 0)}

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() != {"lines"}:
            return False
        lines = answer["lines"]
        if not are_indices(lines, len(lines_of(item.code)) + 1) or not lines:
            return False
        return lines == sorted(lines) and set(lines) <= set(selectable_lines(item))

    def _as_text(self, item: Item, answer: Answer) -> str:
        return _label(answer["lines"], ", ")

    def option_label(self, item: Item, option: Option) -> str:
        """Return the lines that the option names, and the first of them as code."""
        lines, named = lines_of(item.code), named_lines(option.text) or range(0)
        shown = next((lines[number - 1].strip() for number in named if 0 < number <= len(lines)), "")
        if not shown or "`" in shown:
            return option.text if not named else _label([named[0], named[-1]], "–")
        return f"{_label([named[0], named[-1]], '–')}: `{shown}`"

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the same lines, or None if a selected one is gone or has changed."""
        places = match_lines(lines_of(old.code), lines_of(new.code))
        lines = [place + 1 for number in answer["lines"] if (place := places[number - 1]) is not None]
        return {"lines": lines} if len(lines) == len(answer["lines"]) else None

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the lines of the listing as ReviewedLine."""
        selected = set(answer["lines"]) if answer else set()
        named, shares = option_by_line(item), shares_of(item)
        picked = {named[number] for number in selected if number in named}
        last = {index: number for number, index in sorted(named.items())}
        found: list[ReviewedOption] = []
        for number, html in enumerate(highlighted_lines(item.code, item.code_language), 1):
            index, is_selected = named.get(number), number in selected
            share = 0.0 if index is None else shares[index]
            span = [other for other, owner in named.items() if owner == index] if index is not None else [number]
            has_verdict = is_selected if index is None else last[index] == number
            found.append(
                ReviewedLine(
                    Option(str(number)) if index is None else item.options[index],
                    chosen=is_selected,
                    right=share > 0,
                    number=number,
                    html=html,
                    is_found=is_selected if index is None else index in picked,
                    label=_label([min(span), max(span)], "–") if has_verdict else "",
                    worth=percent(share or cost_of(shares)),
                )
            )
        return found


def _naming_problem(item: Item, option: Option) -> str:
    """Return what is wrong with the lines that an option names; empty if nothing is or if it has no text."""
    lines, named = lines_of(item.code), named_lines(option.text)
    if not option.text.strip():
        return ""
    if named is None:
        return _("“%s” is not a line. Write its number, such as 7, or a range, such as 7-8.") % option.text
    if named[-1] > len(lines):
        return _("“%(text)s” is outside the listing, which ends at line %(last)d.") % {
            "text": option.text,
            "last": len(lines),
        }
    if not any(lines[number - 1].strip() for number in named):
        return _("“%s” is blank. Candidates cannot select blank lines.") % option.text
    return ""


def _credit_problems(item: Item) -> list[Problem]:
    """Return the problems of the weights, all of which are together more than those of each option."""
    right = [option.weight for option in item.options if option.weight > 0]
    if not right:
        return [Problem("options", _("Find the lines needs at least one right line: one with weight 1."))]
    if set(right) != {1} and abs(sum(right) - 1) > 0.001:
        message = _(
            "The weights of the right lines add up to %g. Make them add up to 1, or set each to 1 for equal shares."
        )
        return [Problem("options", message % sum(right))]
    named, shares = option_by_line(item), shares_of(item)
    wrong = len(set(selectable_lines(item)) - set(named)) + len([share for share in shares if share == 0])
    if wrong * cost_of(shares) < 0.999:
        message = _(
            "Selecting all lines would earn credit, because there are too few wrong lines for the smallest weight. "
            "Lengthen the listing, or raise that weight."
        )
        return [Problem("options", message)]
    return []


def _label(numbers: list[int], between: str) -> str:
    """Return "Line 7", or "Lines 7–8" with that between the numbers; equal ones are named once."""
    distinct = list(dict.fromkeys(numbers))
    return ngettext("Line %s", "Lines %s", len(distinct)) % between.join(map(str, distinct))
