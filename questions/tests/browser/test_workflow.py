"""Editorial workflow in Chromium: draft, review, publication, problem report, correction, import and export."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from questions.attempts.models import Response
from questions.bank.models.questions import Question
from questions.tests.browser.steps import begin, open_more
from questions.tests.browser.test_staff import PASSWORD, log_in
from questions.tests.factories import QuizFactory, QuizItemFactory, TopicFactory, UserFactory, make_question

GIFT = (
    "::Sun:: Where does it rise? {=East ~West}\n\n::Broken:: Which? {=one =two ~three}\n\n::Moon:: Is it a star? {F}\n"
)


@pytest.fixture
def staff(transactional_db):
    """A superuser."""
    return UserFactory(username="staff", password=PASSWORD, is_staff=True, is_superuser=True)


def member(groups, name: str) -> str:
    """Return a staff user in this group."""
    user = UserFactory(username=name.lower(), password=PASSWORD, is_staff=True)
    user.groups.set([groups.get(name=name)])
    return user.username


def enter(context: BrowserContext, username: str, address: str) -> Page:
    """Log the user in and return the page."""
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Login").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def act(page: Page, label: str) -> None:
    """Run an action on the only question of the list."""
    page.get_by_role("checkbox", name="Select this object").first.check()
    page.get_by_label("Action:").select_option(label=label)
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()


def test_a_question_is_written_previewed_reviewed_and_published(new_context, groups) -> None:
    topic = TopicFactory(title="The sky")
    author = enter(new_context(), member(groups, "Author"), "/admin/questions/question/add/")
    author.locator("#id_slug").fill("sunrise")
    author.locator("#id_type").select_option("single_choice")
    author.locator("#id_stem").fill("Where does the **sun** rise?")
    expect(author.locator(".rendered strong")).to_have_text("sun")
    author.locator("#id_explanation").fill("It turns.")
    for place, (text, weight) in enumerate([("In the east", "1"), ("In the west", "0")]):
        author.locator(f"#id_choices-{place}-text").fill(text)
        author.locator(f"#id_choices-{place}-weight").fill(weight)
        author.locator(f"#id_choices-{place}-feedback").fill("Because.")
    author.locator(".field-topic .select2-selection").click()
    author.locator(".select2-results__option", has_text=topic.title).click()
    author.locator("#id_choices-1-text").press("Alt+ArrowUp")
    author.keyboard.press("Control+s")
    expect(author.get_by_text("was added successfully")).to_be_visible()
    expect(author.get_by_text("Suggestion: choose a task.")).to_be_visible()
    question = Question.objects.get()
    assert list(question.choices.values_list("text", flat=True)) == ["In the west", "In the east"]
    author.goto("/admin/questions/question/")
    act(author, "Send selected questions to editorial review")
    author.get_by_role("button", name="Send 1 question to editorial review").click()
    expect(author.get_by_text("1 question was sent to editorial review.")).to_be_visible()

    reviewer = enter(new_context(), member(groups, "Reviewer"), "/admin/")
    reviewer.get_by_role("link", name="sunrise").click()
    reviewer.get_by_role("link", name="View on site").click()
    expect(reviewer.get_by_role("group", name="Where does the sun rise?")).to_be_visible()
    reviewer.go_back()
    reviewer.locator("#id_notes-0-text").fill("Fine.")
    reviewer.locator("#id_status").select_option("published")
    reviewer.get_by_role("button", name="Save", exact=True).click()
    expect(reviewer.get_by_text("was changed successfully")).to_be_visible()
    question.refresh_from_db()
    assert (question.status, question.notes.get().text) == ("published", "Fine.")


@pytest.mark.concurrent
def test_a_report_leads_to_a_correction_and_another_score(page: Page, new_context, staff) -> None:
    question = make_question("single_choice", stem="Which one is it?")
    quiz = QuizFactory(title="Short one")
    QuizItemFactory(quiz=quiz, question=question)
    attempt = begin(page, quiz.title)
    page.get_by_label("Beta").check()
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_be_visible()
    open_more(page)
    page.get_by_role("button", name="Report a problem").click()
    page.get_by_label("The answer marked as right is wrong").check()
    page.get_by_role("button", name="Send problem report").click()
    expect(page.get_by_role("main")).to_contain_text("· Open")
    page.goto(f"/attempts/{attempt.public_id}/")
    page.get_by_role("button", name="Finish").or_(page.get_by_role("button", name="Hand in")).first.click()
    expect(page.get_by_role("heading", level=1, name="Result")).to_be_visible()

    editor = new_context().new_page()
    log_in(editor, f"/admin/questions/question/{question.pk}/change/")
    editor.locator("#id_choices-0-weight").fill("0")
    editor.locator("#id_choices-1-weight").fill("1")
    editor.get_by_role("button", name="Save and continue editing").click()
    editor.get_by_role("link", name="Regrade", exact=True).click()
    expect(editor.get_by_text("1 answer would earn more.")).to_be_visible()
    editor.get_by_label("Reason:").fill("Beta was right all along.")
    editor.get_by_role("button", name="Regrade").click()
    expect(editor.get_by_text("1 answer was regraded.")).to_be_visible()
    editor.goto("/admin/")
    editor.locator("#desk").get_by_role("link", name=question.slug).click()
    editor.locator("#id_outcome").select_option("corrected")
    editor.locator("#id_reply").fill("Beta it is. Thank you.")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("was changed successfully")).to_be_visible()

    page.goto(f"/attempts/{attempt.public_id}/result/")
    expect(page.locator(".score")).to_contain_text("100 %")
    expect(page.get_by_text("Beta was right all along.")).to_be_visible()
    page.goto("/reports/")
    expect(page.get_by_text("Beta it is. Thank you.")).to_be_visible()
    assert Response.objects.get().fraction == 1


def test_a_file_with_one_bad_question_is_imported_exported_and_imported_again(
    page: Page, staff, tmp_path: Path
) -> None:
    TopicFactory(title="The sky")
    (tmp_path / "bank.gift").write_text(GIFT)
    log_in(page, "/admin/questions/question/")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File:").set_input_files(tmp_path / "bank.gift")
    page.get_by_label("Topic:").select_option(label="The sky")
    page.get_by_role("button", name="Preview import").click()
    expect(page.locator("#refused")).to_contain_text("bank.gift:3")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("2 questions were created.")).to_be_visible()
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(label="Export selected questions")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()
    page.get_by_label("Format:").select_option("xlsx")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 2 questions").click()
    download.value.save_as(tmp_path / "questions.xlsx")
    before = {question.slug: question.item() for question in Question.objects.with_content()}
    Question.objects.filter(slug="sun").update(stem="Changed?")
    page.goto("/admin/questions/question/import/")
    page.get_by_label("File:").set_input_files(tmp_path / "questions.xlsx")
    page.get_by_role("button", name="Preview import").click()
    expect(page.get_by_role("heading", name="1 would be changed")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("1 question was changed.")).to_be_visible()
    assert {question.slug: question.item() for question in Question.objects.with_content()} == before


def test_what_a_question_said_is_compared_and_restored(page: Page, staff) -> None:
    question = make_question("single_choice", stem="Where does the sun rise?")
    log_in(page, f"/admin/questions/question/{question.pk}/change/")
    page.locator("#id_stem").fill("Where does the moon rise?")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="with the current version").last.click()
    expect(page.locator("del")).to_have_text("sun")
    expect(page.locator("ins")).to_have_text("moon")
    page.get_by_role("button", name="Restore revision 1").click()
    expect(page.locator("#id_stem")).to_have_value("Where does the sun rise?")


def test_options_are_put_in_order_by_dragging(page: Page, staff) -> None:
    question = make_question("single_choice")
    log_in(page, f"/admin/questions/question/{question.pk}/change/")
    page.set_viewport_size({"width": 1280, "height": 3000})  # both ends of the drag are visible
    handles = page.locator(".move-row")
    expect(handles).to_have_count(3)
    handles.nth(2).drag_to(page.locator("#choices-0 > h3"), target_position={"x": 20, "y": 2})
    expect(page.locator("#id_choices-2-position")).to_have_value("1")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert list(question.choices.values_list("text", flat=True)) == ["Gamma", "Alpha", "Beta"]


def test_our_pages_of_the_admin_hinder_nobody(page: Page, staff, axe, tmp_path: Path) -> None:
    question = make_question("ordering", status="in_review")
    TopicFactory(title="The sky")
    (tmp_path / "bank.gift").write_text(GIFT)
    log_in(page, "/admin/")
    axe(page)
    change = f"/admin/questions/question/{question.pk}"
    page.goto(f"{change}/change/")
    page.get_by_role("button", name="Save and continue editing").click()
    for address in (f"{change}/history/", f"{change}/compare/?old=1", f"{change}/regrade/"):
        page.goto(address)
        axe(page)
    page.goto("/admin/questions/question/import/")
    axe(page)
    page.get_by_label("File:").set_input_files(tmp_path / "bank.gift")
    page.get_by_label("Topic:").select_option(label="The sky")
    page.get_by_role("button", name="Preview import").click()
    axe(page)
    page.goto("/admin/questions/question/")
    act(page, "Export selected questions")
    axe(page)
    page.get_by_label("Format:").select_option("gift")
    page.get_by_role("button", name=re.compile(r"^Export \d+ questions?$")).click()
    axe(page)
