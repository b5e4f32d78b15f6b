"""A mock interview in real Chromium: by mouse and by keyboard, recorded, without a microphone, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from questions.attempts.models import Attempt
from questions.tests.browser.interview_steps import answer, begin, hand_in, make_bank
from questions.tests.browser.steps import fill_in, place_of, press, tab_to, type_in

WHERE = "The recording stays in this browser on this device and is never uploaded."


@pytest.fixture
def bank(transactional_db) -> None:
    make_bank()


def test_a_whole_interview_by_mouse_up_to_the_report(page: Page, bank, axe) -> None:
    attempt = begin(page)
    for position in range(1, 5):
        axe(page)
        last = position == 4
        if position % 2:
            expect(page.get_by_text("Think for up to 1 minute, then take up to 3 minutes to answer.")).to_be_visible()
            answer(page, "My own words.")
            axe(page)
            page.get_by_label("Your answer or notes for the follow-up question").fill("Then this.")
        else:
            fill_in(page, place_of(attempt, position))
        page.get_by_role("button", name="Go to the last step" if last else "Next question").click()
        if not last:
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {position + 1} of 4")
    expect(page.get_by_text("4 of 4 questions are answered.")).to_be_visible()
    page.get_by_label("Your question to the interviewer").fill("What would I work on first?")
    expect(page.locator("[data-save-status]")).to_contain_text("Saved at")
    page.reload()
    expect(page.get_by_label("Your question to the interviewer")).to_have_value("What would I work on first?")
    axe(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Your question to the interviewer").fill("Who reviews my code?")
    expect(other.locator("[data-save-status]")).to_contain_text("Saved at")
    page.get_by_label("Your question to the interviewer").fill("What would I work on at first?")
    both = re.compile(r"Who reviews my code\?[\s\S]*What would I work on at first\?")
    expect(page.get_by_label("Your question to the interviewer")).to_have_value(both)
    hand_in(page)
    expect(page.get_by_text("What would I work on at first?")).to_be_visible()
    expect(page.get_by_text("2 open answers are not marked and do not count yet.")).to_be_visible()
    axe(page)
    first = page.get_by_role("article", name="Question 1", exact=True)
    expect(first.get_by_text("My own words.")).to_be_visible()
    expect(first.get_by_text("Then this.")).to_be_visible()
    for criterion in first.get_by_role("checkbox").all():
        criterion.check()
    first.get_by_role("button", name="Save my marks").click()
    expect(page.get_by_text("Your marks are saved.")).to_be_attached()
    assert page.url.endswith("#marks-1")
    expect(first.get_by_text("Marks saved: 100 %")).to_be_in_viewport()
    expect(first).to_be_in_viewport()
    expect(page.get_by_text("1 open answer is not marked and does not count yet.")).to_be_visible()
    assert attempt.responses.get(position=1).fraction == 1


def test_a_whole_interview_by_keyboard_alone(page: Page, bank) -> None:
    page.goto("/interview/")
    press(page, page.get_by_role("button", name="Start interview"), "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 4")
    attempt = Attempt.objects.get()
    for position in range(1, 5):
        if position % 2:
            type_in(page, page.get_by_label("Your answer or notes", exact=True), "My own words.")
            press(page, page.get_by_role("button", name="Save answer"), "Enter")
            type_in(page, page.get_by_label("Your answer or notes for the follow-up question"), "Then this.")
        else:
            fill_in(page, place_of(attempt, position), keyboard=True)
        press(
            page, page.get_by_role("button", name="Go to the last step" if position == 4 else "Next question"), "Enter"
        )
        if position < 4:
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {position + 1} of 4")
    press(page, page.get_by_role("button", name="Hand in"), "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Interview report")
    assert attempt.responses.answered().count() == 4
    assert attempt.responses.get(position=3).answer["follow_ups"] == {"0": "Then this."}


def test_a_refused_microphone_is_told_and_nothing_else_changes(page: Page, bank, axe) -> None:
    begin(page)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("No microphone")).to_be_visible()
    axe(page)
    answer(page, "NoteResult instead.")
    assert place_of(Attempt.objects.get(), 1).answer == {"text": "NoteResult instead.", "aloud": False}


def test_where_nothing_can_be_recorded_there_is_no_button(page: Page, bank) -> None:
    page.add_init_script("delete window.MediaRecorder")
    begin(page)
    expect(page.get_by_role("button", name="Save answer")).to_be_visible()
    expect(page.get_by_role("button", name="Record", exact=True)).to_have_count(0)
    expect(page.get_by_text(WHERE)).to_be_hidden()


def test_it_works_without_javascript(new_context, bank) -> None:
    page = new_context(java_script_enabled=False).new_page()
    begin(page, script=False)
    expect(page.get_by_text("Think for up to 1 minute, then take up to 3 minutes to answer.")).to_be_visible()
    expect(page.get_by_text("30 minutes left")).to_be_visible()
    expect(page.get_by_role("button", name="Record", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)
    answer(page, "My own words.")
    expect(page.get_by_text("A follow-up question. Take up to 90 seconds to answer.")).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    page.get_by_role("button", name="Show overview").click()
    hand_in(page)
    expect(page.get_by_text("My own words.")).to_be_visible()
    page.get_by_role("button", name="Save my marks").first.click()
    expect(page.get_by_text("Your marks are saved.")).to_be_attached()


VOICES = """
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voices = [
    { name: "Far", lang: "en-US", localService: false, default: true },
    { name: "French", lang: "fr-FR", localService: true, default: false },
    { name: "Near", lang: "en-GB", localService: true, default: false },
  ].filter((voice) => NAMES.includes(voice.name));
  const speech = { getVoices: () => voices, addEventListener: () => {} };
  speech.speak = (utterance) => spoken.push([utterance.text, utterance.voice.name]);
  speech.cancel = () => spoken.push("cancelled");
  Object.defineProperty(window, "speechSynthesis", { value: speech });
