"""A whole placement test in Chromium, with JavaScript by keyboard and without JavaScript by mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from questions.attempts.models import Attempt
from questions.tests.browser.steps import fill_in, place_of
from questions.tests.factories import TopicFactory, make_question


@pytest.fixture
def questions(transactional_db) -> list:
    topics = [TopicFactory(title=title) for title in ("Queues", "Caches", "Locks", "Forms")]
    return [make_question("single_choice", topic=topic) for topic in topics for _ in range(4)]


def take(page: Page, *, keyboard: bool) -> Attempt:
    """Take the test from its offer on the home page: right and "I don't know" in turn."""
    page.goto("/")
    page.get_by_role("link", name="placement test").click()
    page.get_by_role("button", name="Start the placement test").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of at most 8")
    attempt = Attempt.objects.latest("pk")
    for position in range(1, 9):
        if position % 2:
            fill_in(page, place_of(attempt, position), keyboard=keyboard)
            button = page.get_by_role("button", name="Answer", exact=True)
            page.keyboard.press("Control+Enter") if keyboard else button.click()
        else:
            page.get_by_role("button", name="I don't know").click()
        following = page.get_by_role("heading", level=1, name=f"Question {position + 1} of")
        ended = page.get_by_role("heading", level=1, name="Your starting point")
        expect(following.or_(ended)).to_be_visible()
        if ended.is_visible():
            break
        expect(page.locator(".result-line > summary")).to_contain_text("Right" if position % 2 else "I don't know")
    return attempt


def test_whole_test_by_keyboard_leads_to_the_first_session(page: Page, questions, axe: Callable[[Page], None]) -> None:
    attempt = take(page, keyboard=True)
    expect(page.locator(".strips").get_by_role("img")).to_have_count(4)
    expect(page.get_by_role("textbox", name="When is your interview?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Start your first session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    session = Attempt.objects.latest("pk")
    assert session.mode == "today"
    asked = [set(one.responses.values_list("revision__question", flat=True)) for one in (attempt, session)]
    assert asked[0].isdisjoint(asked[1])


def test_whole_test_without_javascript(new_context: Callable[..., BrowserContext], questions) -> None:
    attempt = take(new_context(java_script_enabled=False).new_page(), keyboard=False)
    assert 6 <= attempt.responses.answered().count() <= 8
