"""The progress page with much data: accessible on every screen, also with open tables."""

from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from questions.attempts.models import Attempt
from questions.enums import Confidence
from questions.tests.browser.test_every_page import SIDEWAYS, STILL, opened
from questions.tests.factories import (
    CardFactory,
    PlanTopicFactory,
    ReviewFactory,
    StudyPlanFactory,
    TakeawayFactory,
    UserFactory,
    make_question,
)

LEAST_SIZE = 11  # pixels
LONG_TITLE = "Security: passwords, sessions, authorisation, cross-site requests and Internationalisierung"
SIZE_OF_TEXT = """() => Math.min(...[...document.querySelectorAll("svg text")].map(
    text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""


@pytest.fixture
def address(client, transactional_db) -> str:
    """The URL of the progress page for an owner with three topics, 60 days of answers and a plan."""
    user, today, random = UserFactory(), timezone.now().date(), Random(7)
    client.force_login(user)
    plan = StudyPlanFactory(user=user, interview_on=today + timedelta(days=20), weekdays_off=[6])
    for title in ("Caching", LONG_TITLE, "Queues"):
        takeaway = TakeawayFactory(guide__topic__title=title)
        topic = takeaway.guide.topic
        PlanTopicFactory(plan=plan, topic=topic)
        for _ in range(4):
            question = make_question("single_choice", topic=topic, takeaway=takeaway, stem=f"What is `{'x' * 60}`?")
            CardFactory(user=user, question=question, reviewed_on=today, due_on=today, stability=10)
            for back in random.sample(range(1, 60), 20):
                ReviewFactory(
                    user=user,
                    question=question,
                    day=today - timedelta(days=back),
                    confidence=random.choice(Confidence.values),
                    predicted=random.random(),
                    fraction=random.choice([0, 1]),
                    rating=random.choice([1, 3]),
                    duration=timedelta(minutes=random.randint(1, 9)),
                )
    return reverse("progress")


def open_tables(page: Page) -> None:
    """Open the details, and the table below every chart."""
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.locator("main details[open]").count() == 1 + 6


@pytest.mark.parametrize("width", [320, 1000])
def test_plots_and_tables_hinder_nobody(new_context, base_url, client, address, axe, width: int) -> None:
    page = opened(new_context, base_url, client, viewport={"width": width, "height": 740}, **STILL)
    page.goto(address)
    for are_open in (False, True):
        if are_open:
            open_tables(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            axe(page)
            assert not page.evaluate(SIDEWAYS)
            assert are_open or page.evaluate(SIZE_OF_TEXT) >= LEAST_SIZE


def test_what_was_sure_but_wrong_is_practised_at_once(new_context, base_url, client, address) -> None:
    page = opened(new_context, base_url, client)
    page.goto(address)
    page.get_by_text("Details: ").click()
    page.get_by_role("button", name="Answer this question").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 1")
    page.goto(address)
    page.get_by_role("button", name="Practise these 5").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 5")
    assert Attempt.objects.count() == 2


def test_plots_stay_on_paper_and_closed_tables_do_not(new_context, base_url, client, address) -> None:
    page = opened(new_context, base_url, client, color_scheme="dark")
    page.goto(address)
    page.locator("main summary").first.click()
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="Caching").first).to_be_visible()
    expect(page.locator("main details").nth(0)).to_be_visible()
    expect(page.locator("main details").nth(1)).to_be_hidden()
