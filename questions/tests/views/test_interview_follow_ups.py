"""Follow-up questions on the pages of a mock interview."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
POINTS = ("semaphore", "timeout", "percentiles", "idempotent")


def interview(client: Client, question: Question) -> Attempt:
    return visitor_attempt(client, question, mode=AttemptMode.INTERVIEW, time_limit=timedelta(minutes=30))


def asked_on(page: str) -> list[int]:
    """Return the numbers of the follow-ups on the page."""
    return [int(number) for number in re.findall(r"Follow-up (\d)", page)]


@pytest.fixture
def question() -> Question:
    """An open question with four criteria, and a follow-up about each."""
    question = make_question("open")
    question.follow_ups.all().delete()
    for position, point in enumerate(POINTS, 1):
        question.criteria.filter(position=position).update(text=f"Names the {point}")
        question.follow_ups.create(position=position, text=f"Follow-up {position}?", model_answer=f"A {point}.")
    return question


def test_follow_up_is_about_the_criterion_that_the_answer_did_not_touch(client: Client, question: Question) -> None:
    for number, point in enumerate(POINTS, 1):
        attempt = interview(client, question)
        others = " ".join(other for other in POINTS if other != point)
        assert asked_on(client.get(page_of(attempt)).content.decode()) == []
        client.post(page_of(attempt), {"text": others, "go": "save"})
        page = client.get(page_of(attempt)).content.decode()
        assert asked_on(page) == [number]
        assert f"A {point}." not in page


@pytest.mark.parametrize("with_field", [True, False])
def test_another_answer_does_not_change_the_follow_up(client: Client, question: Question, with_field: bool) -> None:
    attempt = interview(client, question)
    client.post(page_of(attempt), {"text": "timeout percentiles idempotent", "go": "save"})
    field = {"follow_up": "Then this."} if with_field else {}
    client.post(page_of(attempt), {"text": "semaphore percentiles idempotent", "go": "save", **field})
    assert attempt.responses.get().answer["text"].startswith("semaphore")
    assert asked_on(client.get(page_of(attempt)).content.decode()) == [1]


def test_spoken_answers_get_varying_follow_ups_that_stay(client: Client, question: Question) -> None:
    asked = set()
    for _ in range(12):
        attempt = interview(client, question)
        client.post(page_of(attempt), {"aloud": "on", "go": "save"})
        found = [asked_on(client.get(page_of(attempt)).content.decode()) for _ in range(2)]
        assert len(found[0]) == 1 and found[0] == found[1]
        asked.add(found[0][0])
    assert len(asked) > 1
