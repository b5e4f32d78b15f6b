"""An answer sent after the session has ended arrives after log-in, in Chromium, with JavaScript and without."""

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from questions.attempts.models import Attempt
from questions.notes.models import Note
from questions.tests.browser.steps import begin, open_more
from questions.tests.factories import QuizFactory, QuizItemFactory, UserFactory, make_question

PASSWORD = "a long walk by the sea"
ANSWER = ("A walrus keeps its tusks.\n" * 12)[:300]
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
KEPT = "Log in again to submit. Your answer is kept."


@pytest.fixture
def quiz(transactional_db):
    """A quiz with two open questions, and two users."""
    for name in ("ada", "eve"):
        UserFactory(username=name, email=f"{name}@example.org", password=PASSWORD)
    quiz = QuizFactory(title="Two of a kind")
    for position in (1, 2):
        QuizItemFactory(quiz=quiz, question=make_question("open"), position=position)
    return quiz


@pytest.fixture
def scripted(new_context, complaints) -> BrowserContext:
    """A browser with JavaScript."""
    complaints.expect("status of 40[34]")
    return new_context()


@pytest.fixture(params=[True, False], ids=["scripted", "plain"])
def has_scripts(request) -> bool:
    return request.param


@pytest.fixture
def context(has_scripts, new_context, complaints) -> BrowserContext:
    """A browser with JavaScript, then one without."""
    complaints.expect("status of 40[34]")
    return new_context(java_script_enabled=has_scripts)


@pytest.fixture
def look_at(axe, has_scripts) -> Callable[[Page, str], None]:
    """`look_at(page, name)` checks the page on a phone and a desktop in both themes, and saves it in SCREENSHOTS."""

    def look(page: Page, name: str) -> None:
        for (size, viewport), theme in product(SIZES.items(), ("light", "dark")):
            if has_scripts:  # axe is a script
                page.set_viewport_size(viewport)
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                axe(page)
                assert not page.evaluate(SIDEWAYS)
                if folder := os.environ.get("SCREENSHOTS"):
                    page.screenshot(path=Path(folder) / f"{name}-{size}-{theme}.png", full_page=True)

    return look


def fill_in_login(page: Page, name: str = "ada") -> None:
    page.get_by_label("Login").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def log_in(page: Page, name: str = "ada") -> None:
    page.goto("/accounts/login/")
    fill_in_login(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your preparation")


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    page.locator("summary", has_text="Menu").click()
    expect(page.get_by_role("link", name="Log in", exact=True)).to_be_visible()


def begin_answer(page: Page, quiz) -> Attempt:
    attempt = begin(page, quiz.title)
    page.get_by_label("Your answer or notes").fill(ANSWER)
    page.get_by_role("radio", name="Unsure").check()
    return attempt


def expect_submitted(page: Page, attempt: Attempt) -> None:
    """Press the button if no script has submitted the form, and find the answer on the page and in the database."""
    submit = page.get_by_role("button", name="Submit my answer")
    expect(submit.or_(page.locator(".outcome"))).to_be_visible()
    if submit.is_visible():
        with suppress(Error):  # the script has submitted the form meanwhile
            submit.click(timeout=3000)
    expect(page.locator(".outcome")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 2")
    saved = attempt.responses.get(position=1)
    assert saved.answer["text"].splitlines() == ANSWER.splitlines()
    assert saved.confidence == "unsure"


def test_answer_is_submitted_after_logout_in_another_tab(context, quiz, look_at) -> None:
    page, other = context.new_page(), context.new_page()
    log_in(page)
    attempt = begin_answer(page, quiz)
    log_out(other)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(ANSWER)
    look_at(page, "log-in")
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    fill_in_login(page)
    expect_submitted(page, attempt)


def test_answer_is_submitted_after_the_session_has_expired(context, quiz) -> None:
    page = context.new_page()
    log_in(page)
    attempt = begin_answer(page, quiz)
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Check answer").click()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    fill_in_login(page)
    expect_submitted(page, attempt)


def test_answer_is_submitted_without_another_login_if_there_was_one_in_another_tab(
    context, quiz, look_at, complaints
) -> None:
    page, other = context.new_page(), context.new_page()
    log_in(page)
    attempt = begin_answer(page, quiz)
    complaints.expect("ERR_FAILED")
    page.route("**/draft/", lambda route: route.abort())  # with it, the page would get the token of the new session
    log_out(other)
    log_in(other)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("You logged in or out in another tab")).to_be_visible()
    look_at(page, "submit")
    expect_submitted(page, attempt)


def test_answer_of_another_account_is_copied_or_submitted_by_that_account(context, quiz, look_at) -> None:
    page, other = context.new_page(), context.new_page()
    log_in(page)
    attempt = begin_answer(page, quiz)
    log_out(other)
    log_in(other, "eve")
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("This answer belongs to another account.")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(ANSWER)
    look_at(page, "other-account")
    page.get_by_role("button", name="Log out and log in with that account").click()
    fill_in_login(page)
    expect_submitted(page, attempt)


def test_deleted_cookies_are_not_called_blocked(context, quiz, look_at) -> None:
    page = context.new_page()
    begin_answer(page, quiz)
    context.clear_cookies()
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("This browser's session has ended:")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(ANSWER)
    look_at(page, "cookies-deleted")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("If you have no account, copy your answer.")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(ANSWER)


def test_blocked_cookies_are_named(context, quiz, look_at) -> None:
    def without_cookies(route) -> None:
        headers = {name: value for name, value in route.request.all_headers().items() if name != "cookie"}
        response = route.fetch(headers=headers, max_redirects=0)
        kept = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        context.clear_cookies()
        route.fulfill(response=response, headers=kept)

    page = context.new_page()
    begin_answer(page, quiz)
    context.clear_cookies()
    page.route("**/attempts/**", without_cookies)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("This browser's session has ended:")).to_be_visible()
    context.clear_cookies()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Your browser blocks cookies for this site.")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(ANSWER)
    look_at(page, "cookies-blocked")


@pytest.mark.parametrize("has_scripts", [True])
def test_note_on_a_question_fails_in_its_place_and_the_answer_stays(scripted, quiz, look_at) -> None:
    page, other = scripted.new_page(), scripted.new_page()
    log_in(page)
    begin_answer(page, quiz)
    log_out(other)
    open_more(page)
    page.get_by_text("Write a note").click()
    page.get_by_label("In your own words").fill("A note on the walrus.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_role("alert").get_by_text(KEPT, exact=True)).to_be_visible()
    expect(page.get_by_label("Your answer or notes")).to_have_value(ANSWER)
    look_at(page, "note")
    with scripted.expect_page() as opened:
        page.get_by_role("alert").filter(has_text="Not submitted yet").get_by_role("link", name="Log in").click()
    fill_in_login(opened.value)
    expect(opened.value.get_by_text("Your note is saved.")).to_be_visible()
    assert Note.objects.get().user.username == "ada"
    page.get_by_role("button", name="Check answer").click()
    expect_submitted(page, Attempt.objects.get())


@pytest.mark.parametrize("has_scripts", [True])
def test_kept_answer_is_shown_again_and_asks_nothing_of_those_who_close_it(scripted, quiz, look_at) -> None:
    page, other = scripted.new_page(), scripted.new_page()
    log_in(page)
    attempt = begin_answer(page, quiz)
    log_out(other)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not submitted yet")
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    log_in(other)
    page.reload()
    expect(page.get_by_text("Your answer is kept. Press the button to submit it.")).to_be_visible()
    look_at(page, "kept")
    expect_submitted(page, attempt)
    page.goto("/unsent/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to submit")
    look_at(page, "gone")
