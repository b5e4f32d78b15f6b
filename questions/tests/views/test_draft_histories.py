"""Whatever three tabs of a question do, no text is lost: it is the answer or a draft, unless a page that showed it has
put another one in its place, or it was deleted."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from questions.attempts.drafts import MAX_VERSIONS
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question
from questions.tests.views.page_save_steps import Page

pytestmark = pytest.mark.django_db
OTHER = r'class="own-words" dir="auto"><p>([^<]*)</p>.*?value="(use-\d+)".*?value="(discard-\d+-\d+)"'
ANSWER = r'It counts until you save this page\.\s*</p>\s*<div class="own-words" dir="auto"><p>([^<]*)</p>'
VALID, INVALID = "%d", "no number %d"
ANSWERED_TWICE = [  # the second tab shows both answers, and saves another one in their place
    *(("open", 0, VALID), ("open", 1, VALID), ("press", 0, VALID), ("press", 1, VALID), ("save", 1, VALID)),
]
TAKEN_UP = [  # the second tab takes up the draft of the first, which then counts at the end
    *(("open", 0, VALID), ("open", 1, VALID), ("save", 0, VALID), ("press", 1, VALID), ("use", 1, VALID)),
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "save", "save", "press", "repeat", "use", "delete"]),
        st.integers(0, 2),  # the tab
        st.sampled_from([VALID, VALID, INVALID]),
    ),
    max_size=8,
)


class Tab:
    """A tab with a page of the question: the texts that it shows as the answer, and the first save that it sent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.read()

    def read(self) -> None:
        """Take what the page shows after it was rendered."""
        html = self.page.html
        typed = re.search('name="text" value="([^"]*)"', html)
        saved = re.search('<details class="saved-words">.*?<p>(.*?)</p>', html, re.DOTALL) or re.search(ANSWER, html)
        self.text = unescape(typed[1]) if typed else ""
        self.shown = {self.text} | ({saved[1]} if saved else set())
        self.others = re.findall(OTHER, html.partition('<form id="turn"')[0], re.DOTALL)
        self.first_save: dict[str, Any] | None = None


@dataclass
class Browser:
    """Tabs with one question; `alive` are the texts that must not be lost."""

    attempt: Attempt
    client: Client
    go: str  # the button that makes an answer
    alive: set[str] = field(default_factory=set)
    tabs: dict[int, Tab] = field(default_factory=dict)

    def do(self, step: str, which: int, text: str) -> None:
        """Let a tab do a step; a tab that is closed, or shows the explanation, is opened instead."""
        tab = self.tabs.get(which)
        if tab is None or step == "open" or not tab.page.is_form:
            self.tabs[which] = Tab(Page(self.client, self.attempt))
        elif step == "repeat":
            if tab.first_save:
                tab.page.post(tab.first_save)
        elif step == "save":
            data = tab.page.data({"text": text})
            tab.first_save = tab.first_save or data
            tab.page.take(tab.page.post(data).json())
            self.replace(tab, text)
        elif step == "press":
            self.press(tab, self.go, text)
        elif tab.others:
            self.take_other(tab, step)

    def press(self, tab: Tab, go: str, text: str) -> None:
        tab.page.press(go, text=text)
        self.replace(tab, text)
        tab.read()

    def take_other(self, tab: Tab, step: str) -> None:
        """Use or delete the text of another page that the tab shows."""
        text, use, delete = tab.others[0]
        if step == "delete":
            self.alive.discard(unescape(text))
        self.press(tab, delete if step == "delete" else use, tab.text)

    def adopt(self, answer: str) -> None:
        """Note that the end of an interview has put the text of a tab in the place of what the tab showed."""
        for tab in self.tabs.values():
            if tab.text and tab.text in answer:
                self.alive -= tab.shown - {tab.text}

    def replace(self, tab: Tab, text: str) -> None:
        """Note that the tab holds the text in the place of what it showed."""
        self.alive = self.alive - tab.shown | ({text} if text else set())
        tab.text, tab.shown = text, {text}


@pytest.mark.parametrize("mode", [AttemptMode.PRACTICE, AttemptMode.EXAM, AttemptMode.INTERVIEW])
def test_no_text_is_lost(mode: str) -> None:
    question = make_question("numeric")

    @example(steps=ANSWERED_TWICE, is_handed_in=True)
    @example(steps=TAKEN_UP, is_handed_in=True)
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS, is_handed_in=st.booleans())
    def check(steps: list[tuple[str, int, str]], is_handed_in: bool) -> None:
        with transaction.atomic():
            client = Client()
            attempt = visitor_attempt(client, question, question, mode=mode)
            browser = Browser(attempt, client, "check" if mode == AttemptMode.PRACTICE else "save")
            for number, (step, which, text) in enumerate(steps, 1001):
                browser.do(step, which, text % number)
            if is_handed_in:
                shown = client.post(reverse("hand-in", args=[attempt.public_id]), follow=True).content.decode()
            else:
                shown = Page(client, attempt).html
            response = attempt.responses.get(position=1)
            if is_handed_in and mode == AttemptMode.INTERVIEW:
                browser.adopt(str(response.answer))
            assert {text for text in browser.alive if text not in shown + str(response.answer)} == set()
            assert response.drafts.count() <= MAX_VERSIONS
            transaction.set_rollback(True)

    check()
