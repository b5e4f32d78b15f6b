"""What is typed and ticked until the deadline is submitted; what comes after it is kept with the result."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt
from questions.enums import AttemptStatus
from questions.tests.browser.draft_steps import (
    LONG,
    MULTIPLE_CHOICE,
    NOT_SUBMITTED,
    NUMERIC,
    OPEN,
    SUBMITS_BY_ITSELF,
    Candidate,
    copies,
    eventually,
    expect_result,
    write,
)

LIMIT = timedelta(hours=1)
TIMED = pytest.mark.parametrize("mode", SUBMITS_BY_ITSELF)


def end(*, ago: timedelta = timedelta()) -> None:
    """Move the deadline of the attempt into the past."""
    deadline = timezone.now() - ago
    Attempt.objects.update(started_at=deadline - LIMIT, deadline_at=deadline)


def own_words(page: Page, position: int):
    return page.locator(f"#question-{position} .own-words")


@TIMED
def test_the_deadline_submits_open_and_closed_pages(begin, mode: str) -> None:
    candidate: Candidate = begin(mode, time_limit=LIMIT)
    closed = candidate.open(MULTIPLE_CHOICE)
    write(closed, MULTIPLE_CHOICE)
    closed.close(run_before_unload=True)
    page = candidate.open()
    write(page, OPEN)
    end()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # the page asks how much time is left
    expect_result(page)
    expect(own_words(page, OPEN)).to_have_text(LONG)
    expect(page.get_by_text(NOT_SUBMITTED)).to_have_count(0)
    assert candidate.attempt.responses.answered().count() == 2
    candidate.attempt.refresh_from_db()
    assert candidate.attempt.status == AttemptStatus.EXPIRED


@pytest.mark.slow
@TIMED
def test_answers_written_offline_count_within_the_grace_period(begin, mode: str, complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    candidate: Candidate = begin(mode, time_limit=LIMIT)
    in_time, too_late = candidate.second_device(), candidate.second_device()
    page, late_page, closed = in_time.open(), too_late.open(NUMERIC), too_late.open(MULTIPLE_CHOICE)
    for device in (in_time, too_late):
        device.context.set_offline(True)
    write(page, OPEN)
    write(late_page, NUMERIC)
    write(closed, MULTIPLE_CHOICE)
    closed.close()
    eventually(lambda: len(copies(late_page)) == 2)  # the browser has told this tab, too
    end()
    in_time.context.set_offline(False)
    expect_result(page)
    expect(own_words(page, OPEN)).to_have_text(LONG)
    end(ago=settings.DEADLINE_GRACE)
    too_late.context.set_offline(False)
    expect_result(late_page)
    late = Draft.objects.filter(response__attempt=candidate.attempt, part=Draft.Part.ANSWER)
    eventually(lambda: late.count() == 2)  # also what the closed page left
    late_page = too_late.context.new_page()
    late_page.goto(too_late.result_url)
    for position in (MULTIPLE_CHOICE, NUMERIC):
        expect(late_page.locator(f"#question-{position}").get_by_text(NOT_SUBMITTED)).to_be_visible()
    expect(own_words(late_page, NUMERIC)).to_have_text("76543")
    assert [response.position for response in candidate.attempt.responses.answered()] == [OPEN]
