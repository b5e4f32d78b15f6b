"""Two pages with the same question, in two tabs or on two devices: what each of them holds is shown and kept."""

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    EACH_MODE,
    LONG,
    OPEN,
    OTHER,
    Candidate,
    expect_written,
    press,
    submit,
    wait_until_saved,
    write,
)

THIRD = "It is the disk, I am afraid."


def versions(page: Page) -> Locator:
    return page.locator(".versions .alert")


@pytest.mark.parametrize("mode", EACH_MODE)
def test_texts_of_two_tabs_and_a_second_device_are_all_shown(begin, mode: str) -> None:
    candidate: Candidate = begin(mode)
    page, tab, device = candidate.open(), candidate.open(), candidate.second_device().open()
    write(page, OPEN)
    wait_until_saved(page)
    for other, text in ((tab, OTHER), (device, THIRD)):
        write(other, OPEN, text=text)
        wait_until_saved(other)
        expect_written(other, OPEN, text=text)
        expect(versions(other)).to_contain_text([LONG] if other is tab else others_of(mode))
    expect(versions(page)).to_have_count(0)  # it has not asked the server since
    page.reload()
    is_exam = mode == AttemptMode.EXAM
    shown = LONG if is_exam else THIRD  # in an exam the first one is the answer
    expect_written(page, OPEN, text=shown)
    expect(versions(page)).to_contain_text([THIRD, OTHER] if is_exam else [OTHER, LONG])
    press(versions(page).filter(has_text=OTHER), "Use this version")
    expect_written(page, OPEN, text=OTHER)
    expect(page.locator(".saved-words" if is_exam else ".versions")).to_contain_text(shown)
    page.reload()
    expect_written(page, OPEN, text=OTHER)
    press(versions(page).filter(has_text=THIRD), "Delete")
    expect(versions(page).filter(has_text=THIRD)).to_have_count(0)
    expect_written(page, OPEN, text=OTHER)
    submit(page, mode)
    assert candidate.response().answer["text"] == OTHER
    write(tab, OPEN, text="This page is older by now.")
    wait_until_saved(tab)
    expect(versions(tab).first).to_contain_text(OTHER)
    assert candidate.response().answer["text"] == OTHER
    page.reload()
    expect(versions(page).first).to_contain_text("This page is older by now.")


def others_of(mode: str) -> list[str]:
    """Return what the third page is shown: in an exam the answer first, elsewhere the last draft first."""
    return [LONG, OTHER] if mode == AttemptMode.EXAM else [OTHER, LONG]
