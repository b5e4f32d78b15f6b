"""The buttons of a question page: one is primary, and it follows what has been done."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db


def page(client: Client, attempt: Attempt, position: int = 1) -> str:
    return client.get(page_of(attempt, position)).content.decode()


def primary(html: str) -> list[str]:
    """Return the texts of the primary buttons of the question."""
    question = html.partition('id="question"')[2].partition("</main>")[0]
    return re.findall(r'<button class="btn btn-primary"[^>]*>([^<]*)', question)


@pytest.mark.parametrize(
    ("mode", "go", "before"),
    [
        (AttemptMode.PRACTICE, "check", "Check answer"),
        (AttemptMode.TODAY, "check", "Check answer"),
        (AttemptMode.EXAM, "save", "Save answer"),
    ],
)
def test_one_button_is_primary_before_and_after_the_answer(client: Client, mode: str, go: str, before: str) -> None:
    attempt = visitor_attempt(client, make_question("true_false"), make_question("true_false"), mode=mode)
    for position, after in ((1, "Next question"), (2, "Finish")):
        assert primary(page(client, attempt, position)) == [before]
        place = attempt.responses.get(position=position)
        client.post(page_of(attempt, position), sent_for(place, key_of(place)) | {"go": go})
        assert primary(page(client, attempt, position)) == [after]


def test_marks_of_an_open_answer_come_before_the_next_question(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("open"), make_question("open"))
    client.post(page_of(attempt), {"go": "check", "text": "A lock."})
    assert primary(page(client, attempt)) == ["Save my marks"]
    assert page(client, attempt).count("Save my marks") == 1
    client.post(reverse("assess", args=[attempt.public_id, 1]), {"met-1": ["1"]})
    html = page(client, attempt)
    assert primary(html) == ["Next question"]
    assert "Marks saved: " in html


def test_invalid_answer_in_an_exam_is_to_be_saved_again(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("numeric"), make_question("numeric"), mode=AttemptMode.EXAM)
    place = attempt.responses.get(position=1)
    client.post(page_of(attempt), sent_for(place, key_of(place)) | {"go": "save"})
    response = client.post(page_of(attempt), {"go": "save", "text": "3 4"})
    assert primary(response.content.decode()) == ["Save answer"]


@pytest.mark.parametrize("mode", [AttemptMode.PRACTICE, AttemptMode.TODAY, AttemptMode.EXAM])
def test_flag_is_beside_the_answer_in_an_exam_and_in_the_menu_elsewhere(client: Client, mode: str) -> None:
    attempt = visitor_attempt(client, make_question("true_false"), mode=mode)
    before, _menu, menu = page(client, attempt).partition('<details class="more"')
    assert ('name="flagged"' in before) == (mode == AttemptMode.EXAM)
    assert ('name="flagged"' in menu) == (mode != AttemptMode.EXAM)


def test_existing_note_is_shown_outside_the_menu(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    menu = re.compile(r'<details class="more".*?</div>\s*</details>\s*</div>\s*</form>', re.DOTALL)
    assert "Write a note" in menu.search(page(client, attempt)).group()  # type: ignore[union-attr]
    client.post(page_of(attempt), {"go": "next", "note": "Mind the walrus.", "note_seen": ""})
    html = page(client, attempt)
    assert "Mind the walrus." in html
    assert "Mind the walrus." not in menu.search(html).group()  # type: ignore[union-attr]


@pytest.mark.parametrize(("weight", "outcome"), [(0.5, "is-partly"), (1, "is-right"), (0, "is-wrong")])
def test_option_with_a_part_of_the_credit_is_partly_right(client: Client, weight: float, outcome: str) -> None:
    question = make_question("short_answer")
    question.choices.create(text="Hafnium", weight=weight, position=9)
    attempt = visitor_attempt(client, question)
    client.post(page_of(attempt), {"go": "check", "text": "Hafnium"})
    assert re.findall(r'class="option (is-\w+) is-chosen"', page(client, attempt)) == [outcome]


def test_chosen_option_with_a_part_of_the_credit_is_partly_right(client: Client) -> None:
    question = make_question("single_choice")
    wrong = question.choices.filter(weight=0).first()
    assert wrong
    wrong.weight = 0.5
    wrong.save()
    attempt = visitor_attempt(client, question)
    place = attempt.responses.get()
    index = [option.text for option in place.revision.item().options].index(wrong.text)
    client.post(page_of(attempt), sent_for(place, {"chosen": [index]}) | {"go": "check"})
    html = page(client, attempt)
    assert re.findall(r'class="option (is-\w+) is-chosen"', html) == ["is-partly"]
    assert "Your answer: partly right" in html
