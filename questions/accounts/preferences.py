"""How a visitor wants the site to look and to behave, as cookies of their browser tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

THEMES = ("auto", "light", "dark")
LASTS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is one of THEMES, `keys` whether single-letter keys act, `zone` the zone for times, or None."""

    theme: str = "auto"
    keys: bool = True
    zone: ZoneInfo | None = None

    @classmethod
    def from_cookies(cls, cookies: Mapping[str, str]) -> "Preferences":
        """The preferences; what a cookie says that makes no sense counts as not said."""
        theme = cookies.get("theme", "")
        return cls(
            theme=theme if theme in THEMES else "auto",
            keys=cookies.get("keys") != "off",
            zone=zone_named(cookies.get("zone", "")),
        )


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None."""
    return ZoneInfo(name) if name in zone_names() else None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The names of all time zones that this machine knows."""
    return frozenset(available_timezones())
