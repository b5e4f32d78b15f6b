"""Models of saved items: bookmarks and notes on questions, guides and FAQs."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owned, OwnedQuerySet, unique_per_owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, Guide
from questions.enums import Status

MAX_NOTE_LENGTH = 10_000
TARGETS: dict[str, type[models.Model]] = {"question": Question, "guide": Guide, "faq": FAQ}


def stamp(text: str) -> str:
    """Return a version stamp of a note's text, to detect changes on another page; empty for an empty text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


class AttachedQuerySet(OwnedQuerySet):
    """Queries for bookmarks and notes."""

    def on(self, kind: str, pk: int) -> "AttachedQuerySet":
        """Return the rows on that question, guide or FAQ; `kind` is a key of TARGETS."""
        return self.filter(**{kind: pk})

    def on_any(self, kind: str, ids: Iterable[int]) -> "AttachedQuerySet":
        """Return the rows on the questions, guides or FAQs with these ids."""
        return self.filter(**{f"{kind}__in": list(ids)})

    def in_topic(self, topic: object) -> "AttachedQuerySet":
        """Return the rows on the guide and the FAQs of the topic."""
        return self.filter(models.Q(guide__topic=topic) | models.Q(faq__guide__topic=topic))

    def with_target(self) -> "AttachedQuerySet":
        """Join the target: the question, guide or FAQ."""
        return self.select_related("question__topic", "guide__topic", "faq__guide__topic")

    def on_public_content(self) -> "AttachedQuerySet":
        """Return the rows on guides, FAQs and published questions, whose current content is public."""
        return self.filter(models.Q(question__isnull=True) | models.Q(question__status=Status.PUBLISHED))

    def as_rows(self, text: Any) -> models.QuerySet[Any, Any]:
        """Return a tuple for each row: the ids of its question, guide and FAQ, two of which are None, and `text`."""
        return self.order_by().values_list("question", "guide", "faq", text)


class Attached(Owned):
    """Base class of rows that are attached to exactly one question, guide or FAQ."""

    question = models.ForeignKey(
        Question, models.CASCADE, null=True, blank=True, related_name="kept_%(class)ss", verbose_name=_("question")
    )
    guide = models.ForeignKey(
        Guide, models.CASCADE, null=True, blank=True, related_name="kept_%(class)ss", verbose_name=_("guide")
    )
    faq = models.ForeignKey(
        FAQ, models.CASCADE, null=True, blank=True, related_name="kept_%(class)ss", verbose_name=_("FAQ")
    )

    class Meta:
        abstract = True
        constraints = [
            *Owned.Meta.constraints,
            *(constraint for target in TARGETS for constraint in unique_per_owner(target, name=target)),
            models.CheckConstraint(
                condition=models.Q(question__isnull=False, guide__isnull=True, faq__isnull=True)
                | models.Q(question__isnull=True, guide__isnull=False, faq__isnull=True)
                | models.Q(question__isnull=True, guide__isnull=True, faq__isnull=False),
                name="%(class)s_has_one_target",
            ),
        ]

    @property
    def kind(self) -> str:
        """Return the kind of the target, a key of TARGETS."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def target(self) -> Question | Guide | FAQ:
        """Return the question, guide or FAQ."""
        found = self.question or self.guide or self.faq
        if found is None:
            raise TypeError("This row has no target. Set its question, guide or FAQ.")
        return found

    @property
    def key(self) -> tuple[str, int]:
        """Return the kind and the id of the target."""
        ids = ((kind, getattr(self, f"{kind}_id")) for kind in TARGETS)
        return next((kind, pk) for kind, pk in ids if pk is not None)


class Bookmark(Attached):
    """A question, guide or FAQ that a candidate wants to find again."""

    marked_at = models.DateTimeField(_("bookmarked at"))

    objects = AttachedQuerySet.as_manager()

    class Meta(Attached.Meta):
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-marked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.target)


class Note(Attached):
    """A candidate's note on a question, guide or FAQ, in plain text."""

    text = models.TextField(_("text"), max_length=MAX_NOTE_LENGTH)
    written_at = models.DateTimeField(_("written at"))

    objects = AttachedQuerySet.as_manager()

    class Meta(Attached.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:80]
