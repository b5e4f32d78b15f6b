"""Model of what the site's reviews say about all candidates together; `missed_recall.update` computes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MissedRecall(models.Model):
    """The share of missed questions that are remembered at the next review, in the table's only row; see
    `readiness.missed_recall`. Without the row, readiness uses its default."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    share = models.FloatField(_("share remembered"))
    reviews = models.PositiveIntegerField(_("reviews after a miss"))
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("recall of missed questions")
        verbose_name_plural = _("recall of missed questions")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="missedrecall_single"),
            models.CheckConstraint(condition=models.Q(share__range=(0, 1)), name="missedrecall_share_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.share:.2f} ({self.reviews})"
