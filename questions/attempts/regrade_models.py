"""Models for regrades and for the responses whose grade they changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.attempts.models import Response
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.percent import percent


class Regrade(models.Model):
    """A regrade: all answers to a question graded by its current content."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="regrades", verbose_name=_("question"))
    revision = models.ForeignKey(
        QuestionRevision,
        models.PROTECT,
        related_name="+",
        verbose_name=_("graded with"),
        help_text=_("The revision whose answer key was used."),
    )
    reason = models.TextField(_("reason"), max_length=2000, help_text=_("Shown to the candidates whose score changes."))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("regraded by")
    )
    done_at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        ordering = ["-done_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.question} · {self.done_at:%Y-%m-%d %H:%M}"


class RegradedResponse(models.Model):
    """A response whose fraction a regrade changed, with the fraction before and after."""

    regrade = models.ForeignKey(Regrade, models.CASCADE, related_name="changes", verbose_name=_("regrade"))
    response = models.ForeignKey(Response, models.CASCADE, related_name="regradings", verbose_name=_("response"))
    before = models.FloatField(_("before"))
    after = models.FloatField(_("after"))

    class Meta:
        verbose_name = _("regraded response")
        verbose_name_plural = _("regraded responses")
        ordering = ["regrade", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["regrade", "response"], name="regradedresponse_once"),
            models.CheckConstraint(
                condition=models.Q(before__range=(0, 1), after__range=(0, 1)),
                name="regradedresponse_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before:.2f} → {self.after:.2f}"

    @property
    def percent_before(self) -> int:
        return percent(self.before)

    @property
    def percent_after(self) -> int:
        return percent(self.after)
