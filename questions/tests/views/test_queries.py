"""Every page costs a fixed number of queries, whatever the number of questions or attempts."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.enums import AttemptMode, Mode
from questions.notes import services as notes
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed, reminders
from questions.study import services as plans
from questions.tests.attempt_steps import key_of, page_of, visitor_attempt
from questions.tests.factories import (
    FAQFactory,
    GuideFactory,
    PlanTopicFactory,
    QuestionFactory,
    QuizFactory,
    QuizItemFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
    make_question,
)

pytestmark = pytest.mark.django_db


def fill(client: Client, size: int, *, mode: str = Mode.PRACTICE) -> Attempt:
    """An attempt at `size` questions of every type, all answered, among `size` topics, quizzes and attempts, with a
    bookmark and a note on everything."""
    topics = [TopicFactory() for _ in range(size)]
    guides = [GuideFactory(topic=topic) for topic in topics]
    faqs = [FAQFactory(guide=guide) for guide in guides for _ in range(size)]
    questions = [make_question(name, topic=topics[place]) for place in range(size) for name in types.names()]
    for _ in range(size):
        quiz = QuizFactory()
        for position, question in enumerate(questions, 1):
            QuizItemFactory(quiz=quiz, question=question, position=position)
        visitor_attempt(client, *questions[:2])
    attempt = visitor_attempt(client, *questions, mode=mode)
    plans.save_plan(
        owner=attempt.owner,
        interview_on=timezone.now().date() + timedelta(days=30),
        zone="UTC",
        minutes=20,
        weekdays_off=[],
        dates_off=[],
        retention=0.9,
        weights={topic.pk: 2 for topic in topics},
        at=timezone.now(),
    )
    for place in attempt.responses.all():
        attempts.record_response(response=place, answer=key_of(place), at=timezone.now())
    for question in questions[:size]:
        plans.set_aside(owner=attempt.owner, question=question, status="suspended")
    keep(attempt, *(("question", question.pk) for question in questions))
    keep(attempt, *((kind, pk) for faq in faqs for kind, pk in (("faq", faq.pk), ("guide", faq.guide_id))))
    return attempt


def keep(attempt: Attempt, *things: tuple[str, int]) -> None:
    """A bookmark and a note of the attempt's owner on each of the things."""
    for kind, pk in things:
        place = {"owner": attempt.owner, "kind": kind, "pk": pk, "at": timezone.now()}
        notes.set_bookmark(**place, marked=True)
        notes.write_note(**place, text="A note on the walrus.")


def ended(attempt: Attempt) -> str:
    attempts.submit(attempt=attempt, at=timezone.now())
    return reverse("result", args=[attempt.public_id])


def calendar_of(attempt: Attempt) -> str:
    """The address of the calendar feed of the attempt's owner."""
    calendar_feed.renew(owner=attempt.owner)
    plan = StudyPlan.objects.owned_by(attempt.owner).get()
    return reverse("calendar", args=[calendar_feed.token_of(plan.calendar_id)])


def interviewed(client: Client, size: int) -> Attempt:
    """An interview like `filled`, after another one."""
    ended(fill(client, size, mode=AttemptMode.INTERVIEW))
    return fill(client, size, mode=AttemptMode.INTERVIEW)


PAGES: dict[str, tuple[int, Callable[[Attempt], str]]] = {
    "home": (20, lambda attempt: "/"),
    "topics": (4, lambda attempt: reverse("topics")),
    "topic": (13, lambda attempt: attempt.responses.first().revision.question.topic.get_absolute_url()),
    "search": (10, lambda attempt: reverse("search") + "?q=the"),
    "search, corrected": (17, lambda attempt: reverse("search") + "?q=wallrus"),
    "search, in vain": (11, lambda attempt: reverse("search") + "?q=zebra"),
    "practice": (3, lambda attempt: reverse("practice")),
    "question": (3, page_of),
    "overview": (3, lambda attempt: reverse("overview", args=[attempt.public_id])),
    "today": (13, lambda attempt: reverse("today")),
    "aside": (5, lambda attempt: reverse("aside")),
    "plan": (13, lambda attempt: reverse("plan")),
    "calendar": (10, calendar_of),
    "unsubscribe": (2, lambda attempt: reverse("unsubscribe", args=[reminders.unsubscribe_token(1)])),
    "result": (12, ended),
    "progress": (21, lambda attempt: reverse("progress")),
    "history": (5, lambda attempt: reverse("history")),
    "notes": (4, lambda attempt: reverse("notes")),
    "notes, searched": (4, lambda attempt: reverse("notes") + "?q=walrus"),
    "note": (4, lambda attempt: reverse("note", args=["question", attempt.responses.first().revision.question_id])),
    "data": (2, lambda attempt: reverse("data")),
    "download": (15, lambda attempt: reverse("data-download")),
    "delete": (11, lambda attempt: reverse("data-delete")),
}


def placed(client: Client, size: int) -> Attempt:
    """A placement test in which a question is answered, of somebody who has everything that `fill` makes."""
    topic = fill(client, size).responses.first().revision.question.topic
    for _ in range(20 * size):
        make_question("single_choice", topic=topic)
    client.post(reverse("placement"))
    attempt = Attempt.objects.latest("pk")
    client.post(placement_page(attempt), {"position": "1", "unknown": "1"})
    return attempt


def placement_page(attempt: Attempt) -> str:
    return reverse("placement-question", args=[attempt.public_id])


def placement_result(attempt: Attempt) -> str:
    ended(attempt)
    return reverse("placement-result", args=[attempt.public_id])


