"""Read-only admin of attempts and responses."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.admin.base import ReadOnlyMixin
from questions.attempts.models import Attempt, Response


class ResponseInline(ReadOnlyMixin, admin.TabularInline):
    """The responses of an attempt."""

    model = Response
    extra = 0
    fields = ["position", "asked", "given", "fraction", "confidence", "flagged", "answered_at", "duration"]
    readonly_fields = ["asked", "given"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        return super().get_queryset(request).select_related("attempt", "revision__question")

    @admin.display(description=_("question"))
    def asked(self, response: Response) -> str:
        return str(response.revision)

    @admin.display(description=_("answer"))
    def given(self, response: Response) -> str:
        return json.dumps(response.answer, ensure_ascii=False) if response.is_answered else "–"


@admin.register(Response)
class ResponseAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """All responses, searchable by question, attempt and user."""

    list_display = ["attempt", "position", "revision", "fraction", "confidence", "flagged", "answered_at"]
    list_filter = ["confidence", "flagged", "attempt__mode"]
    search_fields = ["revision__question__slug", "=attempt__public_id", "attempt__user__username"]
    list_select_related = ["attempt", "revision__question"]
    ordering = ["-pk"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """All attempts, the latest first."""

    list_display = ["title", "owner", "mode", "status", "started_at", "submitted_at", "answered"]
    list_filter = ["status", "mode"]
    search_fields = ["=public_id", "title", "user__username", "user__email"]
    date_hierarchy = "started_at"
    list_select_related = ["user"]
    view_on_site = False  # only its owner can open it there
    inlines = [ResponseInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return Attempt.objects.with_counts().latest_first()

    @admin.display(description=_("owner"))
    def owner(self, attempt: Attempt) -> Any:
        return attempt.user or _("anonymous visitor")

    @admin.display(description=_("answered"))
    def answered(self, attempt: Attempt) -> str:
        return f"{attempt.answered_count} / {attempt.question_count}"
