"""Take a screenshot of every page of a fresh site, at three widths and in both themes, and validate the HTML and the
CSS.

`make pages` runs it. The screenshots are in var/pages. The Nu checker (which needs Java) and stylelint print the
errors.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page
from served import NODE, ROOT, chromium, press_in_menu, running_site, start_quiz

FOLDER = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "pages"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 768, 1280)
PASSWORD = "a long walk by the sea"  # noqa: S105 - of a temporary site
PUBLIC_PAGES = {
    "topics": "/topics/",
    "guide": "/topics/framework-choice/",
    "corrections": "/topics/framework-choice/corrections/",
    "practice": "/practice/",
    "search-empty": "/search/",
    "search": "/search/?q=async",
    "search-nothing": "/search/?q=walrus",
    "quiz": "/quizzes/framework-exam/",
    "interview": "/interview/",
    "placement": "/placement/",
    "preferences": "/preferences/",
    "history": "/history/",
    "progress": "/progress/",
    "not-found": "/nowhere/",
    "log-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "forgotten": "/accounts/password/reset/",
    "home": "/",
}
ACCOUNT_PAGES = {
    "account": "/account/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "two-step-login": "/accounts/2fa/",
    "log-out": "/accounts/logout/",
    "history-of-member": "/history/",
}


def answer(page: Page) -> None:
    """Fill in an answer, whatever the type of the question."""
    for select in page.locator("div.asked select").all():
        select.select_option(index=1 if page.locator(".matching").count() else 0)
    choices = page.locator("div.asked input[type=radio], div.asked input[type=checkbox]")
    if choices.count():
        choices.nth(1).check()
    for text in page.locator("div.asked input[type=text], div.asked textarea").all():
        text.fill("42")


def visit_pages(page: Page) -> Iterator[str]:
    """Visit each page and yield its name."""
    page.goto("/history/")
    yield "history-empty"
    page.goto("/practice/")
    page.get_by_label("Number of questions").fill("0")
    page.locator("form.builder").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Start").click()
    yield "practice-error"
    start_quiz(page, "warm-up-frameworks", 1)
    page.get_by_role("button", name="Check answer").click()
    page.locator("#main .alert").wait_for()
    yield "question-error"
    start = page.url.removesuffix("1/")
    for position in range(1, 11):
        page.goto(f"{start}{position}/")
        yield f"question-{position:02}"
        answer(page)
        page.get_by_role("button", name="Check answer").click()
        page.locator(".outcome, #main .alert").first.wait_for()
        yield f"question-{position:02}-explained"
    page.goto(f"{start}3/")
    press_in_menu(page, "Report a problem with")
    page.locator("h1").wait_for()
    yield "report"
    page.goto(f"{start}3/")
    page.get_by_role("link", name="See the check").click()
    page.locator("h1").wait_for()
    yield "check"
    page.goto(f"{start}3/report/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send problem report").click()
    page.wait_for_url("**/reports/")
    yield "reports"
    page.goto(f"{start}10/")
    page.get_by_role("button", name="Finish").click()
    page.locator(".outline").wait_for()
    page.get_by_role("button", name="Finish").click()
    page.locator(".score").wait_for()
    yield "result"
    start_quiz(page, "framework-exam", 1)
    answer(page)
    page.get_by_role("button", name="Save answer").click()
    page.locator(".saved").wait_for()
    yield "exam"
    press_in_menu(page, "Finish")
    page.wait_for_url("**/overview/")
    yield "overview"
    yield from visit_interview(page)
    for name, address in PUBLIC_PAGES.items():
        page.goto(address)
        yield name
    page.keyboard.press("?")
    yield "keys"
    page.goto("/accounts/signup/")
    page.locator("[name=email]").fill(f"candidate-{page.evaluate('Date.now()')}@example.org")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/history/")
    for name, address in ACCOUNT_PAGES.items():
        page.goto(address)
        yield name


def visit_interview(page: Page) -> Iterator[str]:
    """Visit the pages of a mock interview, with the first question answered and graded."""
    page.goto("/interview/")
    page.get_by_role("button", name="Start interview").click()
    page.wait_for_url("**/1/")
    yield "interview-question"
    page.locator("[name=text]").fill("It depends on where requests wait.")
    page.get_by_role("button", name="Save answer").click()
    page.locator("#follow-up").wait_for()
    yield "interview-follow-up"
    page.get_by_role("button", name="Show overview").click()
    page.get_by_role("link", name="Your question to the interviewer").click()
    page.locator("#closing-stem").wait_for()
    yield "interview-closing"
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/result/")
    page.locator(".assessment [name=met]").first.check()
    page.get_by_role("button", name="Save my marks").first.click()
    page.locator("#main .alert").first.wait_for()
    yield "interview-report"


def capture(browser: Browser, width: int, theme: Literal["light", "dark"]) -> None:
    """Save a screenshot of every page and, for the widest light one, its HTML."""
    options = {"base_url": "http://127.0.0.1:8791", "color_scheme": theme, "timezone_id": "UTC"}
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()  # type: ignore[arg-type]
    for name in visit_pages(page):
        page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=name != "keys")
        if (width, theme) == (WIDTHS[-1], "light"):
            html = "" if "error" in name else page.request.get(page.url).text()
            shown = page.locator("html").evaluate("element => element.outerHTML")
            (FOLDER / f"{name}.html").write_text(html or "<!doctype html>\n" + shown)


def html_errors() -> int:
    """Print the errors of the Nu checker and return how many there are."""
    jar = NODE / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = sorted(map(str, FOLDER.glob("*.html")))
    result = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--exit-zero-always", *files],
        check=True,
        capture_output=True,
        text=True,
    )
    errors = [message for message in json.loads(result.stderr)["messages"] if message["type"] == "error"]
    for error in errors:
        print(f"{Path(error['url']).name}:{error.get('lastLine')}: {error['message']}")
    print(f"Nu HTML checker: {len(files)} pages, {len(errors)} errors")
    return len(errors)


def css_errors() -> int:
    """Run stylelint, which prints the errors; return 1 if there are any, otherwise 0."""
    command = [str(NODE / ".bin" / "stylelint"), "--config", str(NODE.parent / "package.json"), "static/css/*.css"]
    failed = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"stylelint: {'errors' if failed else 'clean'}")
    return int(bool(failed))


def main() -> None:
    """Serve a site, capture its pages and validate them; exit with 1 if there are errors."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with running_site(), chromium() as browser:
        for theme in THEMES:
            for width in WIDTHS:
                capture(browser, width, theme)
    print(f"{len(list(FOLDER.glob('*.png')))} screenshots in {FOLDER}")
    if html_errors() + css_errors():
        sys.exit(1)


if __name__ == "__main__":
    main()
