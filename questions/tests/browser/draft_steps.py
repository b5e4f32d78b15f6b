"""What somebody does who types and ticks in an attempt, and looks whether all of it is still there."""

import inspect
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptMode
from questions.tests.attempt_steps import page_of
from questions.tests.factories import UserFactory, make_question

MODES = [mode for mode in AttemptMode if mode != AttemptMode.PLACEMENT]  # which has a page of its own
# The pages of the other modes run the same scripts.
EACH_MODE = [
    pytest.param(mode, marks=[] if mode in (AttemptMode.EXAM, AttemptMode.INTERVIEW) else [pytest.mark.slow])
    for mode in MODES
]
SUBMITS_BY_ITSELF = (AttemptMode.EXAM, AttemptMode.INTERVIEW)  # without a click on Check
NOT_SUBMITTED = "but did not submit it."
PASSWORD = "a long walk by the sea"
# 300 characters, the last of which is a space
LONG = ("I would look at the slow query log first, then at the plan: " * 5)[:-3] + "…. "
OTHER = "Somebody holds a lock; I would look for it in pg_stat_activity. " * 4 + "Only then would I add an index, no."
# The question at each position: its type, and what a candidate fills in.
FIELDS: dict[int, tuple[str, dict[str, str | list[str]]]] = {
    1: ("open", {"text": LONG, "aloud": ["on"]}),
    2: ("multiple_choice", {"choice": ["1", "3"]}),
    3: ("numeric", {"text": "76543 "}),
    4: ("ordering", {"row-1": "3", "row-2": "1", "row-3": "2"}),
    5: ("matching", {"row-1": "2", "row-2": "3"}),
}
OPEN, MULTIPLE_CHOICE, NUMERIC, ORDERING, MATCHING = FIELDS


@dataclass
class Candidate:
    """A user with an attempt; `context` is the browser in which the user is logged in."""

    user: AbstractBaseUser
    attempt: Attempt
    context: BrowserContext
    new_context: Callable[..., BrowserContext]
    address: str

    def open(self, position: int = OPEN) -> Page:
        """Return a new tab with the question."""
        page = self.context.new_page()
        page.goto(self.url(position))
        return page

    def url(self, position: int = OPEN) -> str:
        return self.address + page_of(self.attempt, position)

    @property
    def result_url(self) -> str:
        return f"{self.address}{self.attempt.get_absolute_url()}result/"

    def response(self, position: int = OPEN) -> Response:
        return self.attempt.responses.select_related("revision", "attempt").get(position=position)

    def log_in(self, context: BrowserContext | None = None) -> BrowserContext:
        """Give the browser, or a new one, a new session of the user, and return it."""
        context = context or self.new_context()
        client = Client()
        client.force_login(self.user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}])
        return context

    def second_device(self) -> "Candidate":
        """Return the same user with another browser."""
        return Candidate(self.user, self.attempt, self.log_in(), self.new_context, self.address)


def make_candidate(new_context: Callable[..., BrowserContext], address: str, mode: str, **options: Any) -> Candidate:
    """Return a user with an attempt, at the questions of FIELDS by default, logged in in a new browser."""
    user = UserFactory(password=PASSWORD)
    browser, types = options.pop("browser", {}), options.pop("types", [name for name, _ in FIELDS.values()])
    questions = [make_question(name) for name in types]
    options.setdefault("at", timezone.now())
    if mode == AttemptMode.INTERVIEW:
        options.setdefault("time_limit", timedelta(hours=1))
    attempt = attempts.start(owner=Owner(user_id=user.pk), questions=questions, mode=mode, title="Some quiz", **options)
    candidate = Candidate(user, attempt, new_context(**browser), new_context, address)
    candidate.log_in(candidate.context)
    return candidate


def field(page: Page, name: str = "text") -> Locator:
    return page.locator(f'#turn [name="{name}"]')


def write(page: Page, position: int, **instead: str | list[str]) -> None:
    """Fill in the question at that position, which the page shows."""
    for details in page.locator("#turn details:not(.more, .more *, [open]) > summary").all():
        details.click()
    for name, value in (FIELDS[position][1] | instead).items():
        found = field(page, name)
        if isinstance(value, list):
            for option in found.all():
                option.set_checked((option.get_attribute("value") or "on") in value)
        elif name.startswith("row-"):
            found.select_option(value)
        else:
            found.fill(value)


