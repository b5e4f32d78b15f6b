"""Inlines on a question's page: options, rubric, follow-ups, references and review notes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from questions import types
from questions.admin.base import FORMFIELD_OVERRIDES, LabelledFieldsMixin, PositionedInline, PositionedTabularInline
from questions.admin.forms import ChoiceFormSet, RubricFormSet
from questions.bank.models.editorial import ReviewNote
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question


class ChoiceInline(PositionedInline):
    """Options: texts to pick, accepted answers, steps or pairs."""

    model = Choice
    formset = ChoiceFormSet

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the fields that the question's type needs, and other fields that already have a value."""
        needed = types.get(obj.type).option_fields if obj else ("weight", "match", "tolerance")
        shown = [name for name in ("weight", "match", "tolerance") if name in needed or (obj and _has_any(obj, name))]
        return ["position", "text", *([tuple(shown)] if shown else []), "feedback"]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 4


def _has_any(question: Question, name: str) -> bool:
    """Whether an option of the question has a value in this field."""
    return any(getattr(choice, name) for choice in question.choices.all())


class RubricCriterionInline(PositionedTabularInline):
    """Criteria of the rubric."""

    model = RubricCriterion
    formset = RubricFormSet


class FollowUpInline(PositionedInline):
    """Follow-up questions with their model answers."""

    model = FollowUp


class ReferenceInline(PositionedTabularInline):
    """Sources of the answer."""

    model = Reference


class ReviewNoteInline(LabelledFieldsMixin, admin.TabularInline):
    """Notes between reviewers and authors, which cannot be changed or deleted."""

    model = ReviewNote
    extra = 1
    formfield_overrides = FORMFIELD_OVERRIDES
    fields = ["text", "written_by", "written_at"]
    readonly_fields = ["written_by", "written_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewNote]:
        return super().get_queryset(request).select_related("written_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
