"""Admin of problem reports: the queue and the decision on each report."""

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
from questions.problem_reports import services
from questions.problem_reports.models import Outcome, QuestionReport


class DecisionForm(ModelForm):
    """The outcome of a report and the reply to the reader."""

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError if the outcome is not possible."""
        data = super().clean() or self.cleaned_data
        try:
            services.validate_decision(
                report=self.instance, outcome=data.get("outcome", ""), reply=data.get("reply", "")
            )
        except services.CannotDecide as error:
            raise ValidationError(str(error)) from error
        return data


@admin.register(QuestionReport)
class QuestionReportAdmin(admin.ModelAdmin):
    """Problem reports, undecided ones first."""

    form = DecisionForm
    list_display = ["question", "reason", "words", "reported_at", "others", "outcome"]
    list_filter = [("outcome", admin.ChoicesFieldListFilter), "reason", "revision__question__topic"]
    list_select_related = ["revision__question"]
    search_fields = ["revision__question__slug", "revision__question__stem", "text", "reply"]
    date_hierarchy = "reported_at"
    fieldsets = [
        (None, {"fields": ["question_link", "reason", "text", "reported_at"]}),
        (_("Question and answer"), {"fields": ["asked", "answered", "figures", "other_reports"]}),
        (_("Decision"), {"fields": ["outcome", "reply", "decided_at", "decided_by"]}),
    ]
    readonly_fields = [
        *("question_link", "reason", "text", "reported_at", "asked", "answered", "figures", "other_reports"),
        *("decided_at", "decided_by"),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # only candidates report problems

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionReport]:
        found = super().get_queryset(request).annotate(other_count=Count("revision__question__revisions__reports") - 1)
        return found.select_related("revision__question", "response").order_by(
            QuestionReport.objects.open_first(), "reported_at", "pk"
        )

    def save_model(self, request: HttpRequest, obj: QuestionReport, form: Any, change: bool) -> None:
        services.decide(report=obj, outcome=obj.outcome, reply=obj.reply, by=request.user, at=timezone.now())
        if obj.outcome == Outcome.RETIRED:
            self.message_user(request, _("The question was retired: new attempts won't include it."), messages.WARNING)

    @admin.display(description=_("question"), ordering="revision__question__slug")
    def question(self, report: QuestionReport) -> str:
        return str(report.revision)

    @admin.display(description=_("question"))
    def question_link(self, report: QuestionReport) -> SafeString:
        """Return links to edit, preview, compare and regrade the question."""
        question = report.revision.question
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}?old={}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:questions_question_change", args=[question.pk]),
            _("Edit %s") % question.slug,
            question.get_absolute_url(),
            _("Preview"),
            reverse("admin:questions_question_compare", args=[question.pk]),
            report.revision.number,
            _("Changes since this revision"),
            reverse("admin:questions_question_regrade", args=[question.pk]),
            _("Regrade"),
        )

    @admin.display(description=_("statistics"))
    def figures(self, report: QuestionReport) -> SafeString:
        return statistics_of(report.revision.question)

    @admin.display(description=_("text"))
    def words(self, report: QuestionReport) -> str:
        return Truncator(report.text).chars(80)

    @admin.display(description=_("other problem reports"), ordering="other_count")
    def others(self, report: Any) -> int:
        return report.other_count

    @admin.display(description=_("question as asked"))
    def asked(self, report: QuestionReport) -> SafeString:
        """Return stem, code and options of the reported revision."""
        item = report.revision.item()
        options = format_html_join(
            "", "<li>{} ({})</li>", ((one.text or one.match, one.weight) for one in item.options)
        )
        return format_html("<p>{}</p><pre>{}</pre><ol>{}</ol>", item.stem, item.code, options)

    @admin.display(description=_("candidate's answer"))
    def answered(self, report: QuestionReport) -> str:
        """Return the stored answer, with options counted from 0 in the author's order, and its fraction."""
        if not report.response or not report.response.is_answered:
            return "–"
        return f"{report.response.answer} → {report.response.fraction}"

    @admin.display(description=_("other problem reports"))
    def other_reports(self, report: QuestionReport) -> SafeString:
        """Return links to the other reports about the question."""
        others = QuestionReport.objects.filter(revision__question=report.revision.question).exclude(pk=report.pk)
        rows = (
            (reverse("admin:questions_questionreport_change", args=[other.pk]), other.get_reason_display(), other.text,
             other.get_outcome_display())
            for other in others
        )  # fmt: skip
        return format_html_join("", '<p><a href="{}">{}</a> {} ({})</p>', rows) or format_html("{}", "–")
