"""MFA in Chromium: a passkey on a virtual authenticator, and the codes of an app without JavaScript."""

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from questions.tests.factories import UserFactory
from questions.tests.security.steps import code_of

PASSWORD = "a long walk by the sea"


@pytest.fixture
def boss(transactional_db, settings):
    """A staff user; the admin requires MFA."""
    settings.STAFF_MFA = True
    cache.clear()  # it stores the used codes
    return UserFactory(username="boss", password=PASSWORD, is_staff=True, is_superuser=True)


def with_authenticator(context: BrowserContext) -> Page:
    """Return a page of a browser with a virtual authenticator that verifies the user."""
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    verified = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified})
    return page


def log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Login").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def confirm(page: Page) -> None:
    """Enter the password again."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_a_passkey_opens_the_admin_without_a_password(new_context, boss, axe) -> None:
    page = with_authenticator(new_context())
    log_in(page, "/admin/")
    expect(page.get_by_text("The admin requires two-step login")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Add a key").click()
    confirm(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Passwordless").check()
    axe(page)
    page.get_by_role("button", name="Add key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    axe(page)
    page.goto("/accounts/2fa/totp/activate/")
    axe(page)
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()

    page.goto("/accounts/login/")
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1, name="Your preparation")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1, name="Site administration")).to_be_visible()


def test_a_browser_without_a_passkey_says_so_on_the_page(new_context, boss) -> None:
    page = with_authenticator(new_context())
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Your browser did not provide a passkey")).to_be_visible()


def test_an_app_works_without_scripts(new_context, boss) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/accounts/login/")
    expect(page.locator("#passkey_login")).to_be_hidden()
    log_in(page, "/admin/")
    page.get_by_role("link", name="Set up an authenticator app").click()
    confirm(page)
    secret = page.locator("[data-secret]").inner_text()
    page.get_by_label("code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on two-step login").click()
    recovery = page.locator(".recovery-codes code").first.inner_text()

    other = new_context(java_script_enabled=False).new_page()
    log_in(other, "/admin/")
    other.get_by_label("Code").fill(recovery)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("heading", level=1, name="Site administration")).to_be_visible()
