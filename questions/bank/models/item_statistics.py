"""Model of item statistics, which `item_statistics.rebuild` computes from all answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.bank.models.questions import MIN_ANSWERS, Question
from questions.bank.models.revisions import QuestionRevision
from questions.percent import percent


class ItemStatistics(models.Model):
    """Statistics of a question over all its revisions, or of one revision. Shares are 0 to 1, indices -100 to 100; null
    if a figure cannot be computed."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="statistics", verbose_name=_("question"))
    revision = models.OneToOneField(
        QuestionRevision, models.CASCADE, null=True, blank=True, related_name="statistics", verbose_name=_("revision")
    )
    n = models.PositiveIntegerField(_("answers"))
    facility = models.FloatField(_("facility"), help_text=_("Mean fraction earned."))
    discrimination = models.FloatField(
        _("discrimination"), null=True, help_text=_("Correlation with the rest of the attempt, times 100.")
    )
    efficiency = models.FloatField(
        _("discriminative efficiency"),
        null=True,
        help_text=_("Discrimination as a share of the maximum possible, times 100."),
    )
    guess_score = models.FloatField(_("random-guess score"), null=True)
    median_seconds = models.FloatField(_("median time in seconds"), null=True)
    sure_but_wrong = models.FloatField(
        _("sure but wrong"), null=True, help_text=_("Share of “Sure” answers that earned no credit.")
    )
    choice_counts = models.JSONField(
        _("options chosen"), default=list, help_text=_("How often each option was chosen, in the author's order.")
    )
    weakest_distractor = models.FloatField(
        _("weakest distractor"),
        null=True,
        help_text=_("Share of answers that chose the least popular wrong option."),
    )
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("item statistics")
        verbose_name_plural = _("item statistics")
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=models.Q(revision__isnull=True), name="itemstatistics_question_unique"
            ),
        ]

    def summary(self) -> str:
        """Return the figures in one line, without those that cannot be computed or have too few answers
        (MIN_ANSWERS)."""
        of = _("Revision %d") % self.revision.number if self.revision else _("All revisions")
        parts = [f"{of}: n = {self.n}", _("facility %d %%") % percent(self.facility)]
        if self.n >= MIN_ANSWERS and self.discrimination is not None:
            parts.append(_("discrimination %.0f") % self.discrimination)
        if self.n >= MIN_ANSWERS and self.efficiency is not None:
            parts.append(_("efficiency %.0f %%") % self.efficiency)
        if self.guess_score is not None:
            parts.append(_("random-guess score %d %%") % percent(self.guess_score))
        if self.median_seconds is not None:
            parts.append(_("median time %.0f s") % self.median_seconds)
        if self.sure_but_wrong is not None:
            parts.append(_("sure but wrong %d %%") % percent(self.sure_but_wrong))
        return ", ".join(map(str, parts))

    def __str__(self) -> str:
        return f"{self.revision or self.question} · n = {self.n}"