"""


def test_questions_are_read_by_a_voice_of_the_device_if_wanted(page: Page, bank) -> None:
    page.add_init_script(VOICES.replace("NAMES", '["Far", "French", "Near"]'))
    begin(page)
    stem = page.locator("#stem").inner_text()
    assert page.evaluate("spoken") == []
    page.get_by_role("button", name="Read aloud").click()
    assert page.evaluate("spoken.at(-1)") == [stem, "Near"]
    page.get_by_role("button", name="Stop reading").click()
    assert page.evaluate("spoken.at(-1)") == "cancelled"
    page.get_by_label("Read every question aloud").check()
    expect(page.locator("[data-phase]")).to_have_text("Think")  # it is no part of the answer
    answer(page, "My own words.")
    assert page.evaluate("spoken.at(-1)") == ["And then?", "Near"]
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()


def test_without_a_voice_of_the_device_nothing_offers_to_read(page: Page, bank) -> None:
    page.add_init_script(VOICES.replace("NAMES", '["Far", "French"]'))
    begin(page)
    expect(page.get_by_role("button", name="Save answer")).to_be_visible()
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)


def test_thinking_and_answering_are_counted_through_a_reload_and_take_nothing_away(page: Page, bank) -> None:
    page.clock.install()
    begin(page)
    phase, countdown = page.locator("[data-phase]"), page.locator(".pace .countdown")
    page.clock.run_for(20_000)
    expect(countdown).to_have_text(re.compile("0:(3.|40)"))
    page.reload()
    expect(countdown).to_have_text(re.compile("0:(3.|40)"))
    page.clock.run_for(45_000)
    expect(phase).to_have_text("Answer now")
    page.get_by_label("Your answer or notes", exact=True).fill("As far as I came.")
    page.clock.run_for(180_000)
    expect(phase).to_contain_text("Time for this answer is up.")
    expect(countdown).to_be_hidden()
    answer(page, "As far as I came, and further.")


def test_beginning_to_answer_ends_the_thinking(page: Page, bank) -> None:
    page.clock.install()
    begin(page)
    page.clock.run_for(5_000)
    page.get_by_label("Your answer or notes", exact=True).fill("At once.")
    expect(page.locator("[data-phase]")).to_have_text("Answer now")
    expect(page.locator(".pace .countdown")).to_have_text(re.compile("3:00|2:5."))


@pytest.mark.concurrent
def test_what_comes_too_late_is_kept_with_the_report(new_context, bank, axe) -> None:
    page = new_context(java_script_enabled=False).new_page()
    begin(page, script=False)
    page.get_by_label("Your answer or notes", exact=True).fill("Just too late.")
    overdue = timezone.now() - settings.DEADLINE_GRACE
    Attempt.objects.update(started_at=overdue - timedelta(hours=1), deadline_at=overdue)
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Interview report")
    expect(page.get_by_text("did not submit it")).to_be_visible()
    expect(page.get_by_text("Just too late.")).to_be_visible()


def test_the_report_prints_what_matters_and_no_controls(page: Page, bank) -> None:
    attempt = begin(page)
    answer(page, "My own words.")
    tab_to(page, page.get_by_role("button", name="Show overview"))
    page.keyboard.press("Enter")
    hand_in(page)
    page.locator("article").first.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save my marks").first.click()
    expect(page.get_by_text("Your marks are saved.")).to_be_attached()
    page.emulate_media(media="print")
    for name in ("What to say next time", "What to study", "By topic", "By criterion", "By question"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    article = page.locator("article").first
    expect(article.get_by_text("My own words.")).to_be_visible()
    expect(article.get_by_text("As they say it.")).to_be_visible()
    expect(article.get_by_role("checkbox").first).to_be_checked()
    expect(page.get_by_role("button")).to_have_count(0)
    assert attempt.responses.answered().count() == 1