def expect_written(page: Page, position: int, **instead: str | list[str]) -> None:
    """Expect what `write` filled in."""
    for name, value in (FIELDS[position][1] | instead).items():
        found = field(page, name)
        if isinstance(value, str):
            expect(found).to_have_value(value)
            continue
        for option in found.all():
            expect(option).to_be_checked(checked=(option.get_attribute("value") or "on") in value)


def eventually(condition: Callable[[], Any], seconds: float = 15) -> None:
    """Wait until the condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} seconds: {inspect.getsource(condition)}"
        time.sleep(0.03)


def copies(page: Page) -> list[dict[str, Any]]:
    """Return what the browser keeps because the server may not have it yet."""
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('draft '))")
    return [json.loads(value) for _key, value in kept]


def wait_until_saved(page: Page) -> None:
    """Wait until the page has saved by itself."""
    eventually(lambda: not copies(page))


def press(page: Page | Locator, name: str, position: int | None = None) -> None:
    """Press the button, in the menu if it is there, and wait for the question at the position if one is given."""
    if isinstance(page, Page):
        button = page.get_by_role("button", name=name, exact=True, include_hidden=True)
        for menu in page.locator(".more:not([open])").filter(has=button).locator("> summary").all():
            menu.click()
    page.get_by_role("button", name=name, exact=True).click()
    if position and isinstance(page, Page):
        expect_question(page, position)


def go_to(page: Page, position: int) -> None:
    """Press the button with the position's number."""
    page.locator(f'#main button[value="{position}"]').click()
    expect_question(page, position)


def expect_question(page: Page, position: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {position} of")


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def expect_result(page: Page) -> None:
    """Wait for the result or, after an interview, for the report."""
    expect(page.locator(".results, .interview-report")).to_be_visible()


def submit(page: Page, mode: str, position: int = OPEN) -> None:
    """Press the button that makes what is on the page the answer."""
    press(page, submit_button(mode, position))
    told: dict[str, str] = {
        AttemptMode.EXAM: "[data-save-status]:text('Saved at')",
        AttemptMode.INTERVIEW: "#follow-up",
    }
    if mode == AttemptMode.INTERVIEW and position != OPEN:
        expect_question(page, position + 1)
    else:
        expect(page.locator(told.get(mode, ".outcome"))).to_be_visible()


def submit_button(mode: str, position: int = OPEN) -> str:
    """Return the name of the button that makes what is on the page the answer."""
    if mode == AttemptMode.INTERVIEW:
        return "Save answer" if position == OPEN else "Next question"
    return "Save answer" if mode == AttemptMode.EXAM else "Check answer"


def tick(page: Page, position: int, *numbers: int) -> None:
    """Tick these criteria of the answer at the position, counted from 1, and no others."""
    for number, box in enumerate(page.locator(f'[name="met-{position}"]').all(), 1):
        box.set_checked(number in numbers)


def expect_ticked(page: Page, position: int, *numbers: int) -> None:
    for number in range(1, 5):
        box = page.locator(f'[name="met-{position}"][value="{number}"]')
        expect(box).to_be_checked(checked=number in numbers)


def delete_cookie(candidate: Candidate) -> None:
    candidate.context.clear_cookies(name="sessionid")


def log_in(page: Page, candidate: Candidate) -> None:
    page.locator("input[name=login]").fill(candidate.user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def log_out_elsewhere(candidate: Candidate) -> None:
    """End the sessions of all of the user's other browsers."""
    page = candidate.second_device().context.new_page()
    page.goto(candidate.address + "/account/")
    page.locator('form[action="/account/elsewhere/"] button').click()
    page.close()


def record_open_answers(candidate: Candidate, *, hand_in: bool) -> None:
    """Answer all questions, which are open ones, so that their criteria can be marked."""
    for response in candidate.attempt.responses.select_related("attempt", "revision"):
        attempts.record_response(response=response, answer={"text": LONG, "aloud": False}, at=timezone.now())
    if hand_in:
        attempts.submit(attempt=candidate.attempt, at=timezone.now())
