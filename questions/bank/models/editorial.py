"""Models of the editorial work: review notes about a question, and uploaded files that are waiting to be imported."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic


class ReviewNote(models.Model):
    """A message between reviewer and author about a question; never edited."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="notes", verbose_name=_("question"))
    text = models.TextField(_("text"), max_length=5000, help_text=_("What to change, or what has changed. Plain text."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    written_at = models.DateTimeField(_("written at"), editable=False)

    class Meta:
        verbose_name = _("editorial review note")
        verbose_name_plural = _("editorial review notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class ImportFile(models.Model):
    """An uploaded file with a preview that waits for confirmation; the next upload deletes it after a day."""

    name = models.CharField(_("name"), max_length=200)
    format = models.CharField(_("format"), max_length=20)
    content = models.BinaryField(_("content"))
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("topic"))
    whole = models.BooleanField(_("all or nothing"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name
