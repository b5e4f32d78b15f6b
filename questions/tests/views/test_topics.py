"""The home page, topics, guides and the preview."""

import pytest
from django.test import Client
from django.urls import reverse

from questions.bank.models.questions import Question
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import (
    GuideFactory,
    QuizFactory,
    SectionFactory,
    TopicFactory,
    UserFactory,
    make_question,
)
from questions.views.topics import MAX_OPEN_QUESTIONS

pytestmark = pytest.mark.django_db


def test_home_links_to_an_unfinished_quiz(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    assert attempt.get_absolute_url() in client.get("/").content.decode()


def test_home_works_without_any_content(client: Client) -> None:
    assert "No topics yet" in client.get("/").content.decode()


def test_topics_and_quizzes_are_listed_by_position(client: Client) -> None:
    for position in (3, 1, 2):
        TopicFactory(position=position)
        QuizFactory(position=position)
    page = client.get("/")
    assert [entry.topic.position for entry in page.context["topics"]] == [1, 2, 3]
    assert [quiz.position for quiz in page.context["quizzes"]] == [1, 2, 3]


def test_topic_without_a_guide_says_so(client: Client) -> None:
    assert "not been written yet" in client.get(TopicFactory().get_absolute_url()).content.decode()


def test_neighbouring_topics_are_linked(client: Client) -> None:
    first, second, third = (TopicFactory(position=position) for position in (10, 20, 30))
    page = client.get(second.get_absolute_url())
    assert (page.context["previous"], page.context["next"]) == (first, third)
    assert client.get(first.get_absolute_url()).context["previous"] is None
    assert 'aria-label="Breadcrumbs"' in page.content.decode()


def test_guide_lists_only_published_open_questions(client: Client) -> None:
    guide = GuideFactory()
    question = make_question("open", topic=guide.topic, stem="Why this?")
    question.follow_ups.update(text="And *then*?", model_answer="SECRET")
    make_question("open", topic=guide.topic, stem="Why not yet?", status="draft")
    page = client.get(guide.get_absolute_url()).content.decode()
    assert "Why this?" in page
    assert "Why not yet?" not in page
    assert "And <em>then</em>?" in page
    assert "SECRET" not in page


def test_guide_lists_a_limited_number_of_open_questions(client: Client) -> None:
    guide = GuideFactory()
    for number in range(MAX_OPEN_QUESTIONS):
        make_question("open", topic=guide.topic, stem=f"Why number {number}?")
    assert "There are more" not in client.get(guide.get_absolute_url()).content.decode()
    make_question("open", topic=guide.topic, stem="Why one more?")
    page = client.get(guide.get_absolute_url()).content.decode()
    assert "There are more" in page
    assert (page.count("Why number"), page.count("Why one more?")) == (MAX_OPEN_QUESTIONS, 0)


def test_topics_count_published_questions(client: Client) -> None:
    full, empty = TopicFactory(), TopicFactory()
    for status in ("published", "published", "draft", "retired"):
        make_question("true_false", topic=full, status=status)
    found = {entry.topic: entry.asked for entry in client.get(reverse("topics")).context["topics"]}
    assert found == {full: 2, empty: 0}


def test_staff_preview_a_draft(client: Client) -> None:
    question = make_question("single_choice", status="draft", explanation="Because.")
    url = reverse("question-preview", args=[question.pk])
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(url).content.decode()
    assert 'role="group" aria-labelledby="stem"' in page
    assert "Because." in page


@pytest.mark.parametrize("member", [True, False])
def test_candidates_get_no_preview(client: Client, member: bool) -> None:
    question = make_question("single_choice")
    if member:
        client.force_login(UserFactory())
    response = client.get(reverse("question-preview", args=[question.pk]))
    assert response.status_code in (302, 403)
    assert Question.objects.get().explanation not in response.content.decode() or not question.explanation


def test_guide_says_how_long_it_takes_to_read(client: Client) -> None:
    guide = GuideFactory(quick_answer="word " * 300)
    SectionFactory(guide=guide, body="word " * 500)
    assert "4 minutes to read" in client.get(guide.get_absolute_url()).content.decode()


def test_interview_question_of_a_guide_is_answered_with_one_click(client: Client) -> None:
    question = make_question("open", topic=GuideFactory().topic)
    path = reverse("practise-question", args=[question.pk])
    assert f'action="{path}"' in client.get(question.topic.get_absolute_url()).content.decode()
    assert client.post(path, follow=True).redirect_chain[-1][0].endswith("/1/")
