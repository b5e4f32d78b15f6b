"""Admin of questions, with their rows, statistics and actions, and of their revisions."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from questions import types
from questions.admin.actions import BulkActionsMixin
from questions.admin.base import AutocompleteMixin, MarkdownPreviewMixin, ReadOnlyMixin, statistics_of
from questions.admin.dashboard import outdated_claims
from questions.admin.forms import ChoiceFormSet, QuestionForm, RubricFormSet
from questions.admin.importexport import ImportExportPagesMixin
from questions.admin.inlines import (
    ChoiceInline,
    FollowUpInline,
    ReferenceInline,
    ReviewNoteInline,
    RubricCriterionInline,
)
from questions.admin.regrading import RegradePageMixin
from questions.admin.revisions import RevisionPagesMixin
from questions.bank import authoring, freezing, pictures
from questions.bank.models.editorial import ReviewNote
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.questions import FLAGS, Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.markdown import markdown_html
from questions.enums import Status
from questions.percent import percent
from questions.problem_reports.models import QuestionReport
from questions.quality import lint
from questions.quality.entries import Entry

MAX_STEM_LENGTH = 60
MAX_PREVIEW_LENGTH = 50_000


class AttentionFilter(admin.SimpleListFilter):
    """List filter for questions that may be faulty: by statistics, problem reports or outdated versions."""

    title = _("possible problems")
    parameter_name = "told"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("flagged", _("Any of the next three")),
            ("negative", _("Negative discrimination")),
            ("distractor", _("A distractor chosen by fewer than 5 % of candidates")),
            ("sure", _("More than 20 % sure but wrong")),
            ("reported", _("Open problem reports")),
            ("outdated", _("Applies to an outdated version")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "flagged":
            return queryset.flagged()
        if self.value() in FLAGS:
            return queryset.with_flag(self.value())
        if self.value() == "outdated":
            return queryset.applying_to(outdated_claims())
        if self.value() == "reported":
            return queryset.filter(pk__in=QuestionReport.objects.undecided().values("revision__question"))
        return queryset


@admin.register(Question)
class QuestionAdmin(
    BulkActionsMixin,
    ImportExportPagesMixin,
    RevisionPagesMixin,
    RegradePageMixin,
    AutocompleteMixin,
    MarkdownPreviewMixin,
    admin.ModelAdmin,
):
    """Questions: writing, editorial review, import, export, revisions and regrading."""

    form = QuestionForm
    list_display = [
        *("slug", "short_stem", "status", "type", "difficulty"),
        *("answers", "facility", "discrimination", "sure_but_wrong", "topic"),
    ]
    list_filter = ["status", AttentionFilter, "topic", "type", "task", "difficulty", "seniority"]
    list_select_related = ["topic"]
    search_fields = ["slug", "stem", "code", "explanation"]
    autocomplete_fields = ["topic", "takeaway", "faq"]
    ordering = ["topic__position", "slug"]
    actions = ["send_to_review", "publish", "retire", "move_to_topic", "set_difficulty", "export"]
    fieldsets = [
        (None, {"fields": [("topic", "slug"), ("type", "status"), ("difficulty", "seniority"), "task", "stem"]}),
        (_("Code"), {"fields": ["code", "code_language"]}),
        (_("After the answer"), {"fields": ["explanation", "model_answer", ("takeaway", "faq")]}),
        (_("Advanced"), {"fields": ["holds_for", "case_sensitive", "units"]}),
        (_("Statistics"), {"fields": ["figures", "choices_made"]}),
    ]
    readonly_fields = ["figures", "choices_made"]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("rendered/", view(require_POST(self.rendered)), name="questions_question_rendered"),
            path(
                "<path:object_id>/duplicate/", view(require_POST(self.duplicate)), name="questions_question_duplicate"
            ),
            *super().get_urls(),
        ]

    def rendered(self, request: HttpRequest) -> JsonResponse:
        """Return the posted Markdown rendered as HTML, for the live preview."""
        if not request.user.has_perm("questions.view_question"):
            raise PermissionDenied
        text = request.POST.get("text", "")[:MAX_PREVIEW_LENGTH]
        return JsonResponse({"html": markdown_html.__wrapped__(text, pictures.shown_in([text]))})

    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy the question to a new draft and open it."""
        question = self.get_viewable_question(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        copy = authoring.duplicate(question=question, by=request.user)  # type: ignore[arg-type]
        self.log_addition(request, copy, gettext("Copied from %s.") % question)
        self.message_user(
            request, gettext("Question duplicated. This is the copy, a draft with its own slug."), messages.SUCCESS
        )
        return redirect(reverse("admin:questions_question_change", args=[copy.pk]))

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return the inlines for the question's type, those that already have rows, or all for a new question."""
        machine_graded = [ChoiceInline]
        self_assessed = [RubricCriterionInline, FollowUpInline]
        if obj is None:
            return [*machine_graded, *self_assessed, ReferenceInline]
        is_open = not types.get(obj.type).machine_graded
        inlines = [
            *([] if is_open and not obj.choices.exists() else machine_graded),
            *(self_assessed if is_open or obj.criteria.exists() or obj.follow_ups.exists() else []),
        ]
        return [*inlines, ReferenceInline, ReviewNoteInline]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Question | None:
        """Return the question with its saved status in `status_before`, since an invalid form changes `status`."""
        found = super().get_object(request, object_id, from_field)
        if found:
            found.status_before = found.status
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the user may change the question; published and retired ones need the permission to publish."""
        is_frozen = obj is not None and getattr(obj, "status_before", obj.status) in (Status.PUBLISHED, Status.RETIRED)
        return super().has_change_permission(request, obj) and (not is_frozen or self.has_publish_permission(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form class with the user and the parts that the user may not see."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        shown = {inline.formset for inline in self.get_inline_instances(request, obj)}
        form.hidden_parts = [rows.problem_field for rows in (ChoiceFormSet, RubricFormSet) if rows not in shown]
        form.by = request.user
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return Question.objects.with_statistics()

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """Freeze the old content as a revision, or set the author of a new question."""
        if change:
            freezing.freeze(questions=[obj], at=timezone.now())
        else:
            obj.author = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is ReviewNote:
            for note in formset.save(commit=False):
                note.written_by, note.written_at = request.user, timezone.now()
                note.save()
        else:
            super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Freeze the new content as a revision, and show the lint findings about it."""
        super().save_related(request, form, formsets, change)
        question = form.instance
        freezing.freeze(questions=[question], at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        saved = Question.objects.with_content().select_related("topic").get(pk=question.pk)
        entry = Entry(saved.topic.slug, saved.slug, saved.task, saved.item())
        for finding in lint.question_findings(entry) + lint.suggestions(entry):
            self.message_user(request, gettext("Suggestion: %s.") % finding.rstrip("."), messages.WARNING)

    @admin.display(description=_("statistics"))
    def figures(self, question: Question) -> Any:
        return statistics_of(question)

    @admin.display(description=_("options chosen"))
    def choices_made(self, question: Question) -> SafeString | None:
        """Return how often each option was chosen, in the newest revision with answers. What no option names is listed
        if anybody chose it."""
        per_revision = question.statistics.exclude(revision=None) if question.pk else ItemStatistics.objects.none()
        found = per_revision.order_by("-revision__number").first()
        if found is None or not found.choice_counts or found.revision is None:
            return None
        item, total = found.revision.item(), sum(found.choice_counts)
        labels = types.get(item.type).countable(item)
        weights = [*(option.weight for option in item.options), *[0.0] * (len(labels) - len(item.options))]
        rows = (
            (label, weight, total, count, count, percent(count / total))
            for place, (label, weight, count) in enumerate(zip(labels, weights, found.choice_counts, strict=True))
            if count or place < len(item.options)
        )
        row = '<tr><td>{}</td><td>{}</td><td><meter max="{}" value="{}"></meter></td><td>{} ({} %)</td></tr>'
        return format_html("<table>{}</table>", format_html_join("", row, rows))

    @admin.display(description=_("answers"), ordering="answers", empty_value="–")
    def answers(self, question: Any) -> int | None:
        return question.answers

    @admin.display(description=_("facility"), ordering="facility", empty_value="–")
    def facility(self, question: Any) -> str | None:
        return None if question.facility is None else f"{percent(question.facility)} %"

    @admin.display(description=_("discrimination"), ordering="discrimination", empty_value="–")
    def discrimination(self, question: Any) -> str | None:
        return None if question.discrimination is None else f"{question.discrimination:.0f}"

    @admin.display(description=_("sure but wrong"), ordering="sure_but_wrong", empty_value="–")
    def sure_but_wrong(self, question: Any) -> str | None:
        return None if question.sure_but_wrong is None else f"{percent(question.sure_but_wrong)} %"

    @admin.display(description=_("stem"))
    def short_stem(self, question: Question) -> str:
        return Truncator(question.stem).chars(MAX_STEM_LENGTH)


@admin.register(QuestionRevision)
class QuestionRevisionAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """Revisions of questions, read-only."""

    list_display = ["question", "number", "created_at"]
    list_select_related = ["question"]
    search_fields = ["question__slug", "digest"]
    date_hierarchy = "created_at"
    fields = ["question", "number", "created_at", "digest", "text"]

    @admin.display(description=_("content"))
    def text(self, revision: QuestionRevision) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(revision.content, indent=2, ensure_ascii=False))
