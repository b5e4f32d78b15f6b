"""The actions of a question page, with and without JavaScript: one primary button, a menu for the others, "I don't
know", and handles that move lines by keyboard and by touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    NOT_SUBMITTED,
    Candidate,
    expect_question,
    field,
    press,
    wait_until_saved,
)
from questions.types import UNKNOWN

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
TEXT = "Zirconium, I would say."


def primary(page: Page) -> Locator:
    return page.locator("#question .btn-primary")


@SCRIPT
def test_one_button_is_primary_and_the_menu_has_the_others(begin, axe, script: bool) -> None:
    candidate: Candidate = begin(
        AttemptMode.TODAY, types=["true_false", "open"], browser={"java_script_enabled": script}
    )
    page = candidate.open()
    menu, summary = page.locator(".more"), page.locator(".more > summary")
    expect(primary(page)).to_have_text("Check answer")
    expect(page.get_by_role("button", name="Suspend")).to_be_hidden()
    field(page, "choice").first.check()
    summary.focus()
    page.keyboard.press("Enter")
    for name in ("Bookmark", "Skip until tomorrow", "Suspend", "Mark as known", "Report a problem with this question"):
        expect(menu.get_by_role("button", name=name)).to_be_visible()
    menu.get_by_label("Flag for later").check()
    if script:
        axe(page, without=("target-size",))  # the open menu covers parts of buttons in the footer
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Suspend")).to_be_hidden()
        expect(summary).to_be_focused()
        summary.click()
        page.locator("h1").click()
        expect(page.get_by_role("button", name="Suspend")).to_be_hidden()
    place = primary(page).bounding_box()
    press(page, "Check answer")
    expect(page.locator(".outcome")).to_be_visible()
    expect(primary(page)).to_have_text("Next question")
    assert candidate.response(1).flagged
    assert place and primary(page).bounding_box()["x"] == place["x"]  # type: ignore[index]
    press(page, "Next question", 2)
    field(page).fill(TEXT)
    press(page, "Check answer")
    expect(primary(page)).to_have_text("Save my marks")  # in the place of the button before and of that after it
    press(page, "Save my marks")
    expect(page.get_by_text("Your marks are saved.")).to_be_in_viewport()
    expect(primary(page)).to_have_text("Finish")


@SCRIPT
def test_not_knowing_is_explained_and_what_was_typed_is_kept(begin, script: bool) -> None:
    candidate: Candidate = begin(
        AttemptMode.PRACTICE, types=["open", "true_false"], browser={"java_script_enabled": script}
    )
    page = candidate.open()
    field(page).fill(TEXT)
    press(page, "I don't know")
    expect(page.locator(".outcome")).to_have_text("I don't know")
    expect(page.get_by_text("Model answer")).to_be_visible()
    expect(page.get_by_text(NOT_SUBMITTED)).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(primary(page)).to_have_text("Next question")
    assert candidate.response(1).answer == UNKNOWN
    if script:
        expect(page.locator(".outcome")).to_be_focused()
        page.keyboard.press("Enter")
        expect_question(page, 2)


@SCRIPT
def test_not_knowing_in_an_exam_is_replaced_by_an_answer(begin, axe, script: bool) -> None:
    candidate: Candidate = begin(AttemptMode.EXAM, types=["short_answer"], browser={"java_script_enabled": script})
    page = candidate.open()
    field(page).fill(TEXT)
    press(page, "I don't know")
    expect(page.get_by_text("If you answer now, your answer replaces it.")).to_be_visible()
    expect(page.locator(".versions")).to_contain_text(TEXT)
    expect(field(page)).to_have_value("")
    assert (candidate.response(1).answer, candidate.response(1).fraction) == (UNKNOWN, 0)
    if script:
        page.reload()  # after which the browser has nothing left to send
        wait_until_saved(page)
        axe(page)
        assert candidate.response(1).answer == UNKNOWN
    field(page).fill("Hafnium")
    field(page).press("Enter")
    expect(page.get_by_text("If you answer now, your answer replaces it.")).to_be_hidden()
    assert candidate.response(1).answer == {"text": "Hafnium"}


def lines(page: Page) -> list[str]:
    return page.locator('[data-drag="order"] label').all_inner_texts()


def numbers(page: Page) -> list[str]:
    """Return the numbers of the lines, in the order shown."""
    return page.locator('[data-drag="order"] select').evaluate_all("found => found.map(({ value }) => value)")


def test_lines_are_moved_by_the_arrow_keys_of_their_handles(begin, axe) -> None:
    candidate: Candidate = begin(AttemptMode.EXAM, types=["ordering"])
    page = candidate.open()
    first, second, third = lines(page)
    axe(page)
    handle = page.get_by_role("button", name=f"Move: {first}")
    handle.focus()
    page.keyboard.press("ArrowDown")
    assert lines(page) == [second, first, third]
    expect(page.locator("#told")).to_have_text(f"{first}: line 2 of 3")
    expect(handle).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # it is the last line already
    assert (lines(page), numbers(page)) == ([second, third, first], ["1", "2", "3"])
    press(page, "Save answer")
    expect(page.locator("[data-save-status]")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator('[data-drag="order"] label')).to_have_text([second, third, first])  # the order of the answer


def test_lines_of_a_listing_are_selected_by_touch_and_by_keys(begin) -> None:
    candidate: Candidate = begin(AttemptMode.EXAM, types=["find_lines"], browser=PHONE)
    page = candidate.open()
    rows = page.locator("label.code-line")
    assert all(row.evaluate("row => row.offsetHeight") >= 44 for row in rows.all())
    rows.nth(1).locator("code").tap()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):  # the fourth line is blank, the fifth is the last
        page.keyboard.press(key)
    expect(page.get_by_role("checkbox", name="Line 3")).to_be_focused()
    page.keyboard.press("Space")
    press(page, "Save answer")
    expect(page.locator("[data-save-status]")).to_contain_text("Saved at")
    assert candidate.response().answer == {"lines": [2, 3]}


def test_lines_and_matches_are_dragged_by_touch(begin) -> None:
    candidate: Candidate = begin(AttemptMode.EXAM, types=["ordering", "matching"], browser=PHONE)
    page = candidate.open()
    first, second, third = lines(page)
    drag_by_touch(page, page.locator(".handle").first, page.locator(".rows > li").last)
    assert (lines(page), numbers(page)) == ([second, third, first], ["1", "2", "3"])
    press(page, "Next question", 2)
    chip, row = page.locator(".chips li").nth(1), page.locator(".rows > li").first
    expect(chip).not_to_have_class("is-used")
    drag_by_touch(page, chip, row)
    expect(row.locator("option:checked")).to_have_text(chip.inner_text())
    expect(chip).to_have_class("is-used")
    drag_by_touch(page, chip, page.locator(".rows > li").nth(1))  # a match may belong to several lines
    expect(page.locator(".rows > li").nth(1).locator("option:checked")).to_have_text(chip.inner_text())
    row.locator("select").select_option("")
    page.locator(".rows > li").nth(1).locator("select").select_option("")
    expect(chip).not_to_have_class("is-used")


def drag_by_touch(page: Page, what: Locator, onto: Locator) -> None:
    """Put a finger on one element, and lift it from the lower part of the other."""
    onto.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start and end
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    goal = end["y"] + end["height"] * 0.8
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        points = [{"x": x, "y": y + (goal - y) * step / 8}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
