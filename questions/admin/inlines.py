"""The rows that belong to a question, on its page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from questions import types
from questions.admin.base import OVERRIDES, Labelled, PositionedInline, PositionedTabularInline
from questions.admin.forms import ChoiceFormSet, RubricFormSet
from questions.bank.models.editorial import ReviewNote
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question


class ChoiceInline(PositionedInline):
    """Options, accepted answers, steps or pairs."""

    model = Choice
    formset = ChoiceFormSet

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What options of the question's type need, and what they hold although it needs none of it."""
        own = types.get(obj.type).option_fields if obj else ("weight", "match", "tolerance")
        held = [name for name in ("weight", "match", "tolerance") if name in own or (obj and _any_has(obj, name))]
        return ["position", "text", *([tuple(held)] if held else []), "feedback"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Room for a few where there are none yet."""
        return 0 if obj else 4


def _any_has(question: Question, name: str) -> bool:
    """Whether an option of the question holds something there."""
    return any(getattr(choice, name) for choice in question.choices.all())


class RubricCriterionInline(PositionedTabularInline):
    """What can be observed in a good answer."""

    model = RubricCriterion
    formset = RubricFormSet


class FollowUpInline(PositionedTabularInline):
    """What an interviewer asks next."""

    model = FollowUp


class ReferenceInline(PositionedTabularInline):
    """Where the answer can be looked up."""

    model = Reference


class ReviewNoteInline(Labelled, admin.TabularInline):
    """What reviewers and authors tell each other; what is written stays."""

    model = ReviewNote
    extra = 1
    formfield_overrides = OVERRIDES
    fields = ["text", "written_by", "written_at"]
    readonly_fields = ["written_by", "written_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewNote]:
        """Each joined with who wrote it."""
        return super().get_queryset(request).select_related("written_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
