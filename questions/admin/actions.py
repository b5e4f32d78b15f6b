"""What is done with many questions at once, after a page that says what will be done."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import Difficulty, Status

SHOWN = 100
CONFIRMED = "confirmed"


class TopicForm(forms.Form):
    """Where to."""

    topic = forms.ModelChoiceField(Topic.objects.order_by("position"), label=gettext_lazy("Topic"))


class DifficultyForm(forms.Form):
    """Which."""

    difficulty = forms.ChoiceField(choices=Difficulty.choices, label=gettext_lazy("Difficulty"))


class BulkActions:
    """Actions on questions; each shows first what it is about to do."""

    opts: Any
    admin_site: Any

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may publish and retire questions, if not their own."""
        return request.user.has_perm(authoring.PUBLISH)

    def confirm(
        self,
        request: HttpRequest,
        queryset: QuerySet[Question],
        title: str,
        form: forms.Form | None = None,
        *,
        again: bool = False,
    ) -> TemplateResponse | None:
        """The page that asks whether to do it; None once that was said, and the form, if there is one, is filled in,
        unless it is to be asked `again`."""
        if CONFIRMED in request.POST and (form is None or form.is_valid()) and not again:
            return None
        across = request.POST.get("select_across") == "1"
        count = queryset.count()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "count": count,
            "shown": queryset.select_related("topic")[:SHOWN],
            "more": max(0, count - SHOWN),
            "action": request.POST["action"],
            "select_across": "1" if across else "0",
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME)[: 1 if across else None],
            "media": self.media,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/questions/question/confirm.html", context)

    def tell(self, request: HttpRequest, questions: Iterable[Question], change: str, one: str, many: str) -> None:
        """Logs the change of each question and says how many there were."""
        done = list(questions)
        if done:
            ids = Question.objects.filter(pk__in=[question.pk for question in done])
            LogEntry.objects.log_actions(request.user.pk, ids, CHANGE, change_message=change)  # type: ignore[arg-type]
        self.message_user(request, ngettext(one, many, len(done)) % len(done), messages.SUCCESS)  # type: ignore[attr-defined]

    @admin.action(description=gettext_lazy("Send selected questions to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Drafts wait for a reviewer from now on."""
        drafts = queryset.filter(status=Status.DRAFT)
        if asked := self.confirm(request, drafts, _("Send these drafts to review?")):
            return asked
        done = list(drafts)
        authoring.set_status(questions=done, status=Status.IN_REVIEW)
        self.tell(request, done, _("Sent to review."), "%d question waits for review.", "%d questions wait for review.")
        return None

    @admin.action(description=gettext_lazy("Publish selected questions"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Publishes those that are sound, and tells what stands in the way of the others."""
        if asked := self.confirm(request, queryset, _("Publish these questions?")):
            return asked
        before = set(queryset.published().values_list("pk", flat=True))  # type: ignore[attr-defined]
        found = Question.objects.with_content().filter(pk__in=queryset.values("pk")).exclude(pk__in=before)
        published, refused = authoring.publish(questions=found, by=request.user)  # type: ignore[arg-type]
        self.tell(request, published, _("Published."), "%d question is published.", "%d questions are published.")
        for question, problems in refused:
            reasons = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
            self.message_user(request, _("Not published: %s. ") % question.slug + reasons, messages.ERROR)  # type: ignore[attr-defined]
        return None

    @admin.action(description=gettext_lazy("Retire selected questions"), permissions=["publish"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Takes the questions out of new quizzes; attempts keep them."""
        others = queryset.exclude(status=Status.RETIRED)
        if asked := self.confirm(request, others, _("Retire these questions? Only attempts keep them.")):
            return asked
        done = list(others)
        authoring.set_status(questions=done, status=Status.RETIRED)
        self.tell(request, done, _("Retired."), "%d question is retired.", "%d questions are retired.")
        return None

    @admin.action(description=gettext_lazy("Move selected questions to a topic"), permissions=["publish"])
    def move_to_topic(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Moves the questions; those whose slug the topic has already stay."""
        form = TopicForm(request.POST if CONFIRMED in request.POST else None)
        if asked := self.confirm(request, queryset, _("Move these questions to another topic"), form):
            return asked
        moved, left = authoring.move(questions=list(queryset), topic=form.cleaned_data["topic"])
        change = _("Moved to %s.") % form.cleaned_data["topic"]
        self.tell(request, moved, change, "%d question was moved.", "%d questions were moved.")
        for question in left:
            text = _("Not moved: the topic has a question “%s” already. Give one of them another slug.")
            self.message_user(request, text % question.slug, messages.ERROR)  # type: ignore[attr-defined]
        return None

    @admin.action(description=gettext_lazy("Set the difficulty of selected questions"), permissions=["publish"])
    def set_difficulty(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse | None:
        """Gives all of them the same difficulty."""
        form = DifficultyForm(request.POST if CONFIRMED in request.POST else None)
        if asked := self.confirm(request, queryset, _("Set the difficulty of these questions"), form):
            return asked
        difficulty = Difficulty(form.cleaned_data["difficulty"])
        others = list(queryset.exclude(difficulty=difficulty))
        authoring.set_difficulty(questions=others, difficulty=difficulty, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        change = _("Difficulty set to %s.") % difficulty.label
        self.tell(request, others, change, "%d question was changed.", "%d questions were changed.")
        return None
