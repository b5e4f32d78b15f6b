"""Curated quizzes."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.admin.base import PositionedTabularInline
from questions.admin.forms import KnownSelect, LonePositionForm, QuizItemForm
from questions.attempts.quiz_models import Quiz, QuizItem


class QuizItemInline(PositionedTabularInline):
    """The questions of a quiz, in its order."""

    model = QuizItem
    form = QuizItemForm
    autocomplete_fields = ["question"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuizItem]:
        """Each joined with its question, whose name is shown."""
        return super().get_queryset(request).select_related("question")

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Autocomplete that does not look up each question's name by itself."""
        if db_field.name == "question":
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Quiz)
class QuizAdmin(admin.ModelAdmin):
    """Quizzes put together by hand."""

    form = LonePositionForm
    list_display = ["title", "mode", "time_limit", "questions_asked", "is_published"]
    list_filter = ["is_published", "mode"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [QuizItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        """Each with the number of its published questions."""
        return Quiz.objects.with_counts().order_by("position")

    @admin.display(description=_("published questions"), ordering="question_count")
    def questions_asked(self, quiz: Quiz) -> int:
        """How many questions candidates are asked."""
        return quiz.question_count

    def get_view_on_site_url(self, obj: Quiz | None = None) -> str | None:
        """Its page, which a quiz has once it is published."""
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None
