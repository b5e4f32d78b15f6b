"""Base classes of the bank's models: natural keys for fixtures, and rows with a position."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

NamedModel = TypeVar("NamedModel", bound=models.Model)


# While fixtures are loaded: the objects found so far, by model and natural key and by model and primary key.
_found: ContextVar[dict[tuple[type[models.Model], Any], Any] | None] = ContextVar("found", default=None)


@contextmanager
def remembered_natural_keys() -> Iterator[None]:
    """Look each natural key up once within this block, in which no object may change its key or be deleted."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


class NaturalKeyManager(models.Manager[NamedModel]):
    """Manager that finds an object by its natural key, the values of the model's `natural_key_lookups`."""

    def get_by_natural_key(self, *key: Any) -> NamedModel:
        """Return the object with that key. Raise the model's DoesNotExist."""
        lookups: tuple[str, ...] = self.model.natural_key_lookups  # type: ignore[attr-defined]
        remembered = _found.get()
        if remembered is None:
            return self.get(**dict(zip(lookups, key, strict=True)))
        if (self.model, key) not in remembered:
            parents = {lookup.rpartition("__")[0] for lookup in lookups} - {""}
            found = self.select_related(*parents).get(**dict(zip(lookups, key, strict=True)))
            remembered[self.model, key] = remembered[self.model, found.pk] = found
        return remembered[self.model, key]


def natural_key_method(*dependencies: str) -> Callable[[Any], tuple[Any, ...]]:
    """Return a `natural_key` method that reads the fields in the model's `natural_key_lookups`. `dependencies` are the
    models that `dumpdata` must write first."""

    def natural_key(self: Any) -> tuple[Any, ...]:
        remembered = _found.get() or {}
        for name in {lookup.partition("__")[0] for lookup in self.natural_key_lookups if "__" in lookup}:
            field = self._meta.get_field(name)
            parent = remembered.get((field.related_model, getattr(self, field.attname)))
            if parent is not None and not field.is_cached(self):
                setattr(self, name, parent)
        return tuple(reduce(getattr, lookup.split("__"), self) for lookup in self.natural_key_lookups)

    natural_key.dependencies = list(dependencies)  # type: ignore[attr-defined]
    return natural_key


class Positioned(models.Model):
    """A row with a position among its siblings, starting at 1."""

    position = models.IntegerField(_("position"), help_text=_("Position in the list, starting at 1."))

    class Meta:
        abstract = True
        ordering = ["position"]
