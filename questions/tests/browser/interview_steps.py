"""What somebody does in a mock interview of four questions."""

from playwright.sync_api import Page, expect

from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.factories import GuideFactory, make_question


def begin(page: Page, *, script: bool = True) -> Attempt:
    page.goto("/interview/")
    page.get_by_role("button", name="Start interview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 4")
    expect(page.locator("[data-phase]")).to_have_text("Think" if script else "")
    return Attempt.objects.get(mode=AttemptMode.INTERVIEW)


def answer(page: Page, text: str) -> None:
    """Writes an answer and comes to the follow-up question."""
    page.get_by_label("Your answer or notes", exact=True).fill(text)
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("heading", name="And then?")).to_be_visible()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Interview report")


def make_bank() -> None:
    """Two open questions and two machine-graded ones."""
    topic = GuideFactory().topic
    for _ in range(2):
        make_question("open", topic=topic, model_answer="As *they* say it.", difficulty="easy")
        make_question("true_false", topic=topic, difficulty="easy")
