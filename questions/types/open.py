"""Open questions: one's own words, then one's own marks against a rubric."""

from collections.abc import Mapping
from random import Random
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item
from questions.types.base import (
    MAX_ESSAY_LENGTH,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
    are_places,
)

CAP_WITHOUT_ESSENTIALS = 0.5


class EssayForm(AnswerForm):
    """Reads {"text": str, "aloud": bool}: an answer may be spoken instead of written."""

    text = forms.CharField(
        required=False,
        max_length=MAX_ESSAY_LENGTH,
        widget=forms.Textarea(attrs={"dir": "auto", "class": "form-control", "rows": 8}),
    )
    aloud = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have answered aloud"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def answer(self) -> Answer | None:
        data = self.cleaned_data
        return {"text": data["text"], "aloud": data["aloud"]} if data["text"] or data["aloud"] else None


class FollowUpForm(EssayForm):
    """Reads {"text": str, "aloud": bool, "follow_ups": {"<index>": str}}; a follow-up question may be passed over, and
    what the page did not hold is left out."""

    follow_up = forms.CharField(
        required=False,
        max_length=MAX_ESSAY_LENGTH,
        label=gettext_lazy("Your answer or notes to this one"),
        widget=forms.Textarea(attrs={"dir": "auto", "class": "form-control", "rows": 5}),
    )

    def __init__(self, follow_up: int, data: Mapping[str, Any] | None = None, answer: Answer | None = None) -> None:
        self.key = str(follow_up)
        super().__init__(data, initial={**(answer or {}), "follow_up": _follow_ups(answer).get(self.key, "")})

    def answer(self) -> Answer | None:
        given = super().answer() or {}
        if "follow_up" in self.data:
            given["follow_ups"] = {self.key: self.cleaned_data["follow_up"]}
        return given or None


class AssessmentForm(forms.Form):
    """Reads which criteria of the rubric the candidate finds met."""

    def __init__(self, item: Item, data: Mapping[str, Any] | None = None, answer: Answer | None = None) -> None:
        super().__init__(data)
        self.fields["met"] = forms.MultipleChoiceField(
            required=False,
            choices=[
                (str(place), _("%s *(essential)*") % criterion.text if criterion.essential else criterion.text)
                for place, criterion in enumerate(item.criteria, 1)
            ],
            initial=[str(index + 1) for index in (answer or {}).get("met", ())],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            error_messages={"invalid_choice": _("That criterion does not belong to this question.")},
        )

    def met(self) -> list[int]:
        """Indices into the item's criteria, sorted."""
        return sorted({int(value) - 1 for value in self.cleaned_data["met"]})


class Open(QuestionType):
    """No machine grade: weight of the criteria met / weight of all, at most 0.5 when an essential one is missing."""

    name = "open"
    label = gettext_lazy("Open question")
    instruction = gettext_lazy("Answer as you would in an interview: aloud or in writing.")
    template = "questions/types/open.html"
    review_template = "questions/types/open_review.html"
    machine_graded = False
    effort = 3.0

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

    def follow_up(self, item: Item, random: Random) -> int | None:
        return random.randrange(len(item.follow_ups)) if item.follow_ups else None

    def followed_up(self, item: Item, answer: Answer | None) -> list[tuple[str, str]]:
        return [(item.follow_ups[int(key)], text) for key, text in sorted(_follow_ups(answer).items())]

    def own_words(self, answer: Answer) -> str:
        return "\n\n".join(filter(None, [answer.get("text", ""), *_follow_ups(answer).values()]))

    def order(self, item: Item, random: Random) -> list[int]:
        return []

    def is_answer(self, item: Item, answer: Any) -> bool:
        if not isinstance(answer, dict) or answer.keys() - {"text", "aloud", "met", "follow_ups"}:
            return False
        aloud, met, follow_ups = answer.get("aloud", False), answer.get("met", []), answer.get("follow_ups", {})
        if type(aloud) is not bool or not are_places(met, len(item.criteria)) or met != sorted(met):
            return False
        if not isinstance(follow_ups, dict) or follow_ups.keys() - set(map(str, range(len(item.follow_ups)))):
            return False
        said = [answer.get("text", ""), *follow_ups.values()]
        return (aloud or any(said)) and all(isinstance(one, str) and len(one) <= MAX_ESSAY_LENGTH for one in said)

    def words(self, item: Item, answer: Answer) -> str:
        return self.own_words(answer) or _("(answered aloud)")

    def grade(self, item: Item, answer: Answer) -> Grade:
        if "met" not in answer:
            return Grade(None)
        met = set(answer["met"])
        marks = tuple(index in met for index in range(len(item.criteria)))
        total = sum(criterion.weight for criterion in item.criteria)
        earned = sum(criterion.weight for criterion, mark in zip(item.criteria, marks, strict=True) if mark)
        fraction = earned / total if total else 0.0
        missing = any(criterion.essential and not mark for criterion, mark in zip(item.criteria, marks, strict=True))
        return Grade(min(fraction, CAP_WITHOUT_ESSENTIALS) if missing else fraction, marks)

    def key(self, item: Item) -> Answer:
        return {"text": item.model_answer, "aloud": False, "met": list(range(len(item.criteria)))}

    def review(self, item: Item, order: Order, answer: Answer | None) -> list[ReviewedOption]:
        return []

    def carry(self, answer: Answer | None, new: Answer) -> Answer:
        """What `new` does not speak of stays: the text, what follow-up questions got, the criteria that were ticked."""
        return {**(answer or {}), **new}


def _follow_ups(answer: Answer | None) -> dict[str, str]:
    """What was answered to follow-up questions, by their index in the item as a key of JSON."""
    return (answer or {}).get("follow_ups", {})
