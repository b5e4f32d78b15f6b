"""The first minute of a new visitor: an answer and a plan from the home page, with JavaScript and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from questions.practice import first_impressions
from questions.tests.factories import QuizFactory, QuizItemFactory, make_question


@pytest.fixture
def quiz(transactional_db):
    """The quiz whose first question is on the home page."""
    quiz = QuizFactory(slug=first_impressions.SLUG)
    for position in (1, 2):
        QuizItemFactory(quiz=quiz, question=make_question("single_choice"), position=position)
    return quiz


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
def test_two_clicks_and_one_date_give_an_explained_answer_and_a_plan(new_context, quiz, script: bool) -> None:
    page = new_context(java_script_enabled=script).new_page()
    page.goto("/")
    page.locator(".hero-question .option").first.click()
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_be_visible()
    expect(page.get_by_role("heading", name="Explanation")).to_be_visible()

    page.goto("/")  # now the dashboard, which has the plan's form as well
    interview = timezone.localdate() + timedelta(days=12)
    date = page.get_by_role("textbox", name="When is your interview?")
    date.fill(interview.isoformat())
    date.press("Enter")
    expect(page.locator(".plan-says")).to_contain_text("12 study days")
    expect(page.locator(".plan-says")).to_contain_text("you have time for all 2 questions")
