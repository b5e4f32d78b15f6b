"""Bookmarks, notes and practice by focus, in Chromium, by keyboard and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.attempts.models import Attempt
from questions.notes.models import Bookmark, Note
from questions.notes.services import SEPARATOR
from questions.tests.browser.steps import begin, fill_in, open_more, place_of, press, tab_to
from questions.tests.factories import FAQFactory, QuizFactory, QuizItemFactory, make_question


@pytest.fixture
def faq(transactional_db):
    """An FAQ of a guide."""
    return FAQFactory(question="Why a walrus?")


@pytest.fixture
def quiz(faq):
    """A quiz with two open questions on the guide's topic."""
    quiz = QuizFactory(title="Two of a kind")
    for position in (1, 2):
        QuizItemFactory(quiz=quiz, question=make_question("open", topic=faq.guide.topic), position=position)
    return quiz


@pytest.fixture(params=["scripted", "plain"])
def page(request, new_context) -> Page:
    """A page with JavaScript, then one without."""
    return new_context(java_script_enabled=request.param == "scripted").new_page()


@pytest.fixture
def scripted(new_context) -> Page:
    return new_context().new_page()


def mark(where: Page | Locator) -> Locator:
    """Return the bookmark buttons."""
    return where.get_by_role("button", name="Bookmark", exact=True)


def write(page: Page, text: str) -> None:
    """Write the note in the form of the page."""
    page.get_by_label("In your own words").fill(text)
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("main").get_by_text("Your note is saved.")).to_be_visible()


def test_a_question_is_bookmarked_and_noted_and_found_again(page: Page, quiz) -> None:
    begin(page, quiz.title)
    kept = page.get_by_role("group", name="Bookmark and note: Question 1")
    open_more(page)
    mark(kept).click()
    expect(mark(kept)).to_have_attribute("aria-pressed", "true")
    kept.get_by_text("Write a note").click()
    write(page, "The zebra crosses here.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 2")
    page.goto("/search/?q=zebra")
    page.get_by_role("link", name=quiz.items.first().question.topic.title).click()
    expect(page.get_by_label("In your own words")).to_have_value("The zebra crosses here.")
    page.get_by_role("button", name="Answer this question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 1")
    assert Bookmark.objects.get().question == Note.objects.get().question == quiz.items.first().question


def test_a_guide_and_an_faq_are_bookmarked_and_noted_and_found_again(page: Page, faq) -> None:
    topic = faq.guide.get_absolute_url()
    page.goto(topic)
    for about in (faq.guide.title, faq.question):
        button = mark(page.get_by_role("group", name=f"Bookmark and note: {about}"))
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    page.get_by_role("group", name=faq.guide.title).get_by_text("Write a note").click()
    write(page, "The zebra crosses here.")
    page.get_by_role("group", name=faq.question).get_by_role("link", name="Write a note").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your note")
    write(page, "And the zebra there.")
    assert page.url.endswith(f"{topic}#keep-faq-{faq.pk}")
    page.goto("/notes/")
    page.get_by_role("main").get_by_role("searchbox").fill("zebra there")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=faq.question).click()
    assert page.url.endswith(f"{topic}#faq-{faq.slug}")
    page.goto("/notes/")
    for button in mark(page).all():
        expect(button).to_have_attribute("aria-pressed", "true")
    mark(page).first.click()
    expect(mark(page).first).to_have_attribute("aria-pressed", "false")
    assert Bookmark.objects.get().faq == faq


@pytest.mark.concurrent
def test_two_tabs_lose_nothing(new_context, quiz) -> None:
    context = new_context()
    here, there = context.new_page(), context.new_page()
    begin(here, quiz.title)
    there.goto(here.url)
    for tab in (here, there):
        open_more(tab)
        tab.get_by_text("Write a note").click()
        expect(tab.get_by_label("In your own words")).to_be_visible()
    write(here, "From here.")
    there.get_by_label("In your own words").fill("From there.")
    there.get_by_role("button", name="Save note").click()
    expect(there.locator("main").get_by_text("Both texts are kept")).to_be_visible()
    expect(there.get_by_label("In your own words")).to_have_value(f"From here.{SEPARATOR}From there.")
    write(there, "One text of both.")
    assert Note.objects.get().text == "One text of both."


