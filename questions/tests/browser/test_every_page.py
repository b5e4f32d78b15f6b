"""Every page, in both themes, on a phone and at 200 % zoom; and none scrolls sideways at 320 pixels, however
long the words on it."""

from collections.abc import Iterable

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from questions import types
from questions.tests.browser.long_texts import (
    EMAIL,
    addresses_of_every_page,
    guide_with_long_texts,
    question_with_long_texts,
)
from questions.tests.factories import UserFactory

PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 640, "height": 400}  # what is left of 1280 by 800 at 200 %
NARROW = {"width": 320, "height": 640}
COLOURS = ("color-contrast", "link-in-text-block")  # rules that ask about colours
# Size, theme, and the rules: a theme changes colours alone, and the colours are checked on the phone.
LOOKS = {
    "phone": (PHONE, "light", {}),
    "phone in the dark": (PHONE, "dark", {"only": COLOURS}),
    "zoomed to 200 %": (ZOOMED, "light", {"without": COLOURS}),
}
STILL = {"reduced_motion": "reduce"}  # a page in another theme has its colours at once
SIDEWAYS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
OPEN_DETAILS = "document.querySelectorAll('details').forEach(details => { details.open = true; })"
PARTS = 3  # of the addresses, each looked at by a test of its own, so that two workers share them


@pytest.fixture
def addresses(client, transactional_db) -> list[str]:
    """An address of every kind of page a candidate sees, for the client's session."""
    return addresses_of_every_page(client)


@pytest.fixture
def member(client, transactional_db):
    """A member of staff with a long name and a long address, who is logged in."""
    user = UserFactory(username=EMAIL, email=EMAIL, password="a long walk by the sea", is_staff=True, is_superuser=True)
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=True)
    client.force_login(user)
    return user


def opened(new_context, base_url: str, client, **options) -> Page:
    """A page of a browser that has the client's session."""
    context: BrowserContext = new_context(**options)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}])
    return context.new_page()


def check_all(page: Page, addresses: list[str], axe, looks: Iterable[str]) -> None:
    """Opens each address once, looks at it in every way, and measures it at the least width with all details open."""
    too_wide = []
    for address in addresses:
        page.goto(address)
        for look in looks:
            size, theme, rules = LOOKS[look]
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(size)
            axe(page, **rules)
        page.set_viewport_size(NARROW)
        page.evaluate(OPEN_DETAILS)
        if page.evaluate(SIDEWAYS):
            too_wide.append(address)
    assert not too_wide


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_hinders_anybody_or_scrolls_sideways(
    new_context, base_url, client, addresses, axe, complaints, part: int
) -> None:
    complaints.expect("404")
    page = opened(new_context, base_url, client, device_scale_factor=2, **STILL)
    check_all(page, addresses[part::PARTS], axe, LOOKS)


def test_no_page_of_the_account_hinders_anybody_or_scrolls_sideways(new_context, base_url, client, member, axe) -> None:
    page = opened(new_context, base_url, client, device_scale_factor=2, **STILL)
    names = ("account", "account_email", "account_change_password", "account_logout", "data", "data-delete")
    check_all(page, [reverse(name) for name in names], axe, ["phone", "phone in the dark"])


def test_no_preview_of_a_question_scrolls_sideways(new_context, base_url, client, member, axe) -> None:
    topic = guide_with_long_texts().topic
    previews = [reverse("question-preview", args=[question_with_long_texts(name, topic).pk]) for name in types.names()]
    check_all(opened(new_context, base_url, client, **STILL), previews, axe, [])
