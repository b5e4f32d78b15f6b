"""Starting a quiz: in one click, made to measure, or curated."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.tests.factories import QuizFactory, QuizItemFactory, TopicFactory, make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


def told(response) -> str:
    """The messages that the request left."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


class TestStart:
    def test_one_click_on_the_home_page_starts_a_quiz(self, client: Client) -> None:
        make_question("single_choice")
        page = client.get("/").content.decode()
        assert "Start a quiz" in page
        response = client.post(reverse("practice"), {"number": 10, "mode": "practice"}, follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")
        assert Attempt.objects.get().visitor is not None

    def test_a_double_click_starts_one_quiz(self, client: Client) -> None:
        make_question("single_choice")
        client.get("/")
        client.post(reverse("practice"), {"number": 1, "mode": "practice"})
        data = {"number": 1, "mode": "practice", "start_id": str(uuid.uuid4())}
        first, second = client.post(reverse("practice"), data), client.post(reverse("practice"), data)
        assert first.url == second.url
        assert Attempt.objects.count() == 2

    def test_the_builder_narrows_down(self, client: Client) -> None:
        wanted = make_question("ordering", difficulty="hard")
        make_question("ordering", difficulty="easy", topic=wanted.topic)
        make_question("numeric", difficulty="hard", topic=wanted.topic)
        make_question("ordering", difficulty="hard", topic=TopicFactory())
        make_question("ordering", difficulty="hard", topic=wanted.topic, status="draft")
        data = {
            "topics": [wanted.topic.slug],
            "types": ["ordering"],
            "difficulty": ["hard"],
            "number": 5,
            "mode": "exam",
        }
        client.post(reverse("practice"), {**data, "time_limit": 30})
        attempt = Attempt.objects.get()
        assert attempt.responses.get().revision.question == wanted
        assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)

    def test_fewer_questions_than_asked_for_are_told(self, client: Client) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice"})
        assert "Only 1 question" in told(response)

    def test_wishes_that_nothing_fits_are_told_and_kept(self, client: Client) -> None:
        make_question("single_choice", difficulty="easy")
        response = client.post(reverse("practice"), {"number": 7, "mode": "exam", "difficulty": ["hard"]})
        page = response.content.decode()
        assert "No question fits" in page
        assert 'value="7"' in page
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("number", "0"), ("number", "51"), ("number", "x"), ("mode", "dream"), ("time_limit", "-1"), ("topics", "99")],
    )
    def test_impossible_wishes_are_told(self, client: Client, field: str, value: str) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice", field: value})
        assert response.status_code == 200
        assert field in response.context["form"].errors

    def test_a_link_can_tick_a_topic(self, client: Client) -> None:
        topic = make_question("single_choice").topic
        page = client.get(reverse("practice"), {"topics": topic.slug}).content.decode()
        assert page.count(" checked") == 2  # the topic, and the mode that is chosen from the start
        assert client.get(reverse("practice"), {"topics": "x", "start_id": "y", "number": "z"}).status_code == 200

    def test_a_curated_quiz_is_started_from_its_page(self, client: Client) -> None:
        quiz = QuizFactory()
        QuizItemFactory(quiz=quiz, question=make_question("single_choice"))
        assert "Start" in client.get(quiz.get_absolute_url()).content.decode()
        response = client.post(quiz.get_absolute_url(), follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")

    def test_an_unpublished_quiz_is_not_found(self, client: Client) -> None:
        assert client.get(QuizFactory(is_published=False).get_absolute_url()).status_code == 404

    def test_a_quiz_without_questions_says_so(self, client: Client) -> None:
        quiz = QuizFactory()
        assert "None of this quiz" in client.post(quiz.get_absolute_url()).content.decode()
