"""What is made once and used for many requests: values that follow from a content alone, and HTML with holes for what
differs from one request to the next."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.core.cache import caches
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

V = TypeVar("V")
# Drawn anew in each process, so that no text that anybody writes can hold a mark.
NONCE = secrets.token_hex(8)
ROOM = 10**4  # holes of a template, at most


def cached(
    key: tuple[object, ...],
    make: "Callable[[], V]",
    *,
    unless: "Callable[[], bool]" = lambda: False,
    seconds: float | None = None,
) -> V:
    """What `make` gives, made once in each process for each key as long as there is room, or for so many seconds;
    `unless` that is so, it is made each time.

    The key says all that the value follows from; it is told from others by its repr.
    """
    name = hashlib.sha256(repr(key).encode()).hexdigest()
    found: V | None = caches["content"].get(name)
    if found is None:
        found = make()
        if not unless():
            caches["content"].set(name, found, seconds)
    return found


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML with holes: a piece, then a hole's name and the next piece, and so on."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, Any]) -> SafeString:
        """The HTML with these values, escaped unless they are HTML themselves; raises KeyError where one is missing."""
        written = {name: conditional_escape(values[name]) for name in set(self.names)}
        parts = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            parts += written[name], piece
        return mark_safe("".join(parts))  # noqa: S308 - the pieces are a template's, the values escaped above


class Placeholders:
    """What stands in a template for values that it prints and does not look into."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def text(self, name: str) -> SafeString:
        """A hole for a text."""
        return mark_safe(self._known(f"hole{NONCE}{len(self._names):04}", name))  # noqa: S308 - letters and digits

    def number(self, name: str) -> int:
        """A hole for a number, as an address may need it."""
        return int(self._known(str(int(NONCE, 16) % 10**14 * ROOM + 10**18 + len(self._names)), name))

    def uuid(self, name: str) -> UUID:
        """A hole for a UUID, as an address may need it."""
        return UUID(self._known(str(UUID(f"{NONCE}{len(self._names):016x}")), name))

    def fragment(self, html: str) -> Fragment:
        """What was rendered with these holes."""
        pieces = re.split(f"({'|'.join(self._names)})", html) if self._names else [html]
        return Fragment(tuple(pieces[::2]), tuple(self._names[mark] for mark in pieces[1::2]))

    def _known(self, mark: str, name: str) -> str:
        self._names[mark] = name
        return mark
