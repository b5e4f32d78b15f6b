"""What a value in a file may be. A check takes it as JSON has it and returns it as Python has it, or raises Misfit."""

import math
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

Check = Callable[[Any], Any]

EARLIEST, LATEST = 1990, 2200  # years; times beyond them cannot be shown in every zone
DEEPEST = 5  # lists and objects within an answer
SURROGATE = re.compile("[\ud800-\udfff]")


class Misfit(ValueError):
    """A value is not what it should be; `place` is where it stands, such as attempts[3].responses[0].fraction."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.place = ""

    def within(self, name: str) -> "Misfit":
        """The same, seen from one level further out."""
        self.place = name + self.place
        return self

    def __str__(self) -> str:
        return f"{self.place.lstrip('.')}: {self.message}" if self.place else self.message


def text(most: int, *, least: int = 0) -> Check:
    """A text of `least` to `most` characters, all of which a database can keep."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Misfit(_("must be a string."))
        if len(value) > most:
            raise Misfit(_("is longer than %d characters.") % most)
        if len(value) < least:
            raise Misfit(_("is empty."))
        if not is_storable(value):
            raise Misfit(_("contains an invalid character."))
        return value

    return check


def is_storable(value: str) -> bool:
    """Whether every database takes the text: it has no NUL and no half of a surrogate pair."""
    return "\0" not in value and (value.isascii() or not SURROGATE.search(value))


def one_of(*known: Any) -> Check:
    """One of those values."""

    def check(value: Any) -> Any:
        if not any(type(value) is type(one) and value == one for one in known):
            raise Misfit(_("must be one of %s.") % ", ".join(str(one) or "“”" for one in known))
        return value

    return check


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Misfit(_("must be a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return value

    return check


def number(least: float, most: float) -> Check:
    """A number from `least` to `most`."""

    def check(value: Any) -> float:
        if type(value) not in (int, float) or not least <= value <= most:
            raise Misfit(_("must be a number from %(least)g to %(most)g.") % {"least": least, "most": most})
        return float(value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise Misfit(_("must be true or false."))
    return value


def moment(value: Any) -> datetime:
    """A time with its zone, in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Misfit(_("must be a time such as 2026-03-01T12:00:00+00:00.")) from None
    if not EARLIEST <= found.year < LATEST:
        raise Misfit(_("must lie between the years %(first)d and %(last)d.") % {"first": EARLIEST, "last": LATEST})
    if found.tzinfo is None:
        raise Misfit(_("must include a time zone, as in 2026-03-01T12:00:00+00:00."))
    return found.astimezone(UTC)


def day(value: Any) -> date:
    """A date."""
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Misfit(_("must be a date such as 2026-03-01.")) from None
    if not EARLIEST <= found.year < LATEST:
        raise Misfit(_("must lie between the years %(first)d and %(last)d.") % {"first": EARLIEST, "last": LATEST})
    return found


def uid(value: Any) -> uuid.UUID:
    """An id of 32 hexadecimal digits."""
    try:
        return uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        raise Misfit(_("must be a UUID such as 6f1c2b9e-5d0a-4c53-9a53-0d7e9d1f3b11.")) from None


def optional(check: Check) -> Check:
    """What `check` takes, or null."""
    return lambda value: None if value is None else check(value)


def list_of(check: Check, most: int) -> Check:
    """A list of up to `most` values that `check` takes."""

    def check_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Misfit(_("must be a list."))
        if len(value) > most:
            raise Misfit(_("has more than %d entries.") % most)
        found = []
        for number, one in enumerate(value):
            try:
                found.append(check(one))
            except Misfit as problem:
                problem.within(f"[{number}]")
                raise
        return found

    return check_all


@dataclass(frozen=True, slots=True)
class Added:
    """A check of a field that files of earlier versions of the site do not have; `default` is its value there."""

    check: Check
    default: Any

    def __call__(self, value: Any) -> Any:
        return self.check(value)


def lists_by_name(value: Any, *, most: int, most_characters: int) -> dict[str, list[str]]:
    """Return up to `most` lists of texts by the names of their fields. Raises Misfit."""
    if not isinstance(value, dict):
        raise Misfit(_("must be an object."))
    if len(value) > most:
        raise Misfit(_("has more than %d entries.") % most)
    name, texts = text(80, least=1), list_of(text(most_characters), most)
    found = {name(key): texts(values) for key, values in value.items()}
    if sum(len(each) for values in found.values() for each in values) > most_characters:
        raise Misfit(_("is longer than %d characters.") % most_characters)
    return found


def record(rule: Check | None = None, /, **fields: Check) -> Check:
    """An object with exactly these fields, of which `rule` may say what else must hold together."""

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Misfit(_("must be an object."))
        found = {}
        for name, part in fields.items():
            try:
                if name not in value and isinstance(part, Added):
                    found[name] = part.default
                    continue
                if name not in value:
                    raise Misfit(_("is missing."))
                found[name] = part(value[name])
            except Misfit as problem:
                problem.within(f".{name}")
                raise
        unknown = next((name for name in value if name not in fields), None)
        if unknown is not None:
            raise Misfit(_("is not known in this format.")).within(f".{printable(unknown)}")
        return rule(found) if rule else found

    return check


def plain(value: Any, depth: int = DEEPEST) -> Any:
    """Any value that a database can keep as JSON, unless it is nested deeper than answers are."""
    if depth < 0:
        raise Misfit(_("is nested too deeply."))
    if isinstance(value, str) and not is_storable(value):
        raise Misfit(_("contains an invalid character."))
    if isinstance(value, float) and not math.isfinite(value):
        raise Misfit(_("contains a number that is not finite."))
    if isinstance(value, list):
        return [plain(one, depth - 1) for one in value]
    if isinstance(value, dict):
        return {plain(name): plain(one, depth - 1) for name, one in value.items()}
    return value


def printable(name: str) -> str:
    """The beginning of a name that somebody made up, fit to be shown."""
    return "".join(one for one in name[:40] if one.isprintable())
