"""Starting a quiz: in one click, with the quiz builder, or a curated one."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.tests.attempt_steps import messages_of
from questions.tests.factories import QuizFactory, QuizItemFactory, TopicFactory, make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)


class TestStart:
    def test_home_page_starts_a_quiz_in_one_click(self, client: Client) -> None:
        make_question("single_choice")
        page = client.get("/").content.decode()
        assert "Start a 10-question quiz" in page
        response = client.post(reverse("practice"), {"number": 10, "mode": "practice"}, follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")
        assert Attempt.objects.get().visitor is not None

    def test_double_click_starts_one_quiz(self, client: Client) -> None:
        make_question("single_choice")
        client.get("/")
        client.post(reverse("practice"), {"number": 1, "mode": "practice"})
        data = {"number": 1, "mode": "practice", "start_id": str(uuid.uuid4())}
        first, second = client.post(reverse("practice"), data), client.post(reverse("practice"), data)
        assert first.url == second.url
        assert Attempt.objects.count() == 2

    def test_builder_filters_questions(self, client: Client) -> None:
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

    def test_shortfall_of_questions_is_reported(self, client: Client) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice"})
        assert "Only 1 question" in messages_of(response)

    def test_filters_without_matches_are_reported_and_kept(self, client: Client) -> None:
        make_question("single_choice", difficulty="easy")
        response = client.post(reverse("practice"), {"number": 7, "mode": "exam", "difficulty": ["hard"]})
        page = response.content.decode()
        assert "No questions match these filters" in page
        assert 'value="7"' in page
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("number", "0"), ("number", "51"), ("number", "x"), ("mode", "dream"), ("time_limit", "-1"), ("topics", "99")],
    )
    def test_invalid_filters_are_reported(self, client: Client, field: str, value: str) -> None:
        make_question("single_choice")
        response = client.post(reverse("practice"), {"number": 5, "mode": "practice", field: value})
        assert response.status_code == 200
        assert field in response.context["form"].errors

    def test_link_preselects_a_topic(self, client: Client) -> None:
        topic = make_question("single_choice").topic
        page = client.get(reverse("practice"), {"topics": topic.slug}).content.decode()
        assert page.count(" checked") == 2  # the topic and the default mode
        assert client.get(reverse("practice"), {"topics": "x", "start_id": "y", "number": "z"}).status_code == 200

    def test_curated_quiz_starts_from_its_page(self, client: Client) -> None:
        quiz = QuizFactory()
        QuizItemFactory(quiz=quiz, question=make_question("single_choice"))
        assert "Start" in client.get(quiz.get_absolute_url()).content.decode()
        response = client.post(quiz.get_absolute_url(), follow=True)
        assert response.redirect_chain[-1][0].endswith("/1/")

    def test_unpublished_quiz_is_not_found(self, client: Client) -> None:
        assert client.get(QuizFactory(is_published=False).get_absolute_url()).status_code == 404

    def test_quiz_without_questions_says_so(self, client: Client) -> None:
        quiz = QuizFactory()
        assert "None of this quiz" in client.post(quiz.get_absolute_url()).content.decode()
