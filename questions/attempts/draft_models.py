"""Model for drafts: what a page holds and no answer does yet."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owner
from questions.attempts.clock import clock
from questions.attempts.models import Attempt, Response


@dataclass(frozen=True, slots=True)
class PageSave:
    """One save of one browser page, and what the page was based on.

    `page` was drawn when the page was rendered, and `number` counts its saves, so that a save that arrives late does
    not overwrite a later one. `seen` is the stamp of the answer on the page, and `based_on` the drafts on it, as pairs
    of page and number.
    """

    page: uuid.UUID | None = None  # None if what was sent is not a whole page
    number: int = 0
    seen: str = ""
    based_on: tuple[tuple[uuid.UUID, int], ...] = ()


class DraftQuerySet(models.QuerySet["Draft"]):
    """Queryset of drafts."""

    def of_answers(self) -> "DraftQuerySet":
        return self.filter(part=Draft.Part.ANSWER)

    def of_marks(self) -> "DraftQuerySet":
        return self.filter(part=Draft.Part.MARKS)

    def owned_by(self, owner: Owner) -> "DraftQuerySet":
        """Filter by owner of the attempt."""
        return self.filter(response__in=Response.objects.owned_by(owner))

    def of_attempts(self, attempts: Iterable[Attempt]) -> "DraftQuerySet":
        """Filter by attempt."""
        return self.filter(response__attempt__in=list(attempts))

    def saved_by(self, page: uuid.UUID | None, number: int) -> "DraftQuerySet":
        """Filter what the page had saved when it made that save."""
        return self.filter(page=page, number__lte=number)


class Draft(models.Model):
    """What one browser page holds for one question; each page has a draft of its own, so that none overwrites another.

    A draft goes when its text has become the answer, or when a later page that was based on it saves its own.
    """

    class Part(models.TextChoices):
        """What the fields belong to."""

        ANSWER = "answer", _("answer")
        MARKS = "marks", _("own marks")

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="drafts", verbose_name=_("response"), db_index=False
    )  # the unique constraint has an index that begins with it
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.ANSWER)
    page = models.UUIDField(_("page"))
    number = models.PositiveIntegerField(_("save number"), default=0)
    seen = models.CharField(_("answer on the page"), max_length=40, blank=True)
    fields: Any = models.JSONField(_("fields"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["response", "-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "part", "page"], name="draft_of_page_unique"),
            models.CheckConstraint(condition=models.Q(part__in=["answer", "marks"]), name="draft_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} · {self.part} · {self.saved_at:%Y-%m-%d %H:%M:%S}"

    @property
    def data(self) -> MultiValueDict[str, str]:
        """Return the fields as a form reads them."""
        return MultiValueDict(self.fields)

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is filled in."""
        return is_blank(self.fields)

    @property
    def time(self) -> str:
        return clock(self.saved_at)

    @property
    def base(self) -> str:
        """Return what a page that shows the draft is based on, as `PageSave.based_on` reads it."""
        return f"{self.page}:{self.number}"


def stamp_of(response: Response) -> str:
    """Return a stamp that changes whenever the answer is saved; empty without an answer."""
    return response.answered_at.isoformat() if response.answered_at else ""


def stamp_of_marks(response: Response) -> str:
    """Return a stamp of the candidate's saved marks; empty without any."""
    met = (response.answer or {}).get("met")
    return "" if met is None else f"met {sum(1 << index for index in met):x}"[:40]


def is_blank(fields: dict[str, list[str]]) -> bool:
    """Return whether no field but the confidence has a value."""
    return not any(value.strip() for name, values in fields.items() if name != "confidence" for value in values)
