"""Whose something is: a user's, or a visitor's who is known by an id in the session."""

import uuid
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Owner:
    """A user or a visitor; exactly one of the two, or neither for somebody who has not done anything yet."""

    user_id: int | None = None
    visitor: uuid.UUID | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The owner as values of an `Owned` row."""
        return {"user_id": self.user_id, "visitor": self.visitor}


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows by owner."""

    def owned_by(self, owner: Owner) -> Self:
        """Those of the owner; none where the owner is nobody yet."""
        if owner.user_id is not None:
            return self.filter(user=owner.user_id)
        return self.filter(visitor=owner.visitor) if owner.visitor else self.none()


class Owned(models.Model):
    """A row of one candidate."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("user"),
    )
    visitor = models.UUIDField(_("visitor"), null=True, blank=True, db_index=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(visitor__isnull=True),
                name="%(class)s_has_one_owner",
            )
        ]

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return Owner(user_id=self.user_id, visitor=self.visitor)


def unique_per_owner(*fields: str, name: str, **options: Any) -> list[models.UniqueConstraint]:
    """Constraints by which each owner has these fields' values once: one for users and one for visitors, since to the
    database no two empty owners are the same."""
    return [
        models.UniqueConstraint(fields=[kind, *fields], name=f"%(class)s_{name}_{kind}", **options)
        for kind in ("user", "visitor")
    ]
