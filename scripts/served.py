"""Serve a fresh site in a temporary folder with the production server, and open a browser to visit it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PORT = "8791"
SITE = f"http://127.0.0.1:{PORT}"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
NODE = ROOT / "requirements" / "node" / "node_modules"
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))


@contextmanager
def running_site() -> Iterator[None]:
    """Serve a fresh site inside a `with` block."""
    with tempfile.TemporaryDirectory(prefix="quizsite-") as folder:
        environment = os.environ | {"VAR_DIR": folder, "PORT": PORT, "HOST": "127.0.0.1"}
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen([*manage, "serve"], env=environment, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            server.stdout.readline()  # the server prints its address when it is ready
            try:
                yield
            finally:
                server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser inside a `with` block: the one on the PATH, or Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def press_in_menu(page: Page, name: str) -> None:
    """Press a button of the menu of a question page."""
    page.locator(".more > summary").click()
    page.get_by_role("button", name=name).click()


def start_quiz(page: Page, quiz: str, position: int) -> None:
    """Start the curated quiz and go to the question at `position`."""
    page.goto(f"/quizzes/{quiz}/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/1/")
    page.goto(page.url.removesuffix("1/") + f"{position}/")
