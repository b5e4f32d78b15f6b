"""The search page, and starting a question from it."""

import pytest
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.enums import Status
from questions.tests.factories import FAQFactory, NoteFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


def test_results_link_to_their_pages(client: Client) -> None:
    faq = FAQFactory(question="Why a walrus?", answer="It is <em>not</em> HTML.")
    page = client.get(reverse("search"), {"q": "walrus"}).content.decode()
    assert f'href="{faq.guide.get_absolute_url()}#faq-{faq.slug}"' in page
    assert "<em>" not in page
    assert 'value="walrus"' in page


def test_no_results_says_what_to_try(client: Client) -> None:
    assert "No results for these words" in client.get(reverse("search"), {"q": "walrus"}).content.decode()
    assert "No results" not in client.get(reverse("search")).content.decode()


def test_a_typing_error_is_named_and_what_was_meant_is_found(client: Client) -> None:
    FAQFactory(question="Why middleware?")
    page = client.get(reverse("search"), {"q": "midleware"}).content.decode()
    assert "No results for “midleware”. Showing results for “middleware”." in page
    assert "Why <mark>middleware</mark>?" in page


@pytest.mark.parametrize("name", ["search", "notes"])
def test_the_nearest_words_are_links(client: Client, name: str) -> None:
    FAQFactory(question="Which lock?")
    if name == "notes":
        user = UserFactory()
        client.force_login(user)
        NoteFactory(user=user, text="A lock.")
    page = client.get(reverse(name), {"q": "look"}).content.decode()
    assert "Did you mean" in page
    assert f'<a href="{reverse(name)}?q=lock">lock</a>' in page
    assert "No results for these words" in page


def test_question_starts_in_one_click_and_double_click_starts_one_quiz(client: Client) -> None:
    question = make_question("single_choice", stem="What does the walrus do?")
    page = client.get(reverse("search"), {"q": "walrus"})
    ((_hit, form),) = page.context["starts"]
    data = {"start_id": str(form["start_id"].value())}
    response = client.post(reverse("practise-question", args=[question.pk]), data)
    client.post(reverse("practise-question", args=[question.pk]), data)
    attempt = Attempt.objects.get()
    assert response.url == attempt.get_absolute_url()
    assert attempt.responses.get().revision.question == question


def test_two_questions_start_two_quizzes(client: Client) -> None:
    questions = [make_question("single_choice", stem="Which walrus?") for _ in range(2)]
    starts = client.get(reverse("search"), {"q": "walrus"}).context["starts"]
    for hit, form in starts:
        data = {"start_id": str(form["start_id"].value())}
        client.post(reverse("practise-question", args=[hit.row.pk]), data)
    asked = Attempt.objects.values_list("responses__revision__question", flat=True)
    assert sorted(asked) == [question.pk for question in questions]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_unpublished_question_cannot_be_started(client: Client, status: str) -> None:
    question = make_question("single_choice", status=status)
    assert client.post(reverse("practise-question", args=[question.pk])).status_code == 404
    assert not Attempt.objects.exists()