def test_with_scripts_nothing_that_was_typed_is_lost(scripted: Page, quiz, axe) -> None:
    page = scripted
    attempt = begin(page, quiz.title)
    answer = page.get_by_label("Your answer or notes")
    answer.fill("An answer that is not yet saved.")
    open_more(page)
    mark(page).click()
    expect(mark(page)).to_have_attribute("aria-pressed", "true")
    expect(mark(page)).to_be_focused()
    page.get_by_text("Write a note").click()
    write(page, "A note.")
    expect(page.get_by_role("button", name="Save note")).to_be_focused()
    expect(page.locator("#told")).to_have_text("Your note is saved.")
    axe(page)
    expect(answer).to_have_value("An answer that is not yet saved.")
    page.get_by_label("In your own words").fill("A note, and more.")
    mark(page).click()
    expect(mark(page)).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value("A note, and more.")
    write(page, "A note, and more.")
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of 2")
    expect(page.get_by_label("In your own words")).to_have_value("")
    assert attempt.responses.first().answer["text"] == "An answer that is not yet saved."
    assert Note.objects.get().text == "A note, and more."


def test_a_note_is_written_with_keys_alone(scripted: Page, quiz) -> None:
    page = scripted
    begin(page, quiz.title)
    press(page, page.locator(".more > summary"), "Enter")
    press(page, mark(page), "Enter")
    expect(mark(page)).to_have_attribute("aria-pressed", "true")
    press(page, page.locator(".note > summary"), "Enter")
    tab_to(page, page.get_by_label("In your own words"))
    page.keyboard.type("No 1 key acts here: n, f?")
    press(page, page.get_by_role("button", name="Save note"), "Enter")
    expect(page.locator("main").get_by_text("Your note is saved.")).to_be_visible()
    assert Note.objects.get().text == "No 1 key acts here: n, f?"


def test_what_matters_is_practised_in_one_click_from_anywhere(page: Page, quiz) -> None:
    page.goto("/history/")
    footer = page.get_by_role("contentinfo")
    footer.get_by_role("button", name="My mistakes").click()
    expect(page.get_by_text("Nothing to practise")).to_be_visible()
    assert page.url.endswith("/history/")
    footer.get_by_role("button", name="Unseen questions").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 2")
    expect(page.get_by_text("Practice: Unseen questions")).to_be_visible()


def test_it_is_started_with_keys_alone_within_a_topic(scripted: Page, quiz, faq) -> None:
    page = scripted
    make_question("true_false")
    page.goto(faq.guide.get_absolute_url())
    press(page, page.get_by_role("main").get_by_role("button", name="Unseen questions"), "Space")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of 2")
    expect(page.get_by_text(f"Practice: Unseen questions · {faq.guide.topic.title}")).to_be_visible()


def test_one_is_led_back_to_the_question_that_is_shown(scripted: Page, quiz) -> None:
    page = scripted
    begin(page, quiz.title)
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of 2")
    page.get_by_role("contentinfo").get_by_role("button", name="Due questions").click()
    expect(page.get_by_text("no questions are due today")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of 2")


def test_an_exam_offers_nothing_else_until_it_is_over(scripted: Page, transactional_db) -> None:
    page, quiz = scripted, QuizFactory(title="An exam", mode="exam")
    QuizItemFactory(quiz=quiz, question=make_question("true_false"))
    attempt = begin(page, quiz.title)
    offered = page.get_by_role("button", name="My mistakes", exact=True)
    expect(offered).to_have_count(0)
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(offered).to_have_count(0)
    page.get_by_role("button", name="Hand in").click()
    expect(page).to_have_title(re.compile("Result"))
    expect(offered).to_have_count(1)
    assert not Attempt.objects.get().is_open


def test_paper_shows_no_buttons(scripted: Page, faq) -> None:
    page = scripted
    page.goto(faq.guide.get_absolute_url())
    page.emulate_media(media="print")
    for button in (*page.locator(".keep *").all(), *page.get_by_role("button", include_hidden=True).all()):
        expect(button).to_be_hidden()
