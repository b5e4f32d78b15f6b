"""Immutable revisions of questions: the content that candidates were asked."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.bank.models.questions import Question
from questions.content.item import Item


class QuestionRevisionQuerySet(models.QuerySet["QuestionRevision"]):
    """Queries for revisions."""

    def asked_in(self, responses: models.QuerySet[Any]) -> "QuestionRevisionQuerySet":
        """Return the revisions that the responses answer, the oldest first."""
        return self.filter(pk__in=responses.order_by().values("revision")).order_by("pk")

    def with_digests(self, digests: Iterable[str]) -> "QuestionRevisionQuerySet":
        """Return the revisions whose content has one of these digests."""
        return self.filter(digest__in=list(digests))


class QuestionRevision(models.Model):
    """Content of a question at the time when it was asked or saved. Created by `freezing.freeze`, never updated."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="revisions", verbose_name=_("question"))
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(_("created at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("The user who saved it. Blank if it came from a file."),
    )

    objects = QuestionRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "digest"], name="questionrevision_digest_unique"),
            models.UniqueConstraint(fields=["question", "number"], name="questionrevision_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.number}"

    def item(self) -> Item:
        """Return the frozen content."""
        return Item.from_json(self.content)
