"""What is typed and ticked outlives reloads, other pages, lost connections and the deadline, in every mode."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question

LONG = ("I would look at the slow query log first, then at the plan. " * 5)[:-1]


@pytest.fixture
def begin(transactional_db, new_context, base_url: str) -> Callable[..., tuple[Attempt, BrowserContext]]:
    """Return a function that starts an attempt and returns it with the browser that owns it."""

    def begin(mode: str, **options) -> tuple[Attempt, BrowserContext]:
        client = Client()
        questions = make_question("open"), make_question("multiple_choice"), make_question("numeric")
        attempt = visitor_attempt(client, *questions, mode=mode, **options)
        context = new_context()
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}])
        return attempt, context

    return begin


def field(page: Page):
    return page.locator("#turn textarea[name=text]")


def wait_until_kept(page: Page) -> None:
    expect(page.locator("[data-save-status]")).to_contain_text(" at ")


@pytest.mark.parametrize("mode", [*AttemptMode])
def test_text_and_ticks_outlive_reload_and_back(begin, mode) -> None:
    attempt, context = begin(mode)
    page = context.new_page()
    page.goto(page_of(attempt))
    field(page).fill(LONG)
    wait_until_kept(page)
    page.reload()
    expect(field(page)).to_have_value(LONG)
    field(page).fill(LONG + "more")
    page.reload()
    expect(field(page)).to_have_value(LONG + "more")
    field(page).fill(LONG + "even more")
    page.goto(page_of(attempt, 2))
    page.locator("input[name=choice]").first.check()
    page.go_back()
    expect(field(page)).to_have_value(LONG + "even more")
    page.go_forward()
    expect(page.locator("input[name=choice]").first).to_be_checked()
