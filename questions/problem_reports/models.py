"""Model of problem reports: what readers report about a question, and how staff decide."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.bank.models.revisions import QuestionRevision


class Reason(models.TextChoices):
    """What a reader finds wrong with a question."""

    WRONG_KEY = "wrong_key", _("The answer marked as right is wrong")
    SECOND_RIGHT = "second_right", _("Another answer is right as well")
    UNCLEAR = "unclear", _("The question is ambiguous")
    OUTDATED = "outdated", _("The question is out of date")
    TYPO = "typo", _("Typo")
    OTHER = "other", _("Something else")


class Outcome(models.TextChoices):
    """Decision on a problem report."""

    OPEN = "open", _("Open")
    CORRECTED = "corrected", _("Corrected")
    UNCHANGED = "unchanged", _("No change needed")
    RETIRED = "retired", _("Question retired")


class QuestionReportQuerySet(models.QuerySet["QuestionReport"]):
    """Queries for problem reports."""

    def undecided(self) -> "QuestionReportQuerySet":
        """Return the reports without a decision."""
        return self.filter(outcome=Outcome.OPEN)

    @staticmethod
    def open_first() -> models.Case:
        """Return an expression to order by: 0 for reports without a decision, 1 for the others."""
        return models.Case(models.When(outcome=Outcome.OPEN, then=0), default=1, output_field=models.IntegerField())

    def by_owner(self, owner: Owner) -> "QuestionReportQuerySet":
        """Return the reports made in the owner's attempts, the latest first."""
        return self.filter(response__attempt__in=Attempt.objects.owned_by(owner)).order_by("-reported_at", "-pk")

    def corrections_in(self, topic: Any) -> "QuestionReportQuerySet":
        """Return the reports that led to a correction or a withdrawal in the topic, the latest first."""
        return self.filter(revision__question__topic=topic, outcome__in=[Outcome.CORRECTED, Outcome.RETIRED]).order_by(
            "-decided_at", "-pk"
        )

    def with_question(self) -> "QuestionReportQuerySet":
        """Join the reported revision, its question and topic, and the attempt."""
        return self.select_related("revision__question__topic", "response__attempt")


class QuestionReport(models.Model):
    """A reader's report of a problem with a question; one for each response."""

    response = models.OneToOneField(
        Response, models.SET_NULL, null=True, blank=True, related_name="report", verbose_name=_("response")
    )
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="reports", verbose_name=_("revision"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    text = models.TextField(_("text"), blank=True, max_length=2000)
    reported_at = models.DateTimeField(_("reported at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=Outcome,
        default=Outcome.OPEN,
        db_index=True,
        help_text=_("Corrected: the question has been changed. Question retired: saving retires the question."),
    )
    reply = models.TextField(
        _("reply"),
        blank=True,
        max_length=2000,
        help_text=_(
            "Shown to the candidate and, if the question is corrected or retired, on the topic's corrections page."
        ),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = QuestionReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        ordering = ["reported_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(reason__in=Reason.values), name="questionreport_reason_known"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="questionreport_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.OPEN, decided_at__isnull=True)
                | (~models.Q(outcome=Outcome.OPEN) & models.Q(decided_at__isnull=False)),
                name="questionreport_decided_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision.question} · {self.get_reason_display()}"

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN
