"""Base class of question types: the interface that every other layer uses.

An answer is a small dict of JSON values in the type's own shape. It always refers to the options in the author's order;
the order that a candidate saw is only used to read a form and to render a page.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import FollowUpQuestion, Item, Option

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Answer = dict[str, Any]
Order = Sequence[int]

FOREIGN_OPTION = gettext_lazy("That option does not belong to this question. Choose again.")
# The fraction of the credit, 0 to 1, from which an answer counts as mostly right: its review is not rated Again, and an
# interview report does not list the question for further study.
MOSTLY_RIGHT = 0.75
# The answer "I don't know" to a question of any type. It earns nothing; no form of a type returns it.
UNKNOWN: Answer = {"unknown": True}
MAX_ANSWER_LENGTH = 500
MAX_ESSAY_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Grade:
    """Grade of an answer. `fraction` is the share of the credit, 0 to 1, or None if no machine can grade it. `marks`
    says for each option or criterion, in the author's order, whether it was handled correctly: True, False or None."""

    fraction: float | None
    marks: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of an item. `field` is the model field or the inline ("options") to correct."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    """An option with its outcome, shown after the answer: whether it was chosen, whether that is right, the candidate's
    input for it, the expected one, and whether a right one earns a part of the credit only, on its own."""

    option: Option
    chosen: bool
    right: bool
    given: str = ""
    wanted: str = ""
    partly: bool = False


class QuestionType(ABC):
    """Base class of the question types.

    The public methods take saved answers, which may be UNKNOWN. Those with an underscore, which a type implements, get
    answers in the type's own shape only.
    """

    name: ClassVar[str]
    label: "ClassVar[StrPromise]"
    instruction: "ClassVar[StrPromise]"
    template: ClassVar[str]
    review_template: ClassVar[str]
    machine_graded: ClassVar[bool] = True
    is_one_click: ClassVar[bool] = False  # whether one option is the answer, so that the placement test can ask it
    needs_task: ClassVar[bool] = True  # whether authors say what it asks one to do, one of `Task`
    splits_credit: ClassVar[bool] = False  # whether several right options share the credit
    key_is_placed: ClassVar[bool] = False  # whether authors choose the place of the one right option
    order_is_key: ClassVar[bool] = False  # whether the author's order of the options tells what is right
    asks_in_code: ClassVar[bool] = False  # whether its form and its review show the code, so that the page need not
    time_factor: ClassVar[float] = 1.0  # time for an answer, relative to the mean of machine-graded types
    option_fields: ClassVar[tuple[str, ...]] = ("weight",)  # fields of an option besides text and feedback

    @abstractmethod
    def problems(self, item: Item) -> list[Problem]:
        """Return what keeps the item from being asked and graded fairly; empty if it is sound."""

    @abstractmethod
    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> "AnswerForm":
        """Return the form for the candidate, filled with the saved answer. It refers to options by their position in
        `order` and contains nothing that reveals the key."""

    def grade(self, item: Item, answer: Answer) -> Grade:
        """Return the grade of an answer; "I don't know" earns nothing."""
        return Grade(0.0) if answer == UNKNOWN else self._grade(item, answer)

    @abstractmethod
    def _grade(self, item: Item, answer: Answer) -> Grade:
        """Return the grade of an answer in this type's shape."""

    @abstractmethod
    def key(self, item: Item) -> Answer:
        """Return an answer that earns full credit."""

    @abstractmethod
    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        """Return the options with their outcome, in the order in which the review shows them."""

    def is_valid_answer(self, item: Item, answer: Any) -> bool:
        """Return whether `answer` can be graded; for answers that do not come from the type's own form."""
        return answer == UNKNOWN or self._is_valid_answer(item, answer)

    @abstractmethod
    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        """Return whether `answer` has this type's shape and can be graded."""

    def as_text(self, item: Item, answer: Answer) -> str:
        """Return the answer as one line of text."""
        return _("I don't know") if answer == UNKNOWN else self._as_text(item, answer)

    @abstractmethod
    def _as_text(self, item: Item, answer: Answer) -> str:
        """Return an answer in this type's shape as one line of text."""

    def is_valid_order(self, item: Item, order: Any) -> bool:
        """Return whether the options can have been shown in this order."""
        count = len(self.order(item, Random(0)))  # noqa: S311 - only the length is used
        return are_indices(order, count) and len(order) == count

    def order(self, item: Item, random: Random) -> list[int]:
        """Return the order in which to show the options: indices into `item.options`."""
        return shuffled(len(item.options), random)

    def interview_form(
        self,
        item: Item,
        order: Order,
        data: Mapping[str, Any] | None = None,
        answer: Answer | None = None,
        follow_up: int | None = None,
    ) -> "AnswerForm":
        """Return `form` with a field for the answer to that follow-up question."""
        return self.form(item, order, data, answer)

    def follow_up(self, item: Item, answer: Answer, choose: Callable[[Item, str], int]) -> int | None:
        """Return the index of the follow-up question: the one that the answer names, else the one that `choose` picks
        from the item and the answer's text; None if there is none."""
        return None

    def answered_follow_ups(self, item: Item, answer: Answer | None) -> list[tuple[FollowUpQuestion, str]]:
        """Return the follow-up questions that were asked, each with its answer."""
        return []

    def free_text(self, answer: Answer) -> str:
        """Return everything that the answer says in the candidate's own words, to search it for rubric hints."""
        return ""

    def option_label(self, item: Item, option: Option) -> str:
        """Return the option's text as it is shown after the answer."""
        return option.text

    def countable(self, item: Item) -> list[str]:
        """Return the labels of what statistics count in answers: the options first, in the author's order."""
        return [option.text for option in item.options]

    def picked(self, item: Item, answer: Answer) -> list[int]:
        """Return the indices in `countable` of what the answer picks; none if it does not pick options."""
        return answer.get("chosen", [])

    def grading_note(self, item: Item, answer: Answer) -> str:
        """Return for authors why the answer is graded as it is; empty if the review shows that by itself."""
        return ""

    def guess_score(self, item: Item) -> float | None:
        """Return the mean fraction of random answers: 0 if the answer is typed, None if no machine grades it."""
        return 0.0 if self.machine_graded else None

    def merge(self, answer: Answer | None, new: Answer) -> Answer:
        """Return the answer to save when `new` arrives and `answer` is saved already."""
        return new if UNKNOWN in (answer, new) else self._merge(answer, new)

    def _merge(self, answer: Answer | None, new: Answer) -> Answer:
        """Return the answer to save when `new` arrives and `answer` is saved already, both in this type's shape."""
        return new

    def transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return the answer to `old` as an answer to `new`, another version of the question; None if it cannot be known
        what the candidate would have answered, or if no machine grades it."""
        return answer if answer == UNKNOWN else self._transfer(answer, old, new)

    def _transfer(self, answer: Answer, old: Item, new: Item) -> Answer | None:
        """Return what `transfer` does for an answer in this type's shape."""
        return answer if self.machine_graded else None


