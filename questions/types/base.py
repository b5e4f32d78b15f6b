"""What a question type is: the one interface through which every other layer treats questions.

An answer is a small JSON-ready dict in the type's own shape, always in the author's order of the options; the order
that a candidate saw is only ever used to read a form and to show a page.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item, Option

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Answer = dict[str, Any]
Order = Sequence[int]

FOREIGN_OPTION = gettext_lazy("That option does not belong to this question. Choose again.")
MAX_ANSWER_LENGTH = 500
MAX_ESSAY_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Grade:
    """`fraction` of the item's credit, 0..1, or None where no machine can tell; `marks` holds True, False or None for
    each option (or criterion) in the author's order: was it dealt with rightly?"""

    fraction: float | None
    marks: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an item as written: `field` is the model field or the inline ("options") to mend."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    """An option after the answer is in: was it chosen, is it right, what was given for it and what should have been."""

    option: Option
    chosen: bool
    right: bool
    given: str = ""
    wanted: str = ""


class QuestionType(ABC):
    """One kind of question."""

    name: ClassVar[str]
    label: "ClassVar[StrPromise]"
    instruction: "ClassVar[StrPromise]"
    template: ClassVar[str]
    review_template: ClassVar[str]
    machine_graded: ClassVar[bool] = True
    effort: ClassVar[float] = 1.0  # how long an answer takes, against the average of machine-graded ones
    order_is_key: ClassVar[bool] = False  # whether the author's order of the options tells what is right
    option_fields: ClassVar[tuple[str, ...]] = ("weight",)  # what an option needs besides its text and feedback

    @abstractmethod
    def problems(self, item: Item) -> list[Problem]:
        """What keeps the item from being asked and graded fairly; empty when it is sound."""

    @abstractmethod
    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> "AnswerForm":
        """The form a candidate fills in, with the answer saved so far; it names options by their place in `order` and
        holds nothing that tells what is right."""

    @abstractmethod
    def grade(self, item: Item, answer: Answer) -> Grade:
        """The grade of an answer in this type's shape."""

    @abstractmethod
    def key(self, item: Item) -> Answer:
        """An answer that earns the full fraction."""

    @abstractmethod
    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """What to show of the options once the answer is in, in the order in which they were shown."""

    @abstractmethod
    def is_answer(self, item: Item, answer: Any) -> bool:
        """Whether that is an answer to the item in this type's shape, which can be graded and shown; for what does not
        come from the type's form."""

    @abstractmethod
    def words(self, item: Item, answer: Answer) -> str:
        """The answer as a line of text."""

    def is_order(self, item: Item, order: Any) -> bool:
        """Whether the options can have been shown in that order."""
        usual = self.order(item, Random(0))  # noqa: S311 - only its length counts
        return are_places(order, len(usual)) and len(order) == len(usual)

    def order(self, item: Item, random: Random) -> list[int]:
        """The order in which the options will be shown: indices into `item.options`."""
        return shuffled(len(item.options), random)

    def interview_form(
        self,
        item: Item,
        order: Order,
        data: Mapping[str, Any] | None = None,
        answer: Answer | None = None,
        follow_up: int | None = None,
    ) -> "AnswerForm":
        """As `form`, with room for the answer to that follow-up question."""
        return self.form(item, order, data, answer)

    def follow_up(self, item: Item, random: Random) -> int | None:
        """The follow-up question that an interviewer asks next, by its index in the item; None where there is none."""
        return None

    def followed_up(self, item: Item, answer: Answer | None) -> list[tuple[str, str]]:
        """The follow-up questions that were dealt with, each with what was answered: nothing where it was passed."""
        return []

    def own_words(self, answer: Answer) -> str:
        """All that the answer says in the candidate's own words, to look for cues in."""
        return ""

    def guess_score(self, item: Item) -> float | None:
        """The mean fraction of answers picked blindly, 0 for what has to be typed; None where no machine grades."""
        return 0.0 if self.machine_graded else None

    def carry(self, answer: Answer | None, new: Answer) -> Answer:
        """The answer to save when `new` arrives while `answer` stands."""
        return new

    def transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """The answer to `old` as one to `new`, another content of the same question; None where it cannot be said what
        the candidate would have answered, or where no machine grades."""
        return answer if self.machine_graded else None


class AnswerForm(forms.Form):
    """Reads one answer. `answer()` gives None where nothing was filled in: unanswered is not wrong."""

    def answer(self) -> Answer | None:
        raise TypeError(f"{type(self).__name__} reads no answer")

    def unsaved(self) -> list[forms.BoundField]:
        """The longer texts as they were typed, valid or not, where they differ from the answer saved."""
        return [
            field
            for field in self
            if isinstance(field.field.widget, forms.Textarea)
            and str(field.value() or "").split() not in ([], str(field.initial or "").split())
        ]


class UntamperedChoiceField(forms.ChoiceField):
    """A choice field whose refusal speaks to a candidate whose page is stale or was tampered with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, error_messages={"invalid_choice": FOREIGN_OPTION}, **kwargs)


def are_places(value: Any, count: int) -> bool:
    """Whether that is a list of different indices below `count`."""
    if not isinstance(value, list) or not all(type(one) is int and 0 <= one < count for one in value):
        return False
    return len(set(value)) == len(value)


def shuffled(count: int, random: Random) -> list[int]:
    """The numbers 0..count-1 in an order drawn from `random`."""
    order = list(range(count))
    random.shuffle(order)
    return order


def option_problems(item: Item, *, minimum: int, may_be_blank: bool = False) -> list[Problem]:
    """Problems that options of any type can have: too few, repeated, without a text where each needs one."""
    found = []
    if len(item.options) < minimum:
        message = _("This type needs at least %(n)d options; there are %(have)d.")
        found.append(Problem("options", message % {"n": minimum, "have": len(item.options)}))
    for number, option in enumerate(item.options, 1):
        if not option.text.strip() and not may_be_blank:
            found.append(Problem("options", _("Option %d has no text.") % number))
    texts = [option.text.strip() for option in item.options if option.text.strip()]
    repeated = sorted({text for text in texts if texts.count(text) > 1})
    if repeated:
        found.append(Problem("options", _("Two options have the same text: “%s”.") % repeated[0]))
    return found


def weight_problems(item: Item, *, lowest: float = 0.0) -> list[Problem]:
    """A problem for each option whose weight lies outside `lowest`..1."""
    message = _("The weight of “%(text)s” is %(weight)g; it must lie between %(lowest)g and 1.")
    return [
        Problem("options", message % {"text": option.text, "weight": option.weight, "lowest": lowest})
        for option in item.options
        if not lowest <= option.weight <= 1
    ]


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
