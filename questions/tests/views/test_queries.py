"""Every page costs a fixed number of queries, whatever the number of questions or attempts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.models import Attempt, Mode
from questions.services import attempts
from questions.tests.factories import (
    GuideFactory,
    QuizFactory,
    QuizItemFactory,
    TopicFactory,
    UserFactory,
    make_question,
)
from questions.tests.taking import key_of, page_of, visitor_attempt

pytestmark = pytest.mark.django_db


def filled(client: Client, size: int, *, mode: str = Mode.PRACTICE) -> Attempt:
    """An attempt at `size` questions of every type, all answered, among `size` topics, quizzes and attempts."""
    topics = [TopicFactory() for _ in range(size)]
    for topic in topics:
        GuideFactory(topic=topic)
    questions = [make_question(name, topic=topics[place]) for place in range(size) for name in types.names()]
    for _ in range(size):
        quiz = QuizFactory()
        for position, question in enumerate(questions, 1):
            QuizItemFactory(quiz=quiz, question=question, position=position)
        visitor_attempt(client, *questions[:2])
    attempt = visitor_attempt(client, *questions, mode=mode)
    for place in attempt.responses.all():
        attempts.record_response(attempt=attempt, position=place.position, answer=key_of(place), at=timezone.now())
    return attempt


def ended(attempt: Attempt) -> str:
    attempts.submit(attempt=attempt, at=timezone.now())
    return reverse("result", args=[attempt.public_id])


PAGES: dict[str, tuple[int, Callable[[Attempt], str]]] = {
    "home": (5, lambda attempt: "/"),
    "topics": (3, lambda attempt: reverse("topics")),
    "topic": (11, lambda attempt: attempt.responses.first().revision.question.topic.get_absolute_url()),
    "search": (7, lambda attempt: reverse("search") + "?q=the"),
    "practice": (2, lambda attempt: reverse("practice")),
    "question": (4, page_of),
    "overview": (3, lambda attempt: reverse("overview", args=[attempt.public_id])),
    "result": (9, ended),
    "history": (4, lambda attempt: reverse("history")),
    "data": (1, lambda attempt: reverse("data")),
    "download": (13, lambda attempt: reverse("data-download")),
    "delete": (9, lambda attempt: reverse("data-delete")),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [1, 4])
def test_a_page_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries, name: str, size: int
) -> None:
    queries, address = PAGES[name]
    url = address(filled(client, size))
    with django_assert_num_queries(queries):
        response = client.get(url)
    assert response.status_code == 200
    response.close()


@pytest.mark.parametrize("size", [1, 4])
def test_an_answer_costs_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2 * size)))
    with django_assert_num_queries(16):
        assert client.post(page_of(attempt), {"go": "check", "choice": "1"}).status_code == 302


@pytest.mark.parametrize("size", [1, 4])
def test_the_preview_costs_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    question = make_question("single_choice")
    for _ in range(size):
        make_question("single_choice", topic=question.topic)
    client.force_login(UserFactory(is_superuser=True))
    with django_assert_num_queries(7):
        client.get(question.get_absolute_url())
