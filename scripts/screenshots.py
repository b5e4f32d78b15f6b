"""Takes the pictures in docs/images from a fresh site in a temporary folder; `make screenshots` calls it."""

from typing import Literal

from playwright.sync_api import Browser, Page
from served import ROOT, SITE, begin, chromium, served

IMAGES = ROOT / "docs" / "images"


def opened(browser: Browser, width: int, theme: Literal["light", "dark"]) -> Page:
    """A page of a new visitor."""
    context = browser.new_context(
        base_url=SITE, viewport={"width": width, "height": 900}, color_scheme=theme, timezone_id="UTC"
    )
    return context.new_page()


def keep(page: Page, name: str, height: int = 900) -> None:
    """Writes what the page shows, from its top, to docs/images."""
    assert page.viewport_size
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")


def explain(page: Page) -> None:
    """Chooses the second option and has it explained."""
    page.locator("fieldset.asked input").nth(1).check()
    page.get_by_role("radio", name="Unsure").check()
    page.get_by_role("button", name="Check answer").click()
    page.locator(".outcome").wait_for()


def take_all(browser: Browser) -> None:
    """Every picture."""
    page = opened(browser, 1000, "light")
    page.goto("/")
    keep(page, "home", 860)
    page.goto("/topics/framework-choice/")
    keep(page, "guide", 1000)
    begin(page, "warm-up-frameworks", 3)
    explain(page)
    keep(page, "question", 1250)

    phone = opened(browser, 360, "dark")
    begin(phone, "warm-up-frameworks", 10)
    keep(phone, "question-phone-dark", 1000)

    exam = opened(browser, 1000, "dark")
    begin(exam, "framework-exam", 3)
    keep(exam, "exam-dark", 760)

    result = opened(browser, 1000, "light")
    begin(result, "warm-up-frameworks", 3)
    explain(result)
    result.get_by_role("button", name="Finish").click()
    result.wait_for_url("**/overview/")
    result.get_by_role("button", name="Finish").click()
    result.wait_for_url("**/result/")
    keep(result, "result", 860)


def main() -> None:
    """Serves, takes the pictures, stops."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with served(), chromium() as browser:
        take_all(browser)


if __name__ == "__main__":
    main()
