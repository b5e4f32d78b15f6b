"""Staff work in the admin, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from questions.bank.models.questions import Question
from questions.tests.browser.steps import begin, fill_in, place_of
from questions.tests.factories import QuizFactory, QuizItemFactory, UserFactory, make_question

PASSWORD = "a long walk by the sea"


@pytest.fixture
def staff(transactional_db):
    """A superuser."""
    return UserFactory(username="staff", password=PASSWORD, is_staff=True, is_superuser=True)


def log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Login").fill("staff")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_staff_correct_a_question_and_the_old_attempt_stays_as_it_was(page: Page, new_context, staff) -> None:
    quiz = QuizFactory(title="Short one")
    question = make_question("single_choice", stem="What was asked first?")
    QuizItemFactory(quiz=quiz, question=question)
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_be_focused()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1, name="Result")).to_be_visible()
    page.get_by_text("1. What was asked first?").click()
    expect(page.get_by_text("What was asked first?", exact=True)).to_be_visible()

    editor = new_context().new_page()
    log_in(editor, f"/admin/questions/question/{question.pk}/change/")
    editor.locator("#id_stem").fill("What is asked from now on?")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("was changed successfully")).to_be_visible()

    page.reload()
    expect(page.locator(".stem").get_by_text("What was asked first?", exact=True)).to_be_visible()
    page.get_by_text("This question has changed since").click()
    expect(page.locator("ins")).to_have_text(["is", "from now on"])
    begin(page, quiz.title)
    expect(page.get_by_text("What is asked from now on?")).to_be_visible()


def test_staff_preview_and_publish_a_draft(page: Page, staff) -> None:
    question = make_question("single_choice", status="draft", stem="Is this a draft?")
    log_in(page, f"/admin/questions/question/{question.pk}/change/")
    page.get_by_role("link", name="View on site").click()
    expect(page.get_by_role("group", name="Is this a draft?")).to_be_visible()
    page.goto("/admin/questions/question/")
    page.get_by_role("checkbox", name="Select this object").first.check()
    page.get_by_label("Action:").select_option(label="Publish selected questions")
    page.get_by_role("button", name="Go").click()
    page.get_by_role("button", name="Publish 1 question").click()
    expect(page.locator(".messagelist")).to_contain_text("published")
    assert list(Question.objects.published()) == [question]


@pytest.mark.parametrize("java_script", [True, False])
def test_an_author_tries_answers_in_the_preview(new_context, staff, axe, java_script: bool) -> None:
    question = make_question("short_answer", status="draft")
    page = new_context(java_script_enabled=java_script).new_page()
    log_in(page, question.get_absolute_url())
    for typed, grade in (("Zirconium.", "Right. It matches option 1, “zirconium”."), ("tin", "Wrong.")):
        page.get_by_label("Your answer").fill(typed)
        page.get_by_role("button", name="Grade this answer").click()
        expect(page.get_by_role("status").filter(has_text=grade)).to_be_visible()
        expect(page.get_by_label("Your answer")).to_have_value(typed)
    if java_script:
        axe(page)


def test_a_question_that_cannot_be_graded_is_not_published(page: Page, staff) -> None:
    question = make_question("single_choice", status="draft")
    question.choices.update(weight=0)
    log_in(page, f"/admin/questions/question/{question.pk}/change/")
    page.locator("#id_status").select_option("published")
    page.locator("#id_explanation").fill("Typed, and not lost.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Single choice needs exactly one right option")).to_be_visible()
    expect(page.locator("#id_explanation")).to_have_value("Typed, and not lost.")
    question.refresh_from_db()
    assert question.status == "draft"
