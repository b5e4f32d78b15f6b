"""One-click practice by focus, from every page."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, Mode
from questions.practice.focus import Focus
from questions.practice.services import MAX_FOCUS_QUESTIONS
from questions.tests.attempt_steps import bookmark_on, messages_of, page_of, visitor_attempt
from questions.tests.factories import (
    GuideFactory,
    QuizFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
    make_question,
)

pytestmark = pytest.mark.django_db
ADDRESS = reverse("practise-focus")


def shown(response) -> str:
    return response.content.decode()


def last_asked() -> list[Question]:
    responses = Attempt.objects.latest("pk").responses.select_related("revision__question")
    return [response.revision.question for response in responses]


class TestStarting:
    def test_mistakes_are_practised(self, client: Client) -> None:
        question = make_question("single_choice")
        attempt = visitor_attempt(client, question)
        attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [1]}, at=timezone.now())
        response = client.post(ADDRESS, {"focus": "mistakes"})
        started = Attempt.objects.latest("pk")
        assert response.url == started.get_absolute_url()
        assert (started.mode, started.title) == (AttemptMode.PRACTICE, "Practice: My mistakes")
        assert last_asked() == [question]

    def test_quiz_has_a_maximum_length_and_no_repeats(self, client: Client) -> None:
        topic = make_question("true_false").topic
        for _ in range(MAX_FOCUS_QUESTIONS):
            make_question("true_false", topic=topic)
        client.post(ADDRESS, {"focus": "unseen"})
        assert len(set(last_asked())) == MAX_FOCUS_QUESTIONS
        client.post(ADDRESS, {"focus": "unseen"})
        assert len(last_asked()) == 1

    def test_topic_limits_the_questions(self, client: Client) -> None:
        wanted, _other = make_question("true_false"), make_question("true_false")
        client.post(ADDRESS, {"focus": "unseen", "topic": wanted.topic.slug})
        assert last_asked() == [wanted]
        assert Attempt.objects.latest("pk").title == f"Practice: Unseen questions · {wanted.topic.title}"

    def test_double_click_starts_one_quiz_even_if_nothing_is_unseen_then(self, client: Client) -> None:
        make_question("true_false")
        data = {"focus": "unseen", "start_id": str(uuid.uuid4())}
        first, second = client.post(ADDRESS, data), client.post(ADDRESS, data)
        assert first.url == second.url == Attempt.objects.get().get_absolute_url()

    def test_buttons_on_one_page_start_separate_quizzes(self, client: Client) -> None:
        question = make_question("true_false", topic=TopicFactory(slug="orm"))
        client.post(bookmark_on("question", question.pk), {"marked": "on"})
        start_id = str(uuid.uuid4())
        for data in ({"focus": "unseen"}, {"focus": "bookmarked"}, {"focus": "bookmarked", "topic": "orm"}):
            client.post(ADDRESS, {**data, "start_id": start_id})
        assert Attempt.objects.count() == 3

    def test_due_depends_on_the_study_day_of_the_plan(self, client: Client, monkeypatch) -> None:
        plan = StudyPlanFactory(zone="Pacific/Kiritimati")
        client.force_login(plan.user)
        days: list[date] = []

        def recorded(_questions, _owner, day: date) -> list[int]:
            days.append(day)
            return []

        monkeypatch.setattr("questions.practice.services.FOCUSES", {Focus.DUE: recorded})
        client.post(ADDRESS, {"focus": "due"})
        plan.zone = "Pacific/Pago_Pago"
        plan.save()
        client.post(ADDRESS, {"focus": "due"})
        assert (days[0] - days[1]).days in (1, 2)  # 25 hours apart

    @pytest.mark.parametrize("focus", [focus for focus in Focus if focus != Focus.UNSEEN])
    def test_nothing_to_practise_is_reported_on_the_previous_page(self, client: Client, focus: str) -> None:
        topic = make_question("true_false").topic
        response = client.post(ADDRESS, {"focus": focus, "next": "/topics/"})
        assert response.url == "/topics/"
        assert messages_of(response).startswith("Nothing to practise")
        response = client.post(ADDRESS, {"focus": focus, "topic": topic.slug})
        assert response.url == "/"
        assert f"{topic.title}: nothing to practise" in messages_of(response)
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"focus": ""},
            {"focus": "everything"},
            {"focus": "unseen", "topic": "nowhere"},
            {"focus": "unseen", "topic": "\x00"},
            {"focus": "unseen", "start_id": "x"},
        ],
    )
    def test_invalid_input_is_reported_and_starts_nothing(self, client: Client, data: dict) -> None:
        make_question("true_false")
        response = client.post(ADDRESS, {**data, "next": "https://elsewhere.example/"})
        assert response.url == "/"
        assert "out of date" in messages_of(response)
        assert not Attempt.objects.exists()

    def test_get_request_starts_nothing(self, client: Client) -> None:
        assert client.get(ADDRESS).status_code == 405

    def test_id_of_another_owners_quiz_starts_a_new_one(self, client: Client) -> None:
        make_question("true_false")
        data = {"focus": "unseen", "start_id": str(uuid.uuid4())}
        theirs = Client().post(ADDRESS, data).url
        assert client.post(ADDRESS, data).url != theirs


class TestButtons:
    def offered(self, page: str) -> int:
        return page.count(f'action="{ADDRESS}"')

    def test_every_page_has_buttons(self, client: Client) -> None:
        quiz = QuizFactory().get_absolute_url()
        for address in ("/", "/topics/", "/practice/", "/history/", "/notes/", "/search/", quiz, "/x/"):
            page = shown(client.get(address))
            assert self.offered(page) == 1
            assert all(f'name="focus" value="{focus}"' in page for focus in Focus)
            assert f'name="next" value="{address}"' in page
        client.force_login(UserFactory())
        assert self.offered(shown(client.get(reverse("account")))) == 1

    def test_topic_page_has_buttons_for_the_topic_too(self, client: Client) -> None:
        topic = GuideFactory().topic
        page = shown(client.get(topic.get_absolute_url()))
        assert self.offered(page) == 2
        assert page.count(f'name="topic" value="{topic.slug}"') == 1

    def test_each_form_has_its_own_id(self, client: Client) -> None:
        address = GuideFactory().get_absolute_url()
        pages = [shown(client.get(address)) for _ in range(2)]
        ids = [part[:36] for page in pages for part in page.split('name="start_id" value="')[1:]]
        assert len(set(ids)) == len(ids) == 6

    @pytest.mark.parametrize("mode", [Mode.EXAM, AttemptMode.INTERVIEW])
    def test_exam_in_progress_has_no_buttons(self, client: Client, mode: str) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=mode)
        for address in (
            page_of(attempt),
            reverse("overview", args=[attempt.public_id]),
            reverse("report", args=[attempt.public_id, 1]),
        ):
            assert self.offered(shown(client.get(address))) == 0
        attempts.submit(attempt=attempt, at=timezone.now())
        assert self.offered(shown(client.get(reverse("result", args=[attempt.public_id])))) == 1

    def test_practice_in_progress_has_buttons(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        for address in (page_of(attempt), reverse("overview", args=[attempt.public_id])):
            assert self.offered(shown(client.get(address))) == 1
