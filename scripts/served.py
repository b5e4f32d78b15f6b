"""A fresh site in a temporary folder, served by the production server, and a browser to look at it with."""

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
def served() -> Iterator[None]:
    """Serves a fresh site while it is open."""
    with tempfile.TemporaryDirectory(prefix="quizsite-") as folder:
        environment = os.environ | {"VAR_DIR": folder, "PORT": PORT, "HOST": "127.0.0.1"}
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen([*manage, "serve"], env=environment, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            server.stdout.readline()  # the address, once it answers
            try:
                yield
            finally:
                server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser: the one on the PATH, or Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def begin(page: Page, quiz: str, position: int) -> None:
    """Starts the curated quiz and goes to one of its questions."""
    page.goto(f"/quizzes/{quiz}/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/1/")
    page.goto(page.url.removesuffix("1/") + f"{position}/")
