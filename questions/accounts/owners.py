"""Owners of rows: a user, or an anonymous visitor known by an id in the session."""

import uuid
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Owner:
    """A user or an anonymous visitor; neither of the two for a visitor who has not done anything yet."""

    user_id: int | None = None
    visitor: uuid.UUID | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """Return the owner as field values of an `Owned` row."""
        return {"user_id": self.user_id, "visitor": self.visitor}


class OwnedQuerySet(models.QuerySet[Any]):
    """Queryset of a model with owners."""

    def owned_by(self, owner: Owner) -> Self:
        """Filter by owner; return no rows if the owner is neither user nor visitor."""
        if owner.user_id is not None:
            return self.filter(user=owner.user_id)
        return self.filter(visitor=owner.visitor) if owner.visitor else self.none()


class Owned(models.Model):
    """Abstract model for rows that belong to one user or anonymous visitor."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("user"),
    )
    visitor = models.UUIDField(_("anonymous visitor"), null=True, blank=True, db_index=True)

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
        return Owner(user_id=self.user_id, visitor=self.visitor)


def unique_per_owner(*fields: str, name: str, **options: Any) -> list[models.UniqueConstraint]:
    """Return the constraints that make the fields unique for each owner.

    It takes two, one for users and one for visitors, because NULLs are never equal in a unique constraint.
    """
    return [
        models.UniqueConstraint(fields=[kind, *fields], name=f"%(class)s_{name}_{kind}", **options)
        for kind in ("user", "visitor")
    ]
