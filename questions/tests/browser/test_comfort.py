"""Keyboard shortcuts, theme, copy buttons, drag and drop, and the time zone, in Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from questions.tests.browser.steps import begin, place_of
from questions.tests.factories import (
    CodeListingFactory,
    PictureFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    make_question,
)


@pytest.fixture
def quiz(transactional_db):
    """A quiz with two choice questions."""
    quiz = QuizFactory(title="Two of a kind")
    for position in (1, 2):
        question = make_question("single_choice", code="print('hello')", code_language="python")
        QuizItemFactory(quiz=quiz, question=question, position=position)
    return quiz


def right_key(attempt, position: int) -> str:
    """Return the number of the right option in the order shown."""
    return str(place_of(attempt, position).option_order.index(0) + 1)


def test_a_quiz_is_taken_with_single_keys(page: Page, quiz) -> None:
    attempt = begin(page, quiz.title)
    for position in (1, 2):
        for key in (right_key(attempt, position), "s", "f", "Enter"):
            page.keyboard.press(key)
        expect(page.locator(".outcome")).to_be_focused()
        expect(page.locator(".outcome")).to_contain_text("Right")
        expect(page.locator(".outcome")).to_contain_text("sure")
        page.keyboard.press("Enter")
        if position == 1:
            expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
            page.keyboard.press("p")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
            page.keyboard.press("n")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
    expect(page.get_by_text("100 %").first).to_be_visible()
    assert set(attempt.responses.values_list("confidence", "flagged")) == {("sure", True)}


def test_ctrl_enter_checks_an_answer_that_is_being_typed(page: Page, transactional_db) -> None:
    quiz = QuizFactory(title="Typed")
    QuizItemFactory(quiz=quiz, question=make_question("open"), position=1)
    begin(page, quiz.title)
    page.get_by_label("Your answer or notes").fill("A walrus.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".outcome")).to_be_visible()


def test_the_slash_key_leads_to_search_and_there_to_its_field(page: Page, quiz) -> None:
    page.goto("/history/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    page.keyboard.type("kind")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("Search: kind"))
    expect(page.get_by_text("No results for these words")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()


def test_the_outcome_is_announced(page: Page, quiz) -> None:
    attempt = begin(page, quiz.title)
    announced = page.locator("#told")
    expect(announced).to_have_attribute("role", "status")
    expect(announced).to_be_empty()
    page.keyboard.press(right_key(attempt, 1))
    page.keyboard.press("Enter")
    expect(announced).to_have_text("Right. 1 of 2 answered")


def test_the_list_of_keys_opens_and_closes(page: Page, quiz, axe) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("choose or tick an option")
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_single_keys_can_be_turned_off(page: Page, quiz, axe) -> None:
    page.goto("/preferences/")
    axe(page)
    page.get_by_role("radio", name="Off").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your preferences are saved")).to_be_visible()
    begin(page, quiz.title)
    page.keyboard.press("1")
    page.keyboard.press("f")
    expect(page.locator("div.asked input:checked")).to_have_count(0)
    expect(page.get_by_label("Flag for later")).not_to_be_checked()


def test_letters_typed_into_a_field_stay_letters(page: Page, transactional_db) -> None:
    quiz = QuizFactory(title="One line")
    QuizItemFactory(quiz=quiz, question=make_question("short_answer"))
    begin(page, quiz.title)
    page.get_by_label("Your answer").fill("")
    page.keyboard.type("fungus 1?")
    expect(page.get_by_label("Your answer")).to_have_value("fungus 1?")
    expect(page.get_by_label("Flag for later")).not_to_be_checked()


@pytest.mark.parametrize("java_script", [True, False])
def test_the_theme_is_switched_and_remembered(new_context, quiz, axe, java_script: bool) -> None:
    page = new_context(java_script_enabled=java_script, color_scheme="light").new_page()
    page.goto(quiz.get_absolute_url())
    paper = page.locator("body")
    expect(paper).to_have_css("background-color", "rgb(253, 252, 249)")
    page.get_by_role("button", name="Dark").click()
    expect(paper).to_have_css("background-color", "rgb(22, 25, 26)")
    assert page.url.endswith(quiz.get_absolute_url())
    page.goto("/")
    expect(paper).to_have_css("background-color", "rgb(22, 25, 26)")
    if java_script:
        axe(page)


def test_code_can_be_copied(new_context, quiz) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    begin(page, quiz.title)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "print('hello')"


def test_the_browsers_zone_is_told_to_the_server(new_context, quiz) -> None:
    page = new_context(timezone_id="Asia/Tokyo").new_page()
    quiz.mode, quiz.time_limit = "exam", 30
    quiz.save()
    begin(page, quiz.title)
    expect(page.locator(".time-left")).to_contain_text("JST")


@pytest.mark.parametrize(("chosen", "shown"), [("", "JST"), ("Europe/Berlin", "CE")])
def test_the_zone_follows_the_browser_unless_it_was_chosen(new_context, quiz, axe, chosen: str, shown: str) -> None:
    """Somebody travels: the cookies come from a browser in New York, which is in Tokyo now."""
    quiz.mode, quiz.time_limit = "exam", 30
    quiz.save()
    page = new_context(timezone_id="America/New_York").new_page()
    page.goto("/preferences/")
    zones = page.get_by_label("Time zone")
    expect(zones.locator("option:checked")).to_have_text("Same as this browser")
    axe(page)
    zones.select_option(chosen)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your preferences are saved")).to_be_visible()
    travelled = new_context(timezone_id="Asia/Tokyo", storage_state=page.context.storage_state()).new_page()
    begin(travelled, quiz.title)
    expect(travelled.locator(".time-left")).to_contain_text(shown)


def test_lines_are_put_in_order_by_dragging(page: Page, transactional_db) -> None:
    quiz = QuizFactory(title="One order")
    QuizItemFactory(quiz=quiz, question=make_question("ordering"))
    attempt = begin(page, quiz.title)
    attempt.responses.update(option_order=[2, 1, 0])
    page.reload()
    rows = page.locator('[data-drag="order"] > li')
    for place, text in enumerate(["First", "Second"]):
        rows.filter(has_text=text).locator("label").drag_to(rows.nth(place), target_position={"x": 200, "y": 3})
        expect(rows.nth(place)).to_contain_text(text)
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_contain_text("Right")
    assert attempt.responses.get().answer == {"order": [0, 1, 2]}


def test_answers_are_dropped_beside_what_they_belong_to(page: Page, transactional_db) -> None:
    quiz = QuizFactory(title="One match")
    question = make_question("matching")
    QuizItemFactory(quiz=quiz, question=question)
    attempt = begin(page, quiz.title)
    for choice in question.choices.exclude(text=""):
        row = page.locator('[data-drag="match"] > li').filter(has_text=choice.text)
        page.locator(".chips li").get_by_text(choice.match, exact=True).drag_to(row)
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_contain_text("Right")
    assert attempt.responses.get().fraction == 1


@pytest.mark.parametrize("java_script", [True, False])
def test_one_listing_of_a_section_is_shown_at_a_time(new_context, transactional_db, java_script: bool) -> None:
    section = SectionFactory()
    for number, name in enumerate(["Flask", "Django"], 1):
        CodeListingFactory(
            section=section, slug=name.lower(), position=number, title=f"{name}: a view", code=f"# {name}"
        )
    page = new_context(java_script_enabled=java_script).new_page()
    page.goto(section.guide.get_absolute_url())
    flask, django = page.locator("#listing-flask"), page.locator("#listing-django")
    expect(flask).to_be_visible()
    expect(django).to_be_hidden()
    page.get_by_role("radio", name="Flask").focus()
    page.keyboard.press("ArrowRight")
    expect(django).to_be_visible()
    expect(flask).to_be_hidden()
    page.goto(section.guide.get_absolute_url() + "#listing-flask")
    page.emulate_media(media="print")
    expect(flask).to_be_visible()
    expect(django).to_be_visible()


def test_a_guide_shows_a_linked_listing_and_its_pictures(page: Page, transactional_db) -> None:
    PictureFactory(name="drawing", alternative_text="A square", is_line_art=True)
    section = SectionFactory(body="![](picture:drawing)")
    CodeListingFactory.create_batch(2, section=section)
    last = section.listings.last()
    page.goto(f"{section.guide.get_absolute_url()}#listing-{last.slug}")
    expect(page.locator(f"#listing-{last.slug}")).to_be_visible()
    picture = page.get_by_role("img", name="A square")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 40)  # the site's own policy lets it load
    expect(picture).to_have_css("filter", "none")
    page.emulate_media(color_scheme="dark")
    expect(picture).to_have_css("filter", re.compile("invert"))
    page.emulate_media(color_scheme="dark", media="print")
    expect(picture).to_have_css("filter", "none")
