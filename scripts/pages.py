"""Takes every page of a fresh site into var/pages, at three widths and in both themes, and checks HTML and CSS.

`make pages` calls it. Look at the pictures; the Nu checker (which needs Java) and stylelint say what is wrong.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page
from served import NODE, ROOT, begin, chromium, served

FOLDER = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "pages"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 768, 1280)
PASSWORD = "a long walk by the sea"  # noqa: S105 - of a site that is gone a minute later
PLAIN = {
    "topics": "/topics/",
    "guide": "/topics/framework-choice/",
    "corrections": "/topics/framework-choice/corrections/",
    "practice": "/practice/",
    "search-empty": "/search/",
    "search": "/search/?q=async",
    "search-nothing": "/search/?q=walrus",
    "quiz": "/quizzes/framework-exam/",
    "interview": "/interview/",
    "preferences": "/preferences/",
    "history": "/history/",
    "progress": "/progress/",
    "not-found": "/nowhere/",
    "log-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "forgotten": "/accounts/password/reset/",
    "home": "/",
}
MEMBERS = {
    "account": "/account/",
    "e-mail": "/accounts/email/",
    "password": "/accounts/password/change/",
    "second-factor": "/accounts/2fa/",
    "log-out": "/accounts/logout/",
    "history-of-member": "/history/",
}


def answer(page: Page) -> None:
    """Fills in something, whatever the type of the question."""
    for select in page.locator("fieldset.asked select").all():
        select.select_option(index=1 if page.locator(".matching").count() else 0)
    choices = page.locator("fieldset.asked input[type=radio], fieldset.asked input[type=checkbox]")
    if choices.count():
        choices.nth(1).check()
    for text in page.locator("fieldset.asked input[type=text], fieldset.asked textarea").all():
        text.fill("42")


def visited(page: Page) -> Iterator[str]:
    """The name of each page, once it is shown."""
    page.goto("/history/")
    yield "history-empty"
    page.goto("/practice/")
    page.get_by_label("Number of questions").fill("0")
    page.locator("form.builder").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Start").click()
    yield "practice-error"
    begin(page, "warm-up-frameworks", 1)
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
    for link, name in (("Report a problem with", "report"), ("See the check", "check")):
        page.goto(f"{start}3/")
        page.get_by_role("link", name=link).click()
        page.locator("h1").wait_for()
        yield name
    page.goto(f"{start}3/report/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/reports/")
    yield "reports"
    page.goto(f"{start}10/")
    page.get_by_role("button", name="Finish").click()
    page.locator(".outline").wait_for()
    page.get_by_role("button", name="Finish").click()
    page.locator(".score").wait_for()
    yield "result"
    begin(page, "framework-exam", 1)
    answer(page)
    page.get_by_role("button", name="Save answer").click()
    page.locator(".saved").wait_for()
    yield "exam"
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/overview/")
    yield "overview"
    yield from interviewed(page)
    for name, address in PLAIN.items():
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
    for name, address in MEMBERS.items():
        page.goto(address)
        yield name


def interviewed(page: Page) -> Iterator[str]:
    """The pages of a mock interview, of which the first question is answered and marked."""
    page.goto("/interview/")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/1/")
    yield "interview-question"
    page.locator("[name=text]").fill("It depends on where requests wait.")
    page.get_by_role("button", name="That is my answer").click()
    page.locator("#follow-up").wait_for()
    yield "interview-follow-up"
    page.get_by_role("button", name="Overview").click()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/result/")
    page.locator(".assessment [name=met]").first.check()
    page.get_by_role("button", name="Save my marks").first.click()
    page.locator("#main .alert").first.wait_for()
    yield "interview-report"


def take(browser: Browser, width: int, theme: Literal["light", "dark"]) -> None:
    """Every page as a picture; once, in the widest light one, as HTML too."""
    options = {"base_url": "http://127.0.0.1:8791", "color_scheme": theme, "timezone_id": "UTC"}
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()  # type: ignore[arg-type]
    for name in visited(page):
        page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=name != "keys")
        if (width, theme) == (WIDTHS[-1], "light"):
            html = "" if "error" in name else page.request.get(page.url).text()
            shown = page.locator("html").evaluate("element => element.outerHTML")
            (FOLDER / f"{name}.html").write_text(html or "<!doctype html>\n" + shown)


def html_errors() -> int:
    """How many errors the Nu checker finds; prints each."""
    jar = NODE / "vnu-jar" / "build" / "dist" / "vnu.jar"
    files = sorted(map(str, FOLDER.glob("*.html")))
    told = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--exit-zero-always", *files],
        check=True,
        capture_output=True,
        text=True,
    )
    errors = [message for message in json.loads(told.stderr)["messages"] if message["type"] == "error"]
    for error in errors:
        print(f"{Path(error['url']).name}:{error.get('lastLine')}: {error['message']}")
    print(f"Nu HTML checker: {len(files)} pages, {len(errors)} errors")
    return len(errors)


def css_errors() -> int:
    """1 where stylelint finds an error, else 0; it prints each."""
    command = [str(NODE / ".bin" / "stylelint"), "--config", str(NODE.parent / "package.json"), "static/css/*.css"]
    failed = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"stylelint: {'errors' if failed else 'clean'}")
    return int(bool(failed))


def main() -> None:
    """Serves, looks, checks; exits with 1 on an error."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with served(), chromium() as browser:
        for theme in THEMES:
            for width in WIDTHS:
                take(browser, width, theme)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")
    if html_errors() + css_errors():
        sys.exit(1)


if __name__ == "__main__":
    main()
