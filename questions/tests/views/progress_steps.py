"""What somebody has studied, and what the page of their progress says."""

from datetime import UTC, date
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from questions.bank.models.questions import Question
from questions.scheduling.study_day import study_day
from questions.tests.factories import (
    CardFactory,
    QuestionFactory,
    ReviewFactory,
    TopicFactory,
)


def html(client: Client) -> str:
    response = client.get(reverse("progress"))
    assert response.status_code == 200
    return response.content.decode()


def text(client: Client) -> str:
    """The words of the page on one line."""
    return " ".join(unescape(strip_tags(html(client))).split())


def today() -> date:
    """The study day, which before four in the morning is the day before."""
    return study_day(timezone.now(), UTC)


def reviews(user, number: int, **fields: Any) -> None:
    """That many reviews, of today unless another day is given."""
    for _ in range(number):
        ReviewFactory(user=user, **({"day": today(), "at": timezone.now()} | fields))


def learned(user, *, topic=None, number: int = 1, **fields: Any) -> list[Question]:
    """That many questions with a card and a review of today."""
    questions = QuestionFactory.create_batch(number, topic=topic or TopicFactory())
    for question in questions:
        CardFactory(user=user, question=question, stability=30.0, reviewed_on=today(), due_on=today())
        reviews(user, 1, question=question, **fields)
    return questions
