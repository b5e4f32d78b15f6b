"""Helpers that act on pages as a person does."""

from playwright.sync_api import Page, expect

from questions import types
from questions.attempts.models import Attempt, Response
from questions.tests.attempt_steps import key_of, sent_for


def begin(page: Page, title: str) -> Attempt:
    """Start the curated quiz with this title from the home page."""
    page.goto("/")
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    return Attempt.objects.latest("pk")


def place_of(attempt: Attempt, position: int) -> Response:
    """Return the response at the position, with its revision."""
    return attempt.responses.select_related("revision").get(position=position)


def fill_in(page: Page, place: Response, *, keyboard: bool = False) -> None:
    """Fill in the right answer, by mouse or by keyboard alone."""
    group = page.get_by_role("group", name=plain(place.revision.item().stem))
    for name, value in sent_for(place, key_of(place)).items():
        field = group.locator(f'[name="{name}"]')
        if types.get(place.revision.item().type).template.endswith(("choice.html", "lines.html")):
            for chosen in [value] if isinstance(value, str) else value:
                option = group.locator(f'[name="{name}"][value="{chosen}"]')
                press(page, option, "Space") if keyboard else option.check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            label = field.locator(f'option[value="{value}"]').inner_text()
            type_in(page, field, label) if keyboard else field.select_option(value)
        else:
            type_in(page, field, value) if keyboard else field.fill(value)


def press(page: Page, target, key: str) -> None:
    """Press Tab until the target has the focus, then the key."""
    tab_to(page, target)
    page.keyboard.press(key)


def type_in(page: Page, target, text: str) -> None:
    """Press Tab until the target has the focus, then type."""
    tab_to(page, target)
    page.keyboard.type(text)


def open_more(page: Page) -> None:
    """Open the menu of a question page with the actions that are needed rarely."""
    page.locator(".more:not([open]) > summary").click()


def tab_to(page: Page, target, limit: int = 80) -> None:
    """Press Tab until the target has the focus; arrow keys move within a radio group."""
    target.wait_for()
    for _ in range(limit):
        if target.evaluate("element => element === document.activeElement"):
            return
        same_group = target.evaluate(
            "element => element.type === 'radio' && document.activeElement.name === element.name"
        )
        page.keyboard.press("ArrowDown" if same_group else "Tab")
    raise AssertionError(f"Tab never reached {target}")


def plain(markdown: str) -> str:
    """Return the text of a stem without Markdown."""
    return markdown.replace("`", "").strip()
