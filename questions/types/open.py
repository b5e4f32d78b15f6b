"""Open questions: a free answer that candidates grade themselves against a rubric."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import FollowUpQuestion, Item
from questions.types.base import (
    MAX_ESSAY_LENGTH,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    are_indices,
    with_plain_newlines,
)

CAP_WITHOUT_ESSENTIALS = 0.5


class EssayField(forms.CharField):
    """Field for a text of several lines."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"dir": "auto", "class": "form-control", "rows": rows})
        super().__init__(required=False, strip=False, max_length=MAX_ESSAY_LENGTH, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return with_plain_newlines(super().to_python(value) or "")


class EssayForm(AnswerForm):
    """Form for {"text": str, "aloud": bool}; an answer can be spoken instead of written."""

    text = EssayField(rows=8)
    aloud = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have answered aloud"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def answer(self) -> Answer | None:
        text, aloud = _unless_blank(self.cleaned_data["text"]), self.cleaned_data["aloud"]
        return {"text": text, "aloud": aloud} if text or aloud else None


class FollowUpForm(EssayForm):
    """Form for {"text": str, "aloud": bool, "follow_ups": {"<index>": str}}. A follow-up question can be left empty. It
    keeps its saved answer if the page did not contain it, so that another answer to the question does not change which
    follow-up is asked."""

    follow_up = EssayField(rows=5, label=gettext_lazy("Your answer or notes for the follow-up question"))

    def __init__(self, follow_up: int, data: Mapping[str, Any] | None = None, answer: Answer | None = None) -> None:
        self.key = str(follow_up)
        super().__init__(data, initial={**(answer or {}), "follow_up": _follow_ups(answer).get(self.key, "")})

    def answer(self) -> Answer | None:
        given = super().answer() or ({"text": "", "aloud": False} if "text" in self.data else {})
        if "follow_up" in self.data:
            given["follow_ups"] = {self.key: _unless_blank(self.cleaned_data["follow_up"])}
        elif any(value != self.initial.get(name) for name, value in given.items()):
            given["follow_ups"] = {self.key: self.initial["follow_up"]}
        return given or None


class AssessmentForm(forms.Form):
    """Form for the rubric criteria that the candidate considers met; a page can have one for each position."""

    def __init__(
        self,
        item: Item,
        position: int,
        data: Mapping[str, Any] | None = None,
        answer: Answer | None = None,
        ticked: Sequence[str] | None = None,
    ) -> None:
        self.position = position
        super().__init__(data)
        self.fields["met"] = forms.MultipleChoiceField(
            required=False,
            choices=[
                (str(place), _("%s *(essential)*") % criterion.text if criterion.essential else criterion.text)
                for place, criterion in enumerate(item.criteria, 1)
            ],
            initial=[str(index + 1) for index in (answer or {}).get("met", ())] if ticked is None else ticked,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            error_messages={"invalid_choice": _("That criterion does not belong to this question. Choose again.")},
        )

    def add_prefix(self, field_name: str) -> str:
        """Return the field's name on the page, such as "met-3"."""
        return f"{field_name}-{self.position}"

    def met(self) -> list[int]:
        """Return the sorted indices of the criteria met."""
        return sorted({int(value) - 1 for value in self.cleaned_data["met"]})


class Open(QuestionType):
    """Self-graded: the weight of the criteria met divided by the weight of all, at most CAP_WITHOUT_ESSENTIALS if an
    essential one is missing."""

    name = "open"
    label = gettext_lazy("Open question")
    instruction = gettext_lazy("Answer as you would in an interview: aloud or in writing.")
    template = "questions/types/open.html"
    review_template = "questions/types/open_review.html"
    machine_graded = False
    needs_task = False
    time_factor = 3.0

    def problems(self, item: Item) -> list[Problem]:
        found = []
        if not item.model_answer.strip():
            found.append(Problem("model_answer", _("An open question needs a model answer.")))
        if not item.criteria:
            found.append(Problem("criteria", _("An open question needs a rubric: at least one criterion.")))
        if any(criterion.weight <= 0 for criterion in item.criteria):
            found.append(Problem("criteria", _("The weight of a criterion must be above 0.")))
        return found

    def form(
        self, item: Item, order: Order, data: Mapping[str, Any] | None = None, answer: Answer | None = None
    ) -> EssayForm:
        return EssayForm(data, initial=answer)

    def interview_form(
        self,
        item: Item,
        order: Order,
        data: Mapping[str, Any] | None = None,
        answer: Answer | None = None,
        follow_up: int | None = None,
    ) -> EssayForm:
        return self.form(item, order, data, answer) if follow_up is None else FollowUpForm(follow_up, data, answer)

    def follow_up(self, item: Item, answer: Answer, choose: Callable[[Item, str], int]) -> int | None:
        if not item.follow_ups:
            return None
        asked = next(iter(_follow_ups(answer)), None)
        return choose(item, answer.get("text", "")) if asked is None else int(asked)

    def answered_follow_ups(self, item: Item, answer: Answer | None) -> list[tuple[FollowUpQuestion, str]]:
        return [(item.follow_ups[int(key)], text) for key, text in sorted(_follow_ups(answer).items())]

    def free_text(self, answer: Answer) -> str:
        return "\n\n".join(filter(None, [answer.get("text", ""), *_follow_ups(answer).values()]))

    def order(self, item: Item, random: Random) -> list[int]:
        return []

    def _is_valid_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() - {"text", "aloud", "met", "follow_ups"}:
            return False
        aloud, met, follow_ups = answer.get("aloud", False), answer.get("met", []), answer.get("follow_ups", {})
        if type(aloud) is not bool or not are_indices(met, len(item.criteria)) or met != sorted(met):
            return False
        if not isinstance(follow_ups, dict) or follow_ups.keys() - set(map(str, range(len(item.follow_ups)))):
            return False
        said = [answer.get("text", ""), *follow_ups.values()]
        return (aloud or any(said)) and all(isinstance(one, str) and len(one) <= MAX_ESSAY_LENGTH for one in said)

    def _as_text(self, item: Item, answer: Answer) -> str:
        return self.free_text(answer) or _("(answered aloud)")

    def _grade(self, item: Item, answer: Answer) -> Grade:
        if "met" not in answer:
            return Grade(None)
        met = set(answer["met"])
        marks = tuple(index in met for index in range(len(item.criteria)))
        total = sum(criterion.weight for criterion in item.criteria)
        earned = sum(criterion.weight for criterion, mark in zip(item.criteria, marks, strict=True) if mark)
        fraction = earned / total if total else 0.0
        missing = any(criterion.essential and not mark for criterion, mark in zip(item.criteria, marks, strict=True))
        return Grade(min(fraction, CAP_WITHOUT_ESSENTIALS) if missing else fraction, marks)

    def grading_note(self, item: Item, answer: Answer) -> str:
        return _("Candidates mark their own answers against the rubric.")

    def key(self, item: Item) -> Answer:
        return {"text": item.model_answer, "aloud": False, "met": list(range(len(item.criteria)))}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        return []

    def _merge(self, answer: Answer | None, new: Answer) -> Answer:
        """Return the saved answer updated with `new`; parts that `new` does not contain stay."""
        return {**(answer or {}), **new}


def _unless_blank(text: str) -> str:
    """Return the text as it was typed; empty if it is nothing but white space."""
    return text if text.strip() else ""


def _follow_ups(answer: Answer | None) -> dict[str, str]:
    """Return the answers to follow-up questions by index; the keys are strings because they come from JSON."""
    return (answer or {}).get("follow_ups", {})
