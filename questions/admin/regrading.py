"""Regrading of the answers to a question: a preview page, the regrade itself and its log."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.admin.base import ReadOnlyMixin, page_context
from questions.attempts import regrading
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank.models.questions import Question

MAX_LISTED = 100


class RegradeForm(forms.Form):
    """The reason for the regrade, and the digest and number of changes that the user saw in the preview."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=gettext_lazy("Shown to the candidates whose score changes."),
    )
    digest = forms.CharField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput)


class RegradePageMixin:
    """Adds the regrade page to the question admin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.regrade)
        return [
            path("<path:object_id>/regrade/", view, name="questions_question_regrade"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def regrade(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what a regrade would change; on POST with a reason, regrade."""
        question: Question = self.get_viewable_question(request, object_id)  # type: ignore[attr-defined]
        if not request.user.has_perm("questions.add_regrade"):
            raise PermissionDenied
        form = RegradeForm(request.POST or None)
        if form.is_valid():
            try:
                done = regrading.apply(question=question, by=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
            except regrading.QuestionChanged:
                messages.warning(
                    request,
                    _(
                        "Nothing was regraded, because the question or its answers have just "
                        "changed. Check the updated preview."
                    ),
                )
                return redirect(request.path)
            count = done.changes.count()
            text = ngettext("%d answer was regraded.", "%d answers were regraded.", count) % count
            self.log_change(request, question, text)  # type: ignore[attr-defined]
            messages.success(request, text)
            return redirect(reverse("admin:questions_regrade_change", args=[done.pk]))
        plan = regrading.plan(question=question)
        if not form.is_bound:
            form = RegradeForm(initial={"digest": plan.digest, "expected": len(plan.changes)})
        context = page_context(self, request, question, _("Regrade: %s") % question) | {
            "plan": plan,
            "shown": plan.changes[:MAX_LISTED],
            "more": max(0, len(plan.changes) - MAX_LISTED),
            "form": form,
        }
        return TemplateResponse(request, "admin/questions/question/regrade.html", context)


class RegradedResponseInline(ReadOnlyMixin, admin.TabularInline):
    """The first MAX_LISTED responses whose fraction the regrade changed."""

    model = RegradedResponse
    extra = 0
    fields = ["response", "before", "after"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegradedResponse]:
        found = super().get_queryset(request).select_related("response__attempt", "regrade")
        number = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        first = (
            found.filter(regrade=number).order_by("pk").values("pk")[:MAX_LISTED]
            if number
            else found.none().values("pk")
        )
        return found.filter(pk__in=list(first.values_list("pk", flat=True)))


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """Log of regrades, read-only."""

    list_display = ["question", "reason", "done_by", "done_at", "answers"]
    search_fields = ["question__slug", "reason"]
    date_hierarchy = "done_at"
    fields = ["question", "revision", "reason", "done_by", "done_at", "answers"]
    readonly_fields = ["answers"]
    inlines = [RegradedResponseInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Regrade]:
        return (
            super()
            .get_queryset(request)
            .select_related("question", "done_by", "revision__question")
            .annotate(answers=Count("changes"))
        )

    @admin.display(description=gettext_lazy("answers changed"), ordering="answers")
    def answers(self, regrade: Any) -> int:
        return regrade.answers
