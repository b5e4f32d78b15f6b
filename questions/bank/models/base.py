"""What several models have in common."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

NamedModel = TypeVar("NamedModel", bound=models.Model)


class NaturalKeyManager(models.Manager[NamedModel]):
    """Finds an object by its natural key: the lookups that its model's `natural_key_lookups` names, in order."""

    def get_by_natural_key(self, *key: Any) -> NamedModel:
        """The object with that key; raises the model's DoesNotExist."""
        lookups: tuple[str, ...] = self.model.natural_key_lookups  # type: ignore[attr-defined]
        return self.get(**dict(zip(lookups, key, strict=True)))


class Positioned(models.Model):
    """A row that has a place, from 1, among its siblings."""

    position = models.IntegerField(_("position"), help_text=_("Place among its siblings, 1 first."))

    class Meta:
        abstract = True
        ordering = ["position"]
