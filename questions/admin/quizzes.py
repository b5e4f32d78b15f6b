"""Curated quizzes."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.admin.base import PositionedTabularInline
from questions.models import Quiz, QuizItem


class QuizItemInline(PositionedTabularInline):
    """The questions of a quiz, in its order."""

    model = QuizItem
    autocomplete_fields = ["question"]


@admin.register(Quiz)
class QuizAdmin(admin.ModelAdmin):
    """Quizzes put together by hand."""

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
