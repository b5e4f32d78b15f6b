"""Questions with all that belongs to them, and the revisions that candidates were asked."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from questions.admin.base import PositionedInline, PositionedTabularInline, ReadOnly
from questions.forms.admin import ChoiceFormSet, QuestionForm, RubricFormSet
from questions.models import (
    Choice,
    FollowUp,
    ItemStatistics,
    Question,
    QuestionReport,
    QuestionRevision,
    Reference,
    RubricCriterion,
    Status,
)
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


class Findings(admin.SimpleListFilter):
    """Questions that their answers speak against."""

    title = _("what answers tell")
    parameter_name = "told"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The kinds."""
        return [
            ("negative", _("Negative discrimination")),
            ("distractor", _("A distractor chosen by under 5 %")),
            ("sure", _("Sure but wrong over 20 %")),
            ("reported", _("Reported and not decided")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the kind."""
        if self.value() == "negative":
            return queryset.filter(discrimination__lt=0)
        if self.value() == "distractor":
            return queryset.filter(weakest_distractor__lt=0.05)
        if self.value() == "sure":
            return queryset.filter(sure_but_wrong__gt=0.2)
        if self.value() == "reported":
            return queryset.filter(pk__in=QuestionReport.objects.undecided().values("revision__question"))
        return queryset


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    """Where questions are written and corrected."""

    form = QuestionForm
    inlines = [ChoiceInline, RubricCriterionInline, FollowUpInline, ReferenceInline]
    list_display = [
        *("slug", "short_stem", "topic", "type", "difficulty", "status"),
        *("answers", "facility", "discrimination", "sure_but_wrong"),
    ]
    list_filter = ["status", Findings, "topic", "type", "task", "difficulty", "seniority"]
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
        (_("What answers tell"), {"fields": ["figures", "choices_made"]}),
    ]
    readonly_fields = ["figures", "choices_made"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told which rows this person is not shown."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        shown = {inline.formset for inline in self.get_inline_instances(request, obj)}
        form.unseen = [rows.problem_field for rows in (ChoiceFormSet, RubricFormSet) if rows not in shown]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Each with what answers tell about it."""
        return Question.objects.with_statistics()

    @admin.display(description=_("figures"))
    def figures(self, question: Question) -> Any:
        """The statistics of each revision and of all together, in words."""
        lines = question.statistics.select_related("revision").order_by("revision__number") if question.pk else ()
        return format_html_join("", "<p>{}</p>", ((line.summary(),) for line in lines)) or _("Nobody has answered it.")

    @admin.display(description=_("choices"))
    def choices_made(self, question: Question) -> SafeString | None:
        """How often each option of the newest revision that was answered was chosen."""
        per_revision = question.statistics.exclude(revision=None) if question.pk else ItemStatistics.objects.none()
        found = per_revision.order_by("-revision__number").first()
        if found is None or not found.choice_counts or found.revision is None:
            return None
        total = sum(found.choice_counts)
        rows = (
            (option.text, option.weight, total, count, count, round(100 * count / total))
            for option, count in zip(found.revision.item().options, found.choice_counts, strict=True)
        )
        row = '<tr><td>{}</td><td>{}</td><td><meter max="{}" value="{}"></meter></td><td>{} ({} %)</td></tr>'
        return format_html("<table>{}</table>", format_html_join("", row, rows))

    @admin.display(description=_("answers"), ordering="answers", empty_value="–")
    def answers(self, question: Any) -> int | None:
        """How many answers the figures are over."""
        return question.answers

    @admin.display(description=_("facility"), ordering="facility", empty_value="–")
    def facility(self, question: Any) -> str | None:
        """Mean fraction earned."""
        return None if question.facility is None else f"{100 * question.facility:.0f} %"

    @admin.display(description=_("discrimination"), ordering="discrimination", empty_value="–")
    def discrimination(self, question: Any) -> str | None:
        """Correlation with the rest of the attempt, from thirty answers on."""
        return None if question.discrimination is None else f"{question.discrimination:.0f}"

    @admin.display(description=_("sure but wrong"), ordering="sure_but_wrong", empty_value="–")
    def sure_but_wrong(self, question: Any) -> str | None:
        """Share of the sure answers that earned nothing."""
        return None if question.sure_but_wrong is None else f"{100 * question.sure_but_wrong:.0f} %"

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
