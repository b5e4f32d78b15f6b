"""A visitor's preferences for theme, keyboard shortcuts and time zone, stored in cookies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext_lazy as _

THEMES = {"auto": _("Same as system"), "light": _("Light"), "dark": _("Dark")}
COOKIE_MAX_AGE = timedelta(days=365)
GUESSED_ZONE = "zone"  # cookie that static/js/page.js keeps equal to the browser's time zone
CHOSEN_ZONE = "chosen_zone"  # cookie that the preferences form alone sets


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences: a theme of THEMES, whether single-letter keys are on, and the time zone, chosen or guessed, or
    None."""

    theme: str = "auto"
    keys: bool = True
    zone: ZoneInfo | None = None

    @classmethod
    def from_cookies(cls, cookies: Mapping[str, str]) -> "Preferences":
        """Return the preferences in the cookies, with the default for each missing or invalid one."""
        theme = cookies.get("theme", "")
        return cls(
            theme=theme if theme in THEMES else "auto",
            keys=cookies.get("keys") != "off",
            zone=chosen_zone(cookies) or zone_named(cookies.get(GUESSED_ZONE, "")),
        )


def chosen_zone(cookies: Mapping[str, str]) -> ZoneInfo | None:
    """Return the time zone that the visitor chose by hand, or None to follow the browser."""
    return zone_named(cookies.get(CHOSEN_ZONE, ""))


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone with this name, or None if there is none."""
    return ZoneInfo(name) if name in zone_names() else None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())
