"""Progress by topic."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.attempts.results import progress
from questions.bank.models.questions import Question
from questions.enums import Status
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def answer(user, question: Question, choice: int, *, after: int = 0) -> Attempt:
    """Answer the question in a new attempt after so many minutes; choice 0 is right."""
    at = NOW + timedelta(minutes=after)
    attempt = attempts.start(owner=Owner(user_id=user.pk), questions=[question], mode="practice", title="One", at=at)
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [choice]}, at=at)
    return attempt


def of(user) -> list[tuple[int, int, int]]:
    return [(entry.asked, entry.answered, entry.right) for entry in progress(Owner(user_id=user.pk))]


def test_latest_answer_to_each_question_counts() -> None:
    user, topic = UserFactory(), TopicFactory()
    first, second = (make_question("single_choice", topic=topic) for _ in range(2))
    make_question("single_choice", topic=topic)
    TopicFactory()
    assert of(user) == [(3, 0, 0), (0, 0, 0)]
    answer(user, first, 1)
    answer(user, second, 0, after=1)
    assert of(user)[0] == (3, 2, 1)
    answer(user, first, 0, after=2)
    assert of(user)[0] == (3, 2, 2)
    answer(user, second, 1, after=3)
    assert of(user)[0] == (3, 2, 1)


def test_answers_of_others_and_retired_questions_do_not_count() -> None:
    user, question = UserFactory(), make_question("single_choice")
    answer(UserFactory(), question, 0)
    assert of(user) == [(1, 0, 0)]
    answer(user, question, 0)
    Question.objects.update(status=Status.RETIRED)
    assert of(user) == [(0, 0, 0)]


@pytest.mark.parametrize("mode", ["exam", "interview"])
def test_answers_count_once_they_are_revealed(mode: str) -> None:
    user, question = UserFactory(), make_question("single_choice")
    answer(user, question, 1)
    exam = attempts.start(owner=Owner(user_id=user.pk), questions=[question], mode=mode, title="Two", at=NOW)
    attempts.record_response(
        response=exam.responses.get(position=1), answer={"chosen": [0]}, at=NOW + timedelta(minutes=1)
    )
    assert of(user) == [(1, 1, 0)]
    attempts.submit(attempt=exam, at=NOW + timedelta(minutes=2))
    assert of(user) == [(1, 1, 1)]


def test_topics_show_progress(client: Client) -> None:
    user, question = UserFactory(), make_question("single_choice")
    client.force_login(user)
    assert "right last time" not in client.get("/topics/").content.decode()
    answer(user, question, 0)
    assert "1 answered, 1 right last time" in client.get("/topics/").content.decode()
