"""Two pages with the same question, in two tabs or on two devices: what each of them holds is shown and kept."""

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    LONG,
    MODES,
    OPEN,
    OTHER,
    Candidate,
    expect_written,
    press,
    submit,
    wait_until_saved,
    write,
)


def versions(page: Page) -> Locator:
    return page.locator(".versions .alert")


@pytest.mark.parametrize("devices", [1, 2], ids=["two tabs", "two devices"])
@pytest.mark.parametrize("mode", MODES)
def test_texts_of_two_pages_are_both_shown(begin, mode: str, devices: int) -> None:
    candidate: Candidate = begin(mode)
    page = candidate.open()
    other = (candidate if devices == 1 else candidate.second_device()).open()
    write(page, OPEN)
    wait_until_saved(page)
    write(other, OPEN, text=OTHER)
    wait_until_saved(other)
    expect(versions(other)).to_have_count(1)
    expect(versions(other)).to_contain_text(LONG)
    expect_written(other, OPEN, text=OTHER)
    expect(versions(page)).to_have_count(0)  # it has not asked the server since
    page.reload()
    is_exam = mode == AttemptMode.EXAM
    shown, beside = (LONG, OTHER) if is_exam else (OTHER, LONG)  # in an exam the first one is the answer
    expect_written(page, OPEN, text=shown)
    expect(versions(page)).to_contain_text(beside)
    press(page, "Use this version")
    expect_written(page, OPEN, text=beside)
    expect(page.locator(".saved-words" if is_exam else ".versions")).to_contain_text(shown)
    page.reload()
    expect_written(page, OPEN, text=beside)
    if not is_exam:
        press(page, "Delete")
        expect(versions(page)).to_have_count(0)
        expect_written(page, OPEN, text=beside)
    submit(page, mode)
    assert candidate.response().answer["text"] == beside
    write(other, OPEN, text="This page is older by now.")
    wait_until_saved(other)
    expect(versions(other)).to_contain_text(beside)
    assert candidate.response().answer["text"] == beside
    page.reload()
    expect(versions(page)).to_contain_text("This page is older by now.")
    press(page, "Delete")
    expect(versions(page)).to_have_count(0)
