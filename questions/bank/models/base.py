"""Base classes of the bank's models: natural keys for fixtures, and rows with a position."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

NamedModel = TypeVar("NamedModel", bound=models.Model)


class NaturalKeyManager(models.Manager[NamedModel]):
    """Manager that finds an object by its natural key, the values of the model's `natural_key_lookups`."""

    def get_by_natural_key(self, *key: Any) -> NamedModel:
        """Return the object with that key. Raise the model's DoesNotExist."""
        lookups: tuple[str, ...] = self.model.natural_key_lookups  # type: ignore[attr-defined]
        return self.get(**dict(zip(lookups, key, strict=True)))


class Positioned(models.Model):
    """A row with a position among its siblings, starting at 1."""

    position = models.IntegerField(_("position"), help_text=_("Place among its siblings, 1 first."))

    class Meta:
        abstract = True
        ordering = ["position"]
