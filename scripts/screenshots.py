"""Take the screenshots in docs/images from a fresh site in a temporary folder; run by `make screenshots`."""

from typing import Literal

from playwright.sync_api import Browser, Page
from served import ROOT, SITE, chromium, press_in_menu, running_site, start_quiz

IMAGES = ROOT / "docs" / "images"


def open_page(browser: Browser, width: int, theme: Literal["light", "dark"]) -> Page:
    """Return a page in the browser of a new visitor."""
    context = browser.new_context(
        base_url=SITE, viewport={"width": width, "height": 900}, color_scheme=theme, timezone_id="UTC"
    )
    return context.new_page()


def save_screenshot(page: Page, name: str, height: int = 900) -> None:
    """Save a screenshot of the top of the page in docs/images."""
    assert page.viewport_size
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")


def check_answer(page: Page) -> None:
    """Choose the second option and check the answer."""
    page.locator("div.asked input").nth(1).check()
    page.get_by_role("radio", name="Unsure").check()
    page.get_by_role("button", name="Check answer").click()
    page.locator(".outcome").wait_for()


def take_screenshots(browser: Browser) -> None:
    page = open_page(browser, 1000, "light")
    page.goto("/")
    save_screenshot(page, "home", 860)
    page.goto("/topics/framework-choice/")
    save_screenshot(page, "guide", 1000)
    start_quiz(page, "warm-up-frameworks", 3)
    check_answer(page)
    save_screenshot(page, "question", 1250)

    phone = open_page(browser, 360, "dark")
    start_quiz(phone, "warm-up-frameworks", 10)
    save_screenshot(phone, "question-phone-dark", 1000)

    exam = open_page(browser, 1000, "dark")
    start_quiz(exam, "framework-exam", 3)
    save_screenshot(exam, "exam-dark", 760)

    result = open_page(browser, 1000, "light")
    start_quiz(result, "warm-up-frameworks", 3)
    check_answer(result)
    press_in_menu(result, "Finish")
    result.wait_for_url("**/overview/")
    result.get_by_role("button", name="Finish").click()
    result.wait_for_url("**/result/")
    save_screenshot(result, "result", 860)


def main() -> None:
    """Serve a site and take the screenshots."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running_site(), chromium() as browser:
        take_screenshots(browser)


if __name__ == "__main__":
    main()
