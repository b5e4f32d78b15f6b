"""Real Chromium against the live server: `page.goto("/")` opens the home page.

Every test here fails on whatever the browser complains about: a violation of the Content-Security-Policy, an error in
its console, an exception in a script.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from questions.tests.browser.draft_steps import Candidate, make_candidate

WCAG_22_AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# The headless shell is Chromium without its own windows; a page in it costs half of what it costs in the whole browser.
PROGRAMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps; whether it may be used is up to each context
]

expect.set_options(timeout=15_000)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks the tests of this folder, and spreads them among the modules of the others: they wait half of their time,
    in which other workers can use the processor."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
    yield
    items[:] = spread(items)


def spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests with those in the browser at even distances, but never between two tests of another module."""
    pages = [item for item in items if item.get_closest_marker("browser")]
    others = [item for item in items if not item.get_closest_marker("browser")]
    result: list[pytest.Item] = []
    done = 0
    for _, module in groupby(others, key=lambda item: item.path):
        result += module
        due = len(pages) * (len(result) - done) // len(others)
        result += pages[done:due]
        done = max(done, due)
    return result + pages[done:]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium from CHROMIUM or the PATH; without one Playwright takes its own or fails, and says how to install it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    return browser_type_launch_args | {"args": FLAGS} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    """Where relative addresses lead; also what makes every browser test use the live server's database."""
    return live_server.url


class Complaints:
    """What the browsers of a test complained about."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Lets the test pass with complaints that match the regular expression, such as the 404 it asks for."""
        self.expected.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Listens to every page of the context; Chromium reports violations of the policy in the console."""
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self._note(str(error.error), error.page))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(message.text, message.page)

    def _note(self, text: str, page: Page | None) -> None:
        self.found.append(f"{page.url if page else 'a page'}: {text}")

    def unexpected(self) -> list[str]:
        """Those that the test did not ask for."""
        return [text for text in self.found if not any(re.search(pattern, text) for pattern in self.expected)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collects what the browser complains about and fails the test on it, once its pages are closed."""
    collected = Complaints()
    yield collected
    if collected.unexpected():
        pytest.fail("The browser complained:\n" + "\n".join(collected.unexpected()), pytrace=False)


@pytest.fixture
def new_context(new_context, complaints: Complaints) -> Callable[..., BrowserContext]:
    """Makes browser contexts, such as a second visitor's or one without JavaScript, whose complaints are collected."""

    def create(**options: Any) -> BrowserContext:
        context = new_context(**options)
        complaints.watch(context)
        return context

    return create


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` fails where the page, as it is now, violates WCAG 2.2 AA; `only` names the rules to apply, `without`
    those to leave out."""
    script = Axe().axe_script

    def check(page: Page, *, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> None:
        __tracebackhide__ = True
        if not page.evaluate("'axe' in window"):  # the same document may be checked again, in another theme for example
            page.evaluate(script)
        options = {
            "runOnly": {"type": "rule", "values": only} if only else WCAG_22_AA,
            "rules": {name: {"enabled": False} for name in without},
            "resultTypes": ["violations"],
        }
        results = AxeResults(page.evaluate("options => axe.run(options)", options))
        if results.violations_count:
            pytest.fail(f"{page.url}\n{results.generate_report()}")

    return check


@pytest.fixture
def begin(transactional_db, new_context, base_url: str) -> Callable[..., Candidate]:
    """`begin(mode)` makes a user with an attempt at questions of several types, logged in in a new browser."""
    return partial(make_candidate, new_context, base_url)
