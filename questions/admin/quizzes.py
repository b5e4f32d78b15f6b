"""Admin of curated quizzes."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.admin.base import MarkdownPreviewMixin, PositionedTabularInline
from questions.admin.forms import PrefilledAutocomplete, QuizItemForm, StandalonePositionForm
from questions.attempts.quiz_models import Quiz, QuizItem


class QuizItemInline(PositionedTabularInline):
    """The questions of a quiz, ordered by position."""

    model = QuizItem
    form = QuizItemForm
    autocomplete_fields = ["question"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuizItem]:
        return super().get_queryset(request).select_related("question")

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "question":
            kwargs["widget"] = PrefilledAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Quiz)
class QuizAdmin(MarkdownPreviewMixin, admin.ModelAdmin):
    """Curated quizzes."""

    form = StandalonePositionForm
    list_display = ["title", "mode", "time_limit", "questions_asked", "is_published"]
    list_filter = ["is_published", "mode"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [QuizItemInline]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        return Quiz.objects.with_counts().order_by("position")

    @admin.display(description=_("published questions"), ordering="question_count")
    def questions_asked(self, quiz: Quiz) -> int:
        return quiz.question_count

    def get_view_on_site_url(self, obj: Quiz | None = None) -> str | None:
        # Only published quizzes have a page.
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None
