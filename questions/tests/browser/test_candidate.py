"""Candidates take quizzes and exams, in Chromium."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from questions import types
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptStatus, Mode
from questions.tests.browser.steps import begin, fill_in, open_more, place_of, press, tab_to
from questions.tests.factories import LISTING, GuideFactory, QuizFactory, QuizItemFactory, make_question

PASSWORD = "a long walk by the sea"


@pytest.fixture
def quiz(transactional_db):
    """A practice quiz with one question of every type."""
    topic = GuideFactory().topic
    quiz = QuizFactory(title="All types")
    for position, name in enumerate(types.names(), 1):
        question = make_question(name, topic=topic, code=LISTING, code_language="python")
        QuizItemFactory(quiz=quiz, question=question, position=position)
    return quiz


def check(page: Page) -> None:
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".outcome")).to_be_focused()


def mark_everything_met(page: Page) -> None:
    for criterion in page.get_by_role("group", name="Which points").get_by_role("checkbox").all():
        criterion.check()
    page.get_by_role("button", name="Save my marks").click()
    expect(page.get_by_text("Your marks are saved.")).to_be_visible()


def test_a_visitor_takes_a_practice_quiz_by_mouse(page: Page, quiz, axe) -> None:
    attempt = begin(page, quiz.title)
    for position, name in enumerate(types.names(), 1):
        axe(page)
        fill_in(page, place_of(attempt, position))
        check(page)
        axe(page)
        if name == "open":
            mark_everything_met(page)
        if position < len(types.names()):
            page.get_by_role("button", name="Next question").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {position + 1} of")
            assert page.url.endswith(f"/{position + 1}/")
            expect(page).to_have_title(f"Question {position + 1} of 9 · All types · Quizsite")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("100 %").first).to_be_visible()
    axe(page)
    assert attempt.responses.filter(fraction=1).count() == len(types.names())


def test_a_visitor_takes_a_practice_quiz_by_keyboard_alone(page: Page, quiz) -> None:
    page.goto("/")
    press(page, page.get_by_role("link", name=quiz.title), "Enter")
    press(page, page.get_by_role("button", name="Start", exact=True), "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    attempt = Attempt.objects.get()
    for position, name in enumerate(types.names(), 1):
        fill_in(page, place_of(attempt, position), keyboard=True)
        press(page, page.get_by_role("radio", name="Unsure"), "Space")
        press(page, page.get_by_role("button", name="Check answer"), "Enter")
        expect(page.locator(".outcome")).to_be_focused()
        if name == "open":
            for criterion in page.get_by_role("group", name="Which points").get_by_role("checkbox").all():
                press(page, criterion, "Space")
            press(page, page.get_by_role("button", name="Save my marks"), "Enter")
            expect(page.get_by_text("Your marks are saved.")).to_be_visible()
        last = position == len(types.names())
        press(page, page.get_by_role("button", name="Finish" if last else "Next question"), "Enter")
        if not last:
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {position + 1} of")
            expect(page.locator("#main")).to_be_focused()
    expect(page.get_by_text("100 %").first).to_be_visible()
    assert set(attempt.responses.values_list("confidence", flat=True)) == {"unsure"}


def test_enter_in_a_text_field_checks_the_answer(page: Page, transactional_db) -> None:
    quiz = QuizFactory(title="One line")
    QuizItemFactory(quiz=quiz, question=make_question("short_answer"))
    begin(page, quiz.title)
    tab_to(page, page.get_by_label("Your answer"))
    page.keyboard.type("Zirconium")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_contain_text("Right")


def test_the_same_quiz_works_without_javascript(new_context, quiz) -> None:
    page = new_context(
        java_script_enabled=False,
    ).new_page()
    attempt = begin(page, quiz.title)
    for position, name in enumerate(types.names(), 1):
        fill_in(page, place_of(attempt, position))
        page.get_by_role("button", name="Check answer").click()
        expect(page.locator(".outcome")).to_be_visible()
        if name == "open":
            mark_everything_met(page)
        page.get_by_role("button", name="Finish" if position == len(types.names()) else "Next question").click()
    expect(page.get_by_text("100 %").first).to_be_visible()


def test_an_exam_saves_as_one_goes_and_is_handed_in(page: Page, quiz, axe) -> None:
    quiz.mode, quiz.time_limit = Mode.EXAM, 30
    quiz.save()
    attempt = begin(page, quiz.title)
    expect(page.locator(".countdown")).to_contain_text("29:")
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Save answer").click()
    expect(page.locator(".saved")).to_contain_text("Saved at")
    axe(page)
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
    fill_in(page, place_of(attempt, 2))
    page.get_by_label("Flag for later").check()
    open_more(page)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("2 of 9 questions are answered.")).to_be_visible()
    expect(page.get_by_text("answered, flagged")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("22 %").first).to_be_visible()


@pytest.mark.concurrent
def test_a_changed_exam_answer_is_kept_on_moving_on_but_not_from_an_older_tab(page: Page, quiz) -> None:
    quiz.mode = Mode.EXAM
    quiz.save()
    attempt = begin(page, quiz.title)
    older = page.context.new_page()
    older.goto(page.url)
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Save answer").click()
    expect(page.locator(".saved")).to_contain_text("Saved at")
    wrong = place_of(attempt, 1).option_order.index(1) + 1
    page.locator(f'[name="choice"][value="{wrong}"]').check()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
    assert place_of(attempt, 1).answer == {"chosen": [1]}
    fill_in(older, place_of(attempt, 1))
    older.get_by_role("button", name="Next question").click()
    expect(older.get_by_text("You answered this question in another tab")).to_be_visible()
    assert place_of(attempt, 1).answer == {"chosen": [1]}


def test_time_runs_out_on_an_open_page_and_what_was_saved_is_handed_in(page: Page, quiz) -> None:
    quiz.mode, quiz.time_limit = Mode.EXAM, 30
    quiz.save()
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Save answer").click()
    expect(page.locator(".saved")).to_contain_text("Saved at")
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(seconds=3))
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1, name="Result")).to_be_visible()
    expect(page.get_by_text("Time ran out")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.EXPIRED
    assert attempt.responses.get(position=1).fraction == 1


def test_signing_up_keeps_what_a_visitor_answered(page: Page, quiz, axe) -> None:
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    check(page)
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Sign up to keep").click()
    axe(page)
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_role("heading", level=1, name="Your preparation")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of 9")
    attempt.refresh_from_db()
    assert attempt.user is not None


def test_back_and_refresh_lose_and_double_nothing(page: Page, quiz) -> None:
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    check(page)
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    expect(page.locator(".outcome")).to_contain_text("Right")
    page.reload()
    expect(page.locator(".outcome")).to_contain_text("Right")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of")
    assert Response.objects.answered().count() == 1


@pytest.mark.concurrent
def test_a_double_click_and_a_second_tab_answer_once(page: Page, quiz) -> None:
    attempt = begin(page, quiz.title)
    second = page.context.new_page()
    second.goto(page.url)
    fill_in(page, place_of(attempt, 1))
    page.get_by_role("button", name="Check answer").dblclick()
    expect(page.locator(".outcome")).to_contain_text("Right")
    wrong = place_of(attempt, 1).option_order.index(1) + 1
    second.locator(f'[name="choice"][value="{wrong}"]').check()
    second.get_by_role("button", name="Check answer").click()
    expect(second.get_by_text("your first answer counts")).to_be_visible()
    assert Attempt.objects.count() == 1
    assert attempt.responses.answered().get().fraction == 1


def test_a_lost_connection_is_told_and_the_answer_can_be_sent_again(page: Page, quiz, complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED|htmx:(afterRequest|sendError)")
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    page.context.set_offline(True)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("The connection was lost")).to_be_visible()
    page.context.set_offline(False)
    check(page)
    expect(page.get_by_text("The connection was lost")).to_be_hidden()
    assert attempt.responses.answered().count() == 1


def test_a_database_out_of_order_is_told_and_what_was_chosen_stays(page: Page, quiz, complaints) -> None:
    complaints.expect("503|htmx:responseError")
    attempt = begin(page, quiz.title)
    fill_in(page, place_of(attempt, 1))
    page.route("**/1/", lambda route: route.fulfill(status=503, body="<main id='main'>Not saved yet</main>"))
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("alert")).to_contain_text("the site is temporarily unavailable")
    expect(page.locator('[name="choice"]:checked')).to_have_count(1)
    page.unroute("**/1/")
    check(page)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert attempt.responses.answered().count() == 1