class AnswerForm(forms.Form):
    """A form that reads one answer. `answer()` returns None if nothing was filled in: unanswered is not wrong."""

    def answer(self) -> Answer | None:
        raise TypeError(f"{type(self).__name__} does not implement answer(). Override it.")

    def missing(self) -> str:
        """Return what a bound form without errors still lacks for a complete answer, as a message for the candidate;
        empty if the answer is complete, or if the type knows no incomplete ones."""
        return ""

    def typed(self) -> dict[str, list[str]]:
        """Return the values of the bound form's fields as they were submitted, by name; without those fields that the
        page did not have."""
        return {
            name: [with_plain_newlines(value.replace("\0", "")) for value in _values(self.data, name)]
            for name, field in self.fields.items()
            if not field.widget.value_omitted_from_data(self.data, MultiValueDict(), name)
        }

    def fill(self, typed: Mapping[str, list[str]]) -> None:
        """Let the unbound form show these values, valid or not, without judging them."""
        data = MultiValueDict(typed)
        shown = {
            name: field.widget.value_from_datadict(data, MultiValueDict(), name)
            for name, field in self.fields.items()
            if name in typed
        }
        self.initial = {**self.initial, **shown}


def _values(data: Mapping[str, Any], name: str) -> list[str]:
    """Return the values submitted for a field, as a list."""
    if isinstance(data, MultiValueDict):
        return [str(value) for value in data.getlist(name)]
    return [str(data[name])] if name in data else []


class UntamperedChoiceField(forms.ChoiceField):
    """A choice field whose error message suits a stale or manipulated page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, error_messages={"invalid_choice": FOREIGN_OPTION}, **kwargs)


def with_plain_newlines(text: str) -> str:
    """Return the text with each line ended by a line feed: forms send other ends of lines than scripts do."""
    return text.replace("\r\n", "\n")


def are_indices(value: Any, count: int) -> bool:
    """Return whether `value` is a list of different indices below `count`."""
    if not isinstance(value, list) or not all(type(one) is int and 0 <= one < count for one in value):
        return False
    return len(set(value)) == len(value)


def shuffled(count: int, random: Random) -> list[int]:
    """Return the numbers 0 to count - 1 in random order."""
    order = list(range(count))
    random.shuffle(order)
    return order


def option_problems(item: Item, *, minimum: int, may_be_blank: bool = False) -> list[Problem]:
    """Return the problems that options of any type can have: too few, duplicates, or without the text that they
    need."""
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
    """Return a problem for each option whose weight is outside `lowest` to 1."""
    message = _("The weight of “%(text)s” is %(weight)g; it must lie between %(lowest)g and 1.")
    return [
        Problem("options", message % {"text": option.text, "weight": option.weight, "lowest": lowest})
        for option in item.options
        if not lowest <= option.weight <= 1
    ]