PLACEMENT_PAGES: dict[str, tuple[int, Callable[[Attempt], str]]] = {
    "placement": (3, lambda attempt: reverse("placement")),
    "question": (6, placement_page),
    "result": (14, placement_result),
}


def count_queries(client: Client, pages: dict[str, tuple[int, Callable[[Attempt], str]]], attempt: Attempt) -> dict:
    """How many queries each of the pages costs; those that end the attempt come last."""
    counted = {}
    for name in sorted(pages, key=lambda name: pages[name][1] in (ended, placement_result)):
        url = pages[name][1](attempt)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.status_code == 200, url
        response.getvalue()  # which closes it
        counted[name] = len(captured)
    return counted


@pytest.mark.parametrize("size", [1, 4])
def test_page_has_a_fixed_number_of_queries(client: Client, size: int) -> None:
    expected = {name: queries for name, (queries, _) in PAGES.items()}
    assert count_queries(client, PAGES, fill(client, size)) == expected


INTERVIEW_PAGES: dict[str, tuple[int, Callable[[Attempt], str]]] = {
    "interview": (6, lambda attempt: reverse("interview")),
    "question": (3, lambda attempt: page_of(attempt, len(types.names()))),
    "overview": (3, lambda attempt: reverse("overview", args=[attempt.public_id])),
    "closing": (3, lambda attempt: reverse("closing", args=[attempt.public_id])),
    "report": (14, ended),
}


@pytest.mark.parametrize("size", [1, 4])
def test_interview_page_has_a_fixed_number_of_queries(client: Client, size: int) -> None:
    expected = {name: queries for name, (queries, _) in INTERVIEW_PAGES.items()}
    assert count_queries(client, INTERVIEW_PAGES, interviewed(client, size)) == expected


@pytest.mark.parametrize("size", [1, 4])
def test_placement_page_has_a_fixed_number_of_queries(client: Client, size: int) -> None:
    attempt = placed(client, size)
    expected = {name: queries for name, (queries, _) in PLACEMENT_PAGES.items()}
    assert count_queries(client, PLACEMENT_PAGES, attempt) == expected


@pytest.mark.parametrize("size", [1, 4])
def test_placement_answer_has_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    attempt = placed(client, size)
    with django_assert_num_queries(39):
        assert client.post(placement_page(attempt), {"position": "2", "unknown": "1"}).status_code == 302


@pytest.mark.parametrize("size", [1, 4])
def test_interview_start_has_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    topic = TopicFactory()
    for _ in range(4 * size):
        make_question("open", topic=topic)
        make_question("true_false", topic=topic)
    visitor_attempt(client, make_question("open"))
    with django_assert_num_queries(23):
        assert client.post(reverse("interview"), {"minutes": "30", "topics": [topic.slug]}).status_code == 302


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize(("headers", "status", "queries"), [({}, 302, 13), ({"HX-Request": "true"}, 200, 14)])
def test_answer_has_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries, size: int, headers: dict[str, str], status: int, queries: int
) -> None:
    attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(2 * size)))
    with django_assert_num_queries(queries):
        assert client.post(page_of(attempt), {"go": "check", "choice": "1"}, headers=headers).status_code == status


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize(("mode", "queries"), [(Mode.PRACTICE, 3), (Mode.EXAM, 6)])
def test_draft_has_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries, size: int, mode: str, queries: int
) -> None:
    attempt = visitor_attempt(client, *(make_question("open") for _ in range(2 * size)), mode=mode)
    sent, url = {"page": str(uuid.uuid4()), "note": ""}, reverse("draft", args=[attempt.public_id, 1])
    client.post(url, sent | {"text": "A lock", "number": 1})
    with django_assert_num_queries(queries):  # the session, the response, and its save, in an exam with a lock
        client.post(url, sent | {"text": "A lock is held", "number": 2})


@pytest.mark.parametrize("size", [1, 4])
def test_session_start_has_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    for _ in range(2 * size):
        make_question("true_false")
    visitor_attempt(client, make_question("true_false"))
    with django_assert_num_queries(28):
        assert client.post(reverse("start-session")).status_code == 302


@pytest.mark.parametrize("size", [1, 4])
def test_quiz_start_has_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    for _ in range(10 * size):
        make_question("true_false")
    visitor_attempt(client, make_question("true_false"))
    with django_assert_num_queries(24):
        assert client.post(reverse("practice"), {"number": "10", "mode": "practice"}).status_code == 302


@pytest.mark.parametrize("size", [1, 4])
def test_plan_of_a_user_has_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries, settings, size: int
) -> None:
    settings.SITE_URL = "https://quiz.example.org"
    plan = StudyPlanFactory(reminders="daily", calendar_id=uuid.uuid4())
    for _ in range(size):
        QuestionFactory(topic=PlanTopicFactory(plan=plan).topic)
        EmailAddress.objects.create(user=plan.user, email=f"{uuid.uuid4()}@example.org", verified=True)
    client.force_login(plan.user)
    with django_assert_num_queries(15):
        client.get(reverse("plan"))
    with django_assert_num_queries(4):
        client.post(reverse("reminders"), {"reminders": "weekly"})
    with django_assert_num_queries(3):
        client.post(reverse("renew-calendar"))


@pytest.mark.parametrize("size", [1, 4])
def test_preview_has_a_fixed_number_of_queries(client: Client, django_assert_num_queries, size: int) -> None:
    question = make_question("single_choice")
    for _ in range(size):
        make_question("single_choice", topic=question.topic)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    with django_assert_num_queries(8):
        client.get(question.get_absolute_url())
    with django_assert_num_queries(8):
        client.post(question.get_absolute_url(), {"choice": "1"})
