"""Revisions of a question: history, comparison of two revisions and restoring one."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from questions.admin.base import page_context
from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.diff import differences

CURRENT = "now"


class RevisionPagesMixin:
    """Adds the list of revisions to the history page, and pages to compare and restore revisions."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/compare/", view(self.compare), name="questions_question_compare"),
            path(
                "<path:object_id>/restore/<int:number>/",
                view(require_POST(self.restore)),
                name="questions_question_restore",
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        revisions = QuestionRevision.objects.filter(question=_parse_id(object_id)).select_related("made_by")
        context = {"revisions": revisions.order_by("-number"), **(extra_context or {})}
        return super().history_view(request, object_id, context)  # type: ignore[misc]

    def get_viewable_question(self, request: HttpRequest, object_id: str) -> Question:
        """Return the question with its content; raise Http404, or PermissionDenied if the user may not view it."""
        question = get_object_or_404(Question.objects.with_content(), pk=_parse_id(object_id))
        if not self.has_view_or_change_permission(request, question):  # type: ignore[attr-defined]
            raise PermissionDenied
        return question

    def compare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show two revisions side by side, or a revision and the current content."""
        question = self.get_viewable_question(request, object_id)
        revisions = {str(revision.number): revision for revision in question.revisions.select_related("made_by")}
        if not revisions:
            raise Http404(_("This question has no revision yet."))
        newest = max(revisions, key=int)
        old, new = request.GET.get("old", newest), request.GET.get("new", CURRENT)
        if old not in revisions or new not in {CURRENT, *revisions}:
            raise Http404(_("Revision not found."))
        current = question.item()
        context = page_context(self, request, question, _("Compare: %s") % question) | {
            "revisions": revisions.values(),
            "old": old,
            "new": new,
            "revision": revisions[old],
            "differences": differences(revisions[old].item(), current if new == CURRENT else revisions[new].item()),
            "old_label": _("Revision %s") % old,
            "new_label": _("Current version") if new == CURRENT else _("Revision %s") % new,
            "may_restore": self.has_change_permission(request, question)  # type: ignore[attr-defined]
            and revisions[old].digest != current.digest(),
        }
        return TemplateResponse(request, "admin/questions/question/compare.html", context)

    def restore(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Restore the content of the revision with this number."""
        question = self.get_viewable_question(request, object_id)
        if not self.has_change_permission(request, question):  # type: ignore[attr-defined]
            raise PermissionDenied
        revision = get_object_or_404(question.revisions.all(), number=number)
        try:
            authoring.restore(question=question, revision=revision, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        except authoring.CannotRestore as error:
            messages.error(
                request, _("Not restored, because this revision is not valid for a published question: %s") % error
            )
        else:
            self.log_change(request, question, _("Restored revision %d.") % number)  # type: ignore[attr-defined]
            messages.success(request, _("Revision %d was restored.") % number)
        return redirect(reverse("admin:questions_question_change", args=[question.pk]))


def _parse_id(object_id: str) -> int:
    """Return the primary key in a URL; raise Http404 if it is not a number."""
    text = unquote(object_id)
    if not text.isdecimal():
        raise Http404
    return int(text)
