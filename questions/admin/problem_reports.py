"""The queue of readers' reports."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from questions.admin.base import statistics_of
from questions.problem_reports import services as feedback
from questions.problem_reports.models import Outcome, QuestionReport


class DecisionForm(ModelForm):
    """Outcome and reply; what does not fit is told at the form."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where the outcome cannot be."""
        given = super().clean() or self.cleaned_data
        try:
            feedback.validate_decision(
                report=self.instance, outcome=given.get("outcome", ""), reply=given.get("reply", "")
            )
        except feedback.CannotDecide as error:
            raise ValidationError(str(error)) from error
        return given


@admin.register(QuestionReport)
class QuestionReportAdmin(admin.ModelAdmin):
    """Reports, those that wait first."""

    form = DecisionForm
    list_display = ["question", "reason", "words", "reported_at", "others", "outcome"]
    list_filter = [("outcome", admin.ChoicesFieldListFilter), "reason", "revision__question__topic"]
    list_select_related = ["revision__question"]
    search_fields = ["revision__question__slug", "revision__question__stem", "text", "reply"]
    date_hierarchy = "reported_at"
    fieldsets = [
        (None, {"fields": ["question_link", "reason", "text", "reported_at"]}),
        (_("What was asked"), {"fields": ["asked", "answered", "figures", "other_reports"]}),
        (_("Decision"), {"fields": ["outcome", "reply", "decided_at", "decided_by"]}),
    ]
    readonly_fields = [
        *("question_link", "reason", "text", "reported_at", "asked", "answered", "figures", "other_reports"),
        *("decided_at", "decided_by"),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Readers make them."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionReport]:
        """Those that wait first, the oldest of them on top."""
        found = super().get_queryset(request).annotate(other_count=Count("revision__question__revisions__reports") - 1)
        return found.select_related("revision__question", "response").order_by(
            QuestionReport.objects.open_first(), "reported_at", "pk"
        )

    def save_model(self, request: HttpRequest, obj: QuestionReport, form: Any, change: bool) -> None:
        """Decides."""
        feedback.decide(report=obj, outcome=obj.outcome, reply=obj.reply, by=request.user, at=timezone.now())
        if obj.outcome == Outcome.RETIRED:
            self.message_user(request, _("The question is retired: nobody is asked it any more."), messages.WARNING)

    @admin.display(description=_("question"), ordering="revision__question__slug")
    def question(self, report: QuestionReport) -> str:
        """Which question."""
        return str(report.revision)

    @admin.display(description=_("question"))
    def question_link(self, report: QuestionReport) -> SafeString:
        """Where it is corrected, and how candidates see it."""
        question = report.revision.question
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}?old={}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:questions_question_change", args=[question.pk]),
            _("Correct %s") % question.slug,
            question.get_absolute_url(),
            _("Preview"),
            reverse("admin:questions_question_compare", args=[question.pk]),
            report.revision.number,
            _("What has changed since"),
            reverse("admin:questions_question_regrade", args=[question.pk]),
            _("Grade anew"),
        )

    @admin.display(description=_("what answers tell"))
    def figures(self, report: QuestionReport) -> SafeString:
        """The statistics of the question, of each revision and of all together."""
        return statistics_of(report.revision.question)

    @admin.display(description=_("text"))
    def words(self, report: QuestionReport) -> str:
        """The beginning of what was written."""
        return Truncator(report.text).chars(80)

    @admin.display(description=_("other reports"), ordering="other_count")
    def others(self, report: Any) -> int:
        """How many others there are about the same question."""
        return report.other_count

    @admin.display(description=_("question as asked"))
    def asked(self, report: QuestionReport) -> SafeString:
        """Stem, code and options of the revision that was reported."""
        item = report.revision.item()
        options = format_html_join(
            "", "<li>{} ({})</li>", ((one.text or one.match, one.weight) for one in item.options)
        )
        return format_html("<p>{}</p><pre>{}</pre><ol>{}</ol>", item.stem, item.code, options)

    @admin.display(description=_("answer of the reader"))
    def answered(self, report: QuestionReport) -> str:
        """The stored answer, in the author's order of the options from 0, and what it earned."""
        if not report.response or not report.response.is_answered:
            return "–"
        return f"{report.response.answer} → {report.response.fraction}"

    @admin.display(description=_("other reports"))
    def other_reports(self, report: QuestionReport) -> SafeString:
        """The others about the same question."""
        others = QuestionReport.objects.filter(revision__question=report.revision.question).exclude(pk=report.pk)
        rows = (
            (reverse("admin:questions_questionreport_change", args=[other.pk]), other.get_reason_display(), other.text,
             other.get_outcome_display())
            for other in others
        )  # fmt: skip
        return format_html_join("", '<p><a href="{}">{}</a> {} ({})</p>', rows) or format_html("{}", "–")
