"""Preferences from cookies, which may hold anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.accounts.preferences import THEMES, Preferences


@pytest.mark.parametrize(
    ("cookies", "theme", "keys", "zone"),
    [
        ({}, "auto", True, None),
        ({"theme": "dark", "keys": "off", "zone": "Europe/Berlin"}, "dark", False, "Europe/Berlin"),
        ({"theme": "pink", "keys": "maybe", "zone": "Moon/Base"}, "auto", True, None),
        ({"zone": "../../etc/passwd"}, "auto", True, None),
        ({"zone": "Europe"}, "auto", True, None),
        ({"zone": "Asia/Tokyo", "chosen_zone": "Europe/Berlin"}, "auto", True, "Europe/Berlin"),
        ({"zone": "Asia/Tokyo", "chosen_zone": "Moon/Base"}, "auto", True, "Asia/Tokyo"),
        ({"zone": "Asia/Tokyo", "chosen_zone": ""}, "auto", True, "Asia/Tokyo"),
    ],
)
def test_valid_cookies_are_read_and_invalid_ones_ignored(
    cookies: dict[str, str], theme: str, keys: bool, zone: str | None
) -> None:
    found = Preferences.from_cookies(cookies)
    assert (found.theme, found.keys, found.zone.key if found.zone else None) == (theme, keys, zone)


@given(st.dictionaries(st.sampled_from(["theme", "keys", "zone", "chosen_zone"]), st.text()))
def test_no_cookie_breaks_anything(cookies: dict[str, str]) -> None:
    assert Preferences.from_cookies(cookies).theme in THEMES
