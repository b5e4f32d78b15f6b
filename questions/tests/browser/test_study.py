"""The study plan over several days, with a clock that the test sets, in Chromium."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from questions.attempts.models import Attempt
from questions.scheduling import reviews
from questions.scheduling.models import Card, CardStatus, Review
from questions.scheduling.plan_models import StudyPlan
from questions.tests.browser.steps import fill_in, open_more, place_of, press
from questions.tests.factories import TakeawayFactory, make_question

MONDAY = datetime(2026, 3, 2, 18, tzinfo=UTC)
TYPES = ["single_choice", "true_false", "short_answer", "numeric"]


class Clock:
    """The clock of the server."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def to_day(self, number: int) -> None:
        """Set the clock to the evening of a day, counted from the Monday."""
        self.at = MONDAY + timedelta(days=number)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Clock of the server, which stands still, so that answers take no time."""
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", lambda: clock.at)
    return clock


@pytest.fixture
def questions(transactional_db) -> list:
    takeaway = TakeawayFactory(guide__topic__title="Queues")
    topic = takeaway.guide.topic
    return [make_question(name, topic=topic, takeaway=takeaway) for _ in range(10) for name in TYPES]


def make_plan(page: Page, interview: date, minutes: int = 10) -> None:
    page.goto("/")
    page.get_by_role("link", name="Today", exact=True).click()
    page.get_by_role("link", name="Make a plan", exact=True).click()
    page.get_by_label("Interview date").fill(interview.isoformat())
    page.get_by_label("Minutes a day").fill(str(minutes))
    page.get_by_text("Advanced").click()
    page.get_by_label("Time zone").fill("UTC")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Your plan is saved.")).to_be_visible()


def new_on(page: Page, row: int) -> int:
    """Return the number of new questions that the plan's table has for a day."""
    return int(page.locator(".plan-days tbody tr").nth(row).locator("td").nth(0).text_content() or "")


def work(page: Page, most: int = 99) -> Attempt:
    """Answer the questions of today's session, or the first ones."""
    page.goto("/today/")
    page.get_by_role("button", name="Start today's session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    attempt = Attempt.objects.latest("pk")
    count = attempt.responses.count()
    for position in range(1, min(most, count) + 1):
        fill_in(page, place_of(attempt, position))
        page.get_by_role("button", name="Check answer").click()
        expect(page.locator(".outcome")).to_contain_text("Right")
        if position < min(most, count):
            page.get_by_role("button", name="Next question").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {position + 1} of")
    if most < count:
        open_more(page)
    page.get_by_role("button", name="Finish").press("Enter")  # so that the pointer is on no button of the next page
    expect(page.get_by_role("heading", level=1, name=re.compile("Session finished|Done for today"))).to_be_visible()
    return attempt


def test_three_days_are_worked_two_are_missed_and_the_plan_is_made_anew(
    page: Page, clock: Clock, questions, axe: Callable[[Page], None]
) -> None:
    make_plan(page, date(2026, 3, 22), minutes=5)
    expect(page.get_by_text("20 study days: you have time for all 40 questions.")).to_be_visible()
    axe(page)
    row = page.locator("#day-2026-03-04")
    expect(row).to_be_hidden()
    press(page, page.get_by_role("link", name=re.compile("^Wed 4 March: .*Guides and topics: Queues")), "Enter")
    expect(row).to_be_visible()
    expect(page.get_by_role("link", name="Fri 20 March: mock interview, about 30 min")).to_be_visible()
    axe(page)
    for number in range(3):
        clock.to_day(number)
        work(page)
        axe(page)
    seen = Card.objects.count()
    assert Review.objects.values_list("day", flat=True).distinct().count() == 3
    assert 12 <= seen < 40
    clock.to_day(3)
    page.goto("/plan/")
    soon = new_on(page, 0)
    clock.to_day(5)
    page.goto("/plan/")
    expect(page.get_by_text(", you have studied on 3 days; 6")).to_be_visible()
    assert new_on(page, 0) > soon
    work(page)
    assert Card.objects.count() > seen


def test_a_session_is_stopped_at_any_time_and_goes_on_where_it_was_left(page: Page, clock: Clock, questions) -> None:
    make_plan(page, date(2026, 3, 12))
    attempt = work(page, most=2)
    assert attempt.responses.count() == 2
    page.goto("/today/")
    expect(page.get_by_text("So far today: 2 questions")).to_be_visible()
    page.get_by_role("button", name="Start today's session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    page.goto("/today/")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")


def test_an_answer_is_undone_by_keyboard_and_the_question_comes_again(page: Page, clock: Clock, questions) -> None:
    page.goto("/today/")
    press(page, page.get_by_role("button", name="Start today's session"), "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    attempt = Attempt.objects.get()
    count = attempt.responses.count()
    fill_in(page, place_of(attempt, 1), keyboard=True)
    press(page, page.get_by_role("button", name="Check answer"), "Enter")
    expect(page.locator(".outcome")).to_contain_text("Right")
    press(page, page.locator(".more > summary"), "Enter")
    press(page, page.get_by_role("button", name="Undo this answer"), "Enter")
    expect(page.get_by_text("come up again at the end of this session")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"of {count + 1}")
    assert not Review.objects.counting().exists()


def test_a_question_missed_eight_times_is_set_aside_with_a_pointer_to_the_guide(
    page: Page, clock: Clock, questions
) -> None:
    make_plan(page, date(2026, 5, 2))
    plan = StudyPlan.objects.get()
    hard = questions[0]
    for number in range(7):  # the test itself gives the eighth wrong answer
        Review.objects.create(
            **plan.owner.fields, question=hard, day=date(2026, 2, 10 + number), at=MONDAY, rating=1, fraction=0
        )
    reviews.rebuild_cards(owner=plan.owner, questions=[hard.pk])
    page.goto("/today/")
    page.get_by_role("button", name="Start today's session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    place = Attempt.objects.get().responses.get(revision__question=hard)
    page.goto(page.url.removesuffix("1/") + f"{place.position}/")
    wrong = place.option_order.index(1) + 1
    page.locator(f'[name="choice"][value="{wrong}"]').check()
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_contain_text("Wrong")
    assert Card.objects.get(question=hard).status == CardStatus.LEECH
    page.goto("/today/")
    expect(page.get_by_text("Set aside after many misses")).to_be_visible()
    page.get_by_role("link", name="the takeaway").click()
    expect(page.locator(":target")).to_contain_text("Remember this.")
    page.goto("/today/")
    page.get_by_role("button", name="Ask me again").click()
    expect(page.get_by_text("The question is back in your plan.")).to_be_visible()


def test_everything_works_without_javascript(new_context, clock: Clock, questions) -> None:
    page = new_context(java_script_enabled=False).new_page()
    make_plan(page, date(2026, 3, 12))
    attempt = work(page, most=2)
    assert Review.objects.counting().count() == 2
    page.goto("/today/")
    page.get_by_role("button", name="Undo the last answer").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    page.get_by_role("button", name="Start today's session").click()
    open_more(page)
    page.get_by_role("button", name="Mark as known").click()
    expect(page.get_by_text("Marked as known")).to_be_visible()
    assert Card.objects.with_status(CardStatus.KNOWN).count() == 1
    assert attempt.responses.count() == 2
