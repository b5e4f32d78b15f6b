"""What is typed and ticked outlives reloads, Back, every button and closed tabs, in every mode."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    EACH_MODE,
    FIELDS,
    LONG,
    MATCHING,
    MULTIPLE_CHOICE,
    NOT_SUBMITTED,
    NUMERIC,
    OPEN,
    OTHER,
    SUBMITS_BY_ITSELF,
    Candidate,
    expect_heading,
    expect_question,
    expect_result,
    expect_written,
    go_to,
    press,
    wait_until_saved,
    write,
)


@pytest.mark.parametrize("mode", EACH_MODE)
def test_text_and_ticks_outlive_reload_and_back(begin, mode: str) -> None:
    candidate: Candidate = begin(mode)
    page = candidate.open()
    write(page, OPEN)
    page.reload()  # before it is saved
    expect_written(page, OPEN)
    wait_until_saved(page)
    page.reload()
    expect_written(page, OPEN)
    write(page, OPEN, text=LONG[:-1] + "!", aloud=[])
    page.goto(candidate.url(MULTIPLE_CHOICE))
    write(page, MULTIPLE_CHOICE)
    page.go_back()
    expect_written(page, OPEN, text=LONG[:-1] + "!", aloud=[])
    page.go_forward()
    expect_written(page, MULTIPLE_CHOICE)


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
@pytest.mark.parametrize("mode", EACH_MODE)
def test_every_button_takes_along_what_is_on_the_page(begin, mode: str, script: bool) -> None:
    candidate: Candidate = begin(mode, browser={"java_script_enabled": script})
    page = candidate.open()
    go_through_all_questions(page, is_interview=mode == AttemptMode.INTERVIEW)
    write(page, OPEN, text=OTHER)
    press(page, "Show overview" if mode == AttemptMode.INTERVIEW else "Finish")
    if mode != AttemptMode.TODAY:  # a session has no overview
        expect_heading(page, "Overview")
        page.get_by_role("link", name="Question 1").click()
        expect_written(page, OPEN, text=OTHER)
        page.go_back()
        press(page, "Finish" if mode == AttemptMode.PRACTICE else "Hand in")
    expect_result(page)
    expect(page.locator(".own-words", has_text=OTHER)).to_be_visible()
    is_submitted = mode in SUBMITS_BY_ITSELF
    expect(page.get_by_text(NOT_SUBMITTED)).to_have_count(0 if is_submitted else len(FIELDS))
    assert candidate.attempt.responses.answered().count() == (len(FIELDS) if is_submitted else 0)


def go_through_all_questions(page: Page, *, is_interview: bool) -> None:
    """Fill in each question and press a button at once; look at each again on the way back."""
    for position in FIELDS:
        write(page, position)
        if position < MATCHING:
            is_open = position == OPEN and is_interview
            press(page, "Skip this question" if is_open else "Next question", position + 1)
    for position in sorted(FIELDS, reverse=True)[1:]:
        press(page, "Previous question", position)
        expect_written(page, position)
    for position in [] if is_interview else (MATCHING, NUMERIC, OPEN):
        go_to(page, position)
        expect_written(page, position)


@pytest.mark.parametrize("mode", EACH_MODE)
def test_text_and_ticks_outlive_a_closed_and_a_crashed_tab(begin, mode: str) -> None:
    candidate: Candidate = begin(mode)
    page = candidate.open()
    write(page, OPEN)
    page.close(run_before_unload=True)
    page = candidate.open()
    expect_written(page, OPEN)
    wait_until_saved(page)
    write(page, OPEN, text=OTHER)
    page.close()
    page = candidate.open()
    expect_written(page, OPEN, text=OTHER)
    write(page, OPEN, text=OTHER[:-1])
    wait_until_saved(page)
    write(page, OPEN, text=LONG)
    crash(page)
    expect_written(candidate.open(), OPEN)


def crash(page: Page) -> None:
    """End the page without the chance to save."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
def test_buttons_beside_the_form_keep_what_is_on_the_page(begin, script: bool) -> None:
    candidate: Candidate = begin(AttemptMode.TODAY, browser={"java_script_enabled": script})
    page = candidate.open()
    expect(page.get_by_role("button", name="Dark")).to_be_visible(visible=script)  # leaves the page
    for name in ("Bookmark", "Save note", "Report a problem with this question", "Skip until tomorrow"):
        write(page, OPEN, text=f"{LONG} {name}\n  ")
        write_note(page, f"A note before {name}.")
        press(page, name)
        if name.startswith("Report"):
            expect_heading(page, "Report a problem")
        elif name.startswith("Skip"):
            expect_question(page, MULTIPLE_CHOICE)
        else:
            expect(page.locator('.bookmark [aria-pressed="true"]')).to_be_visible()
            expect(page.locator(".alert-success")).to_have_count(1 if name == "Save note" else 0)
            if script:
                wait_until_saved(page)
        page.goto(candidate.url())
        expect_written(page, OPEN, text=f"{LONG} {name}\n  ")
        expect(note(page)).to_have_value(f"A note before {name}.")


def note(page: Page) -> Locator:
    return page.locator('textarea[name="note"]')


def write_note(page: Page, text: str) -> None:
    page.locator(".note").evaluate(
        "element => [element, element.closest('.more')].forEach((each) => each && (each.open = true))"
    )
    note(page).fill(text)
