"""Bulk actions on questions in the admin, each with a confirmation page."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import Difficulty, Status

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MAX_LISTED = 100
CONFIRMED = "confirmed"


class TopicForm(forms.Form):
    """The topic to move questions to."""

    topic = forms.ModelChoiceField(Topic.objects.order_by("position"), label=gettext_lazy("Topic"))


class DifficultyForm(forms.Form):
    """The difficulty to set."""

    difficulty = forms.ChoiceField(choices=Difficulty.choices, label=gettext_lazy("Difficulty"))


class BulkActionsMixin:
    """Adds the bulk actions on questions, which ask for confirmation first."""

    opts: Any
    admin_site: Any

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether the user may publish and retire questions."""
        return request.user.has_perm(authoring.PUBLISH)

    def confirm(
        self,
        request: HttpRequest,
        queryset: QuerySet[Question],
        title: str,
        button: "StrPromise",
        form: forms.Form | None = None,
        *,
        ask_again: bool = False,
    ) -> TemplateResponse | None:
        """Return the confirmation page, or None if the user has confirmed and the form is valid.

        The button's text has %d for the number of questions. With `ask_again`, always return the page.
        """
        if CONFIRMED in request.POST and (form is None or form.is_valid()) and not ask_again:
            return None
        is_across = request.POST.get("select_across") == "1"
        count = queryset.count()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "count": count,
            "button": button % count,
            "shown": queryset.select_related("topic")[:MAX_LISTED],
            "more": max(0, count - MAX_LISTED),
            "action": request.POST["action"],
            "select_across": "1" if is_across else "0",
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME)[: 1 if is_across else None],
            "media": self.media,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/questions/question/confirm.html", context)

    def report_changes(
        self, request: HttpRequest, questions: Iterable[Question], change: str, message: "StrPromise"
    ) -> None:
        """Log the change of each question and show the message, which has %d for their number."""
        changed = list(questions)
        if changed:
            rows = Question.objects.filter(pk__in=[question.pk for question in changed])
            LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message=change)  # type: ignore[arg-type]
        self.message_user(request, message % len(changed), messages.SUCCESS)  # type: ignore[attr-defined]

    @admin.action(description=gettext_lazy("Send selected questions to editorial review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Send the drafts among the questions to editorial review."""
        drafts = queryset.filter(status=Status.DRAFT)
        button = ngettext_lazy("Send %d question to editorial review", "Send %d questions to editorial review")
        if page := self.confirm(request, drafts, _("Send these drafts to editorial review?"), button):
            return page
        sent = list(drafts)
        authoring.set_status(questions=sent, status=Status.IN_REVIEW)
        self.report_changes(
            request,
            sent,
            _("Sent to editorial review."),
            ngettext_lazy("%d question was sent to editorial review.", "%d questions were sent to editorial review."),
        )
        return None

    @admin.action(description=gettext_lazy("Publish selected questions"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Publish the valid questions, and show the problems of the others."""
        others = queryset.exclude(status=Status.PUBLISHED)
        button = ngettext_lazy("Publish %d question", "Publish %d questions")
        if page := self.confirm(request, others, _("Publish these questions?"), button):
            return page
        found = Question.objects.with_content().filter(pk__in=list(others.values_list("pk", flat=True)))
        published, refused = authoring.publish(questions=found, by=request.user)  # type: ignore[arg-type]
        message = ngettext_lazy("%d question was published.", "%d questions were published.")
        self.report_changes(request, published, _("Published."), message)
        for question, problems in refused:
            reasons = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
            self.message_user(request, _("Not published: %s. ") % question.slug + reasons, messages.ERROR)  # type: ignore[attr-defined]
        return None

    @admin.action(description=gettext_lazy("Retire selected questions"), permissions=["publish"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Retire the questions: no new attempt asks them, old attempts keep them."""
        others = queryset.exclude(status=Status.RETIRED)
        title = _("Retire these questions? New attempts won't include them; past attempts keep them.")
        button = ngettext_lazy("Retire %d question", "Retire %d questions")
        if page := self.confirm(request, others, title, button):
            return page
        retired = list(others)
        authoring.set_status(questions=retired, status=Status.RETIRED)
        message = ngettext_lazy("%d question was retired.", "%d questions were retired.")
        self.report_changes(request, retired, _("Retired."), message)
        return None

    @admin.action(description=gettext_lazy("Move selected questions to another topic"), permissions=["publish"])
    def move_to_topic(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Move the questions, except those whose slug is taken in the topic."""
        form = TopicForm(request.POST if CONFIRMED in request.POST else None)
        button = ngettext_lazy("Move %d question", "Move %d questions")
        if page := self.confirm(request, queryset, _("Move these questions to another topic"), button, form):
            return page
        moved, unmoved = authoring.move(questions=list(queryset), topic=form.cleaned_data["topic"])
        change = _("Moved to %s.") % form.cleaned_data["topic"]
        message = ngettext_lazy("%d question was moved.", "%d questions were moved.")
        self.report_changes(request, moved, change, message)
        for question in unmoved:
            text = _("Not moved: the topic already has a question with the slug “%s”. Change one of the slugs.")
            self.message_user(request, text % question.slug, messages.ERROR)  # type: ignore[attr-defined]
        return None

    @admin.action(description=gettext_lazy("Set the difficulty of selected questions"), permissions=["publish"])
    def set_difficulty(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Set the same difficulty for all of the questions."""
        form = DifficultyForm(request.POST if CONFIRMED in request.POST else None)
        button = ngettext_lazy("Set the difficulty of %d question", "Set the difficulty of %d questions")
        if page := self.confirm(request, queryset, _("Set the difficulty of these questions"), button, form):
            return page
        difficulty = Difficulty(form.cleaned_data["difficulty"])
        others = list(queryset.exclude(difficulty=difficulty))
        authoring.set_difficulty(questions=others, difficulty=difficulty, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        change = _("Difficulty set to %s.") % difficulty.label
        message = ngettext_lazy("%d question was changed.", "%d questions were changed.")
        self.report_changes(request, others, change, message)
        return None
