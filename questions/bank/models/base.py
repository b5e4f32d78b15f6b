"""Base classes of the bank's models: natural keys for fixtures, and rows with a position."""

from collections.abc import Callable
from functools import reduce
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


def natural_key_method(*dependencies: str) -> Callable[[Any], tuple[Any, ...]]:
    """Return a `natural_key` method that reads the fields in the model's `natural_key_lookups`. `dependencies` are the
    models that `dumpdata` must write first."""

    def natural_key(self: Any) -> tuple[Any, ...]:
        return tuple(reduce(getattr, lookup.split("__"), self) for lookup in self.natural_key_lookups)

    natural_key.dependencies = list(dependencies)  # type: ignore[attr-defined]
    return natural_key


class Positioned(models.Model):
    """A row with a position among its siblings, starting at 1."""

    position = models.IntegerField(_("position"), help_text=_("Position in the list, starting at 1."))

    class Meta:
        abstract = True
        ordering = ["position"]
