"""Whatever three tabs of a question do: no text is lost that was the last of its page, unless a page that showed it has
put another one in its place."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.attempts.drafts import MAX_VERSIONS
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.draft_steps import Page
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "save", "save", "press", "late"]),
        st.integers(0, 2),  # the tab
        st.sampled_from(["%d", "%d", "no number %d"]),  # valid or not
    ),
    max_size=12,
)


@dataclass
class Tab:
    """A tab: its page, and the text that is in the field; `sent` are its saves, each with its text."""

    page: Page
    text: str = ""
    sent: list[tuple[dict[str, Any], str]] = field(default_factory=list)


@dataclass
class Browser:
    """Three tabs with one question; `alive` are the texts that must not be lost."""

    client: Client
    attempt: Attempt
    alive: set[str] = field(default_factory=set)
    tabs: list[Tab] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tabs = [self.opened() for _ in range(3)]

    def opened(self) -> Tab:
        page = Page(self.client, self.attempt)
        return Tab(page, text_in(page))

    def save(self, tab: Tab, text: str) -> None:
        """Save the text in the place of what the tab shows."""
        data = tab.page.data({"text": text})
        tab.sent.append((data, text))
        told = tab.page.post(data).json()
        if told != {"error": "too much"}:
            tab.page.about["based_on"] = ""
            tab.page.about["seen"] = tab.page.about["seen"] if told["kept"] == "beside" else told["seen"]
            self.replace(tab, text)

    def press(self, tab: Tab, text: str, go: str) -> None:
        """Submit the tab with a button; it shows the next page then."""
        tab.page.press(go, text=text)
        self.replace(tab, text)
        tab.text, tab.sent = text_in(tab.page), []

    def replace(self, tab: Tab, text: str) -> None:
        self.alive = self.alive - {tab.text} | {text}
        tab.text = text

    def do(self, step: str, tab: Tab, text: str, go: str) -> None:
        if step == "open" or not tab.page.is_form:
            self.tabs[self.tabs.index(tab)] = self.opened()
        elif step == "save":
            self.save(tab, text)
        elif step == "press":
            self.press(tab, text, go)
        elif tab.sent:
            tab.page.post(tab.sent[0][0])


def text_in(page: Page) -> str:
    """Return the text in the field; empty if the page explains the answer."""
    return page.html.partition('name="text" value="')[2].partition('"')[0]


@pytest.mark.parametrize("mode", AttemptMode.values)
def test_no_text_is_lost(mode: str) -> None:
    go = "check" if mode in (AttemptMode.PRACTICE, AttemptMode.TODAY) else "save"
    question = make_question("numeric")

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def check(steps: list[tuple[str, int, str]]) -> None:
        with transaction.atomic():
            client = Client()
            browser = Browser(client, visitor_attempt(client, question, question, mode=mode))
            for number, (step, which, text) in enumerate(steps, 1001):
                browser.do(step, browser.tabs[which], text % number, go)
            page, response = Page(client, browser.attempt), browser.attempt.responses.get(position=1)
            found = page.html + str(response.answer)
            lost = {text for text in browser.alive if escape(text) not in found}
            assert lost == set()
            assert response.drafts.count() <= MAX_VERSIONS
            transaction.set_rollback(True)

    check()
