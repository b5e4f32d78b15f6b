"""What a candidate keeps: bookmarks, and notes in their own words."""

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
    """What tells a note's text from any other; empty for no note."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


class AttachedQuerySet(OwnedQuerySet):
    """Bookmarks or notes by what they are attached to."""

    def on(self, kind: str, pk: int) -> "AttachedQuerySet":
        """The one on that question, guide or FAQ; `kind` is one of TARGETS."""
        return self.filter(**{kind: pk})

    def on_any(self, kind: str, ids: Iterable[int]) -> "AttachedQuerySet":
        """Those on the questions, guides or FAQs with these ids."""
        return self.filter(**{f"{kind}__in": list(ids)})

    def in_topic(self, topic: object) -> "AttachedQuerySet":
        """Those on the guide and the FAQs of the topic."""
        return self.filter(models.Q(guide__topic=topic) | models.Q(faq__guide__topic=topic))

    def with_target(self) -> "AttachedQuerySet":
        """Each joined with what it is attached to."""
        return self.select_related("question__topic", "guide__topic", "faq__guide__topic")

    def on_public_content(self) -> "AttachedQuerySet":
        """Those on guides, FAQs and published questions: what everybody may read as it stands now."""
        return self.filter(models.Q(question__isnull=True) | models.Q(question__status=Status.PUBLISHED))

    def as_rows(self, text: Any) -> models.QuerySet[Any, Any]:
        """A tuple for each: the id of its question, guide or FAQ, the other two None, and that text of it."""
        return self.order_by().values_list("question", "guide", "faq", text)


class Attached(Owned):
    """Something on a question, on a guide or on an FAQ."""

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
        """What it is attached to: one of TARGETS."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def target(self) -> Question | Guide | FAQ:
        """What it is attached to."""
        found = self.question or self.guide or self.faq
        if found is None:
            raise TypeError("It is attached to nothing.")
        return found

    @property
    def key(self) -> tuple[str, int]:
        """The kind and the id of what it is attached to."""
        ids = ((kind, getattr(self, f"{kind}_id")) for kind in TARGETS)
        return next((kind, pk) for kind, pk in ids if pk is not None)


class Bookmark(Attached):
    """A question, a guide or an FAQ that somebody wants to find again."""

    marked_at = models.DateTimeField(_("marked at"))

    objects = AttachedQuerySet.as_manager()

    class Meta(Attached.Meta):
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-marked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.target)


class Note(Attached):
    """What somebody wrote down about a question, a guide or an FAQ. Plain text."""

    text = models.TextField(_("text"), max_length=MAX_NOTE_LENGTH)
    written_at = models.DateTimeField(_("written at"))

    objects = AttachedQuerySet.as_manager()

    class Meta(Attached.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:80]
