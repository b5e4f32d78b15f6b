"""Questions with all that belongs to them, and the revisions that candidates were asked."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from questions.admin.base import PositionedInline, PositionedTabularInline, ReadOnly
from questions.forms.admin import ChoiceFormSet, QuestionForm, RubricFormSet
from questions.models import Choice, FollowUp, Question, QuestionRevision, Reference, RubricCriterion, Status
from questions.services import authoring

STEM_LENGTH = 80


class ChoiceInline(PositionedInline):
    """Options, accepted answers, steps or pairs."""

    model = Choice
    formset = ChoiceFormSet
    fields = ["position", "text", ("weight", "match", "tolerance"), "feedback"]


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


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    """Where questions are written and corrected."""

    form = QuestionForm
    inlines = [ChoiceInline, RubricCriterionInline, FollowUpInline, ReferenceInline]
    list_display = ["slug", "short_stem", "topic", "type", "difficulty", "seniority", "status"]
    list_filter = ["status", "topic", "type", "task", "difficulty", "seniority"]
    list_select_related = ["topic"]
    search_fields = ["slug", "stem", "code", "explanation"]
    autocomplete_fields = ["topic", "takeaway", "faq"]
    ordering = ["topic__position", "slug"]
    actions = ["publish", "retire"]
    save_as = True
    fieldsets = [
        (None, {"fields": [("topic", "slug"), ("type", "status"), ("difficulty", "seniority"), "task", "stem"]}),
        (_("Code"), {"fields": ["code", "code_language"]}),
        (_("After the answer"), {"fields": ["explanation", "model_answer", ("takeaway", "faq")]}),
        (_("Fine points"), {"fields": ["holds_for", "case_sensitive"]}),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told which rows this person is not shown."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        shown = {inline.formset for inline in self.get_inline_instances(request, obj)}
        form.unseen = [rows.problem_field for rows in (ChoiceFormSet, RubricFormSet) if rows not in shown]
        return form

    @admin.display(description=_("stem"))
    def short_stem(self, question: Question) -> str:
        """The beginning of the stem."""
        return Truncator(question.stem).chars(STEM_LENGTH)

    @admin.action(description=_("Publish selected questions"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Publishes those that are sound, and tells what is wrong with the others."""
        published, refused = authoring.publish(questions=Question.objects.with_content().filter(pk__in=queryset))
        if published:
            text = ngettext("%d question is published.", "%d questions are published.", len(published))
            self.message_user(request, text % len(published), messages.SUCCESS)
        for question, problems in refused:
            reasons = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
            self.message_user(request, _("Not published: %s. ") % question.slug + reasons, messages.ERROR)

    @admin.action(description=_("Retire selected questions"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Takes the questions out of new quizzes; attempts keep them."""
        count = authoring.set_status(questions=queryset, status=Status.RETIRED)
        self.message_user(request, ngettext("%d question is retired.", "%d questions are retired.", count) % count)


@admin.register(QuestionRevision)
class QuestionRevisionAdmin(ReadOnly, admin.ModelAdmin):
    """What questions said when they were asked."""

    list_display = ["question", "number", "created_at"]
    list_select_related = ["question"]
    search_fields = ["question__slug", "digest"]
    date_hierarchy = "created_at"
    fields = ["question", "number", "created_at", "digest", "text"]

    @admin.display(description=_("content"))
    def text(self, revision: QuestionRevision) -> SafeString:
        """The frozen content, laid out."""
        return format_html("<pre>{}</pre>", json.dumps(revision.content, indent=2, ensure_ascii=False))
