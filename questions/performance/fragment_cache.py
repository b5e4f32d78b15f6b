"""A cache in each process, and HTML fragments with placeholders to keep in it.

Django's template engine was the largest cost of a page, and most of a page is the same for everybody. A fragment is
rendered once with a placeholder wherever two requests differ; a request only joins its pieces with its own values.
"""

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

from questions.performance import switches

V = TypeVar("V")
# Random in each process, so that no text that somebody writes can contain a marker.
NONCE = secrets.token_hex(8)
MAX_PLACEHOLDERS = 10**4  # of one template


def cached(
    key: tuple[object, ...],
    make: "Callable[[], V]",
    *,
    unless: "Callable[[], bool]" = lambda: False,
    seconds: float | None = None,
    part: switches.Part = "fragments",
) -> V:
    """Return the cached value of the key, or make it and cache it, for `seconds` if given.

    The key holds everything that the value follows from, so no value is ever invalidated; keys are compared by their
    repr. If `unless` returns true after the value was made, it is not cached.
    """
    if switches.is_off(part):
        return make()
    name = hashlib.sha256(repr(key).encode()).hexdigest()
    found: V | None = caches["content"].get(name)
    if found is None:
        found = make()
        if not unless():
            caches["content"].set(name, found, seconds)
    return found


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML with placeholders: the first piece, then the name of a placeholder and the next piece, and so on."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, Any]) -> SafeString:
        """Return the HTML with these values, escaped unless they are safe; raise KeyError if one is missing."""
        escaped = {name: conditional_escape(values[name]) for name in set(self.names)}
        parts = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            parts += escaped[name], piece
        return mark_safe("".join(parts))  # noqa: S308 - the pieces are a template's, the values are escaped above


class Placeholders:
    """Stand-ins for values that a template prints without looking into them.

    Render a template with them, then pass its HTML to `fragment`.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def text(self, name: str) -> SafeString:
        """Return a placeholder for a text."""
        marker = f"placeholder{NONCE}{len(self._names):04}"
        return mark_safe(self._registered(marker, name))  # noqa: S308 - letters and digits

    def number(self, name: str) -> int:
        """Return a placeholder for a number, as an address may need one."""
        start = int(NONCE, 16) % 10**14 * MAX_PLACEHOLDERS + 10**18
        return int(self._registered(str(start + len(self._names)), name))

    def uuid(self, name: str) -> UUID:
        """Return a placeholder for a UUID, as an address may need one."""
        return UUID(self._registered(str(UUID(f"{NONCE}{len(self._names):016x}")), name))

    def fragment(self, html: str) -> Fragment:
        """Return the HTML that was rendered with these placeholders, as a fragment."""
        pieces = re.split(f"({'|'.join(self._names)})", html) if self._names else [html]
        return Fragment(tuple(pieces[::2]), tuple(self._names[marker] for marker in pieces[1::2]))

    def _registered(self, marker: str, name: str) -> str:
        self._names[marker] = name
        return marker
