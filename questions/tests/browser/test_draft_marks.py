"""Ticks at the criteria of open answers outlive everything until they are saved as marks, on every page with them."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    Candidate,
    delete_cookie,
    expect_result,
    expect_ticked,
    go_to,
    log_out_elsewhere,
    press,
    record_open_answers,
    tick,
    wait_until_saved,
)

DRAFT = "Your ticks count when you save your marks."
OFFLINE, LOG_IN = "No connection to the server.", "Log in again to submit. Your answer is kept."
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])


@pytest.fixture
def begin_marking(begin):
    """Return a function that makes a user with three open answers, and the URL of a page to mark them on."""

    def begin_marking(place: str, **browser) -> tuple[Candidate, str]:
        mode = place.split()[0]
        candidate: Candidate = begin(mode, types=["open"] * 3, browser=browser)
        record_open_answers(candidate, hand_in=place != mode)
        return candidate, candidate.url() if place == mode else candidate.result_url

    return begin_marking


def met(candidate: Candidate, positions: Iterable[int] = (1, 2, 3)) -> list[list[int] | None]:
    """Return the marks that are saved."""
    return [candidate.response(position).answer.get("met") for position in positions]


@pytest.mark.parametrize("place", [AttemptMode.PRACTICE, "exam result"])
def test_ticks_outlive_what_happens_to_the_page(begin_marking, place: str, complaints) -> None:
    complaints.expect("403|404|ERR_INTERNET_DISCONNECTED")
    candidate, url = begin_marking(place)
    page = candidate.context.new_page()
    page.goto(url)
    tick(page, 1, 1, 2)
    page.reload()  # before they are saved
    expect_ticked(page, 1, 1, 2)
    wait_until_saved(page)
    page.goto("/history/")
    page.go_back()
    expect_ticked(page, 1, 1, 2)
    expect(page.get_by_text(DRAFT)).to_be_visible()
    tick(page, 1, 3)
    page.close(run_before_unload=True)
    page = candidate.context.new_page()
    page.goto(url)
    expect_ticked(page, 1, 3)
    wait_until_saved(page)

    candidate.context.set_offline(True)
    tick(page, 1, 3, 4)
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    candidate.context.set_offline(False)
    wait_until_saved(page)
    log_out = delete_cookie if place == AttemptMode.PRACTICE else log_out_elsewhere
    log_out(candidate)
    tick(page, 1, 2, 4)
    expect(page.get_by_text(LOG_IN)).to_be_visible()
    expect_ticked(page, 1, 2, 4)
    candidate.log_in(candidate.context)
    page.reload()
    expect_ticked(page, 1, 2, 4)
    wait_until_saved(page)

    other = candidate.second_device().context.new_page()
    other.goto(url)
    expect_ticked(other, 1, 2, 4)
    tick(other, 1, 1)
    press_save(other)
    expect_ticked(other, 1, 1)
    assert met(candidate, [1]) == [[0]]
    page.reload()
    expect_ticked(page, 1, 1)
    expect(page.get_by_text(DRAFT)).to_be_hidden()


def press_save(page: Page, position: int = 1) -> None:
    page.locator(f'button[formaction$="/{position}/marks/"]').click()
    expect(page.get_by_text("Your marks are saved.")).to_be_visible()


@SCRIPT
def test_marks_of_one_answer_keep_the_ticks_at_another(begin_marking, script: bool) -> None:
    candidate, url = begin_marking("exam result", java_script_enabled=script)
    page = candidate.context.new_page()
    page.goto(url)
    tick(page, 3, 1, 4)
    tick(page, 1, 1, 2)
    press_save(page)
    expect_ticked(page, 1, 1, 2)
    expect_ticked(page, 2)
    expect_ticked(page, 3, 1, 4)
    assert met(candidate) == [[0, 1], None, None]
    tick(page, 2, 3)
    press_save(page, 3)
    expect_ticked(page, 2, 3)
    assert met(candidate) == [[0, 1], None, [0, 3]]


@SCRIPT
def test_buttons_of_the_question_page_keep_the_ticks(begin_marking, script: bool) -> None:
    candidate, url = begin_marking(AttemptMode.TODAY, java_script_enabled=script)
    page = candidate.context.new_page()
    page.goto(url)
    tick(page, 1, 1, 2)
    press(page, "Next question", 2)
    tick(page, 2, 3)
    press(page, "Previous question", 1)
    expect_ticked(page, 1, 1, 2)
    go_to(page, 2)
    expect_ticked(page, 2, 3)
    tick(page, 2, 4)
    go_to(page, 3)
    tick(page, 3, 1)
    press(page, "Undo this answer", 4)
    go_to(page, 3)
    expect_ticked(page, 3, 1)
    press(page, "Finish")
    expect_result(page)
    expect_ticked(page, 1, 1, 2)
    expect_ticked(page, 2, 4)
    press_save(page, 2)
    assert met(candidate) == [None, [3], None]


@pytest.mark.parametrize("place", [AttemptMode.TODAY, "interview report"])
def test_ticks_of_two_pages_are_both_shown(begin_marking, place: str) -> None:
    candidate, url = begin_marking(place)
    page, other = candidate.context.new_page(), candidate.second_device().context.new_page()
    page.goto(url)
    other.goto(url)
    for each, number in ((page, 1), (other, 3)):
        tick(each, 1, number)
        wait_until_saved(each)
    page.reload()
    expect_ticked(page, 1, 3)
    version = page.locator(".versions .alert")
    expect(version).to_contain_text("You also ticked these points in another tab")
    version.get_by_role("button", name="Use these ticks").click()
    expect_ticked(page, 1, 1)
    expect(version.get_by_role("button", name="Delete")).to_have_count(1)  # the ticks of the other page
    press_save(page)
    expect_ticked(page, 1, 1)
    expect(page.get_by_text(DRAFT)).to_be_hidden()
    assert met(candidate, [1]) == [[0]]
    version.get_by_role("button", name="Delete").click()
    expect(version).to_have_count(0)
    expect_ticked(page, 1, 1)


@SCRIPT
def test_buttons_of_a_result_keep_the_ticks_and_the_notes(begin_marking, script: bool) -> None:
    candidate, url = begin_marking("exam result", java_script_enabled=script)
    page = candidate.context.new_page()
    for number, name in enumerate(("Bookmark", "Save note", "Practise my mistakes (3)", "Report a problem"), 1):
        page.goto(url)
        tick(page, 1, number)
        for position in (2, 3):
            write_note(page, position, f"Note {position} before {name}.")
        where = page if name.startswith("Practise") else page.locator("#question-3")
        press(where, name)
        if name == "Bookmark":
            expect(page.locator('.bookmark [aria-pressed="true"]')).to_be_visible()
        elif name == "Save note":
            expect(page.locator("main").get_by_text("Your note is saved.")).to_be_visible()
        else:
            expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of" if number == 3 else name)
        page.goto(url)
        expect_ticked(page, 1, number)
        for position in (2, 3):
            expect(note(page, position)).to_have_value(f"Note {position} before {name}.")


def test_notes_of_a_result_are_saved_while_they_are_typed(begin_marking) -> None:
    candidate, url = begin_marking("exam result")
    page, other = candidate.context.new_page(), candidate.second_device().context.new_page()
    for each in (page, other):
        each.goto(url)
    write_note(page, 1, "Typed here.")
    wait_until_saved(page)
    write_note(other, 1, "Typed there.")
    both = "Typed here.\n\n* * *\n\nTyped there."
    expect(note(other, 1)).to_have_value(both)
    note(other, 1).press_sequentially(" Both.")
    wait_until_saved(other)
    page.close(run_before_unload=True)
    page = candidate.context.new_page()
    page.goto(url)
    expect(note(page, 1)).to_have_value(f"{both} Both.")


def note(page: Page, position: int) -> Locator:
    return page.locator(f"#question-{position} .note textarea")


def write_note(page: Page, position: int, text: str) -> None:
    note(page, position).evaluate("element => (element.closest('.note').open = true)")
    note(page, position).fill(text)
