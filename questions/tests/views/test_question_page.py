"""The question page from cached fragments must equal a page rendered without a cache."""

import re

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.notes import services as notes
from questions.tests.attempt_steps import key_of, page_of, visitor_attempt, wrong_answer_to
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db

DIFFERS = re.compile(
    r'name="(csrfmiddlewaretoken|start_id|shown_at|page)" (?:id="id_\w+" )?value="[^"]+"|value="\d+" id="id_shown_at"'
)


def shown(client: Client, attempt: Attempt, position: int) -> str:
    """Return the page without the values that differ with each request."""
    page = client.get(page_of(attempt, position)).content.decode()
    return DIFFERS.sub("", page)


@pytest.mark.parametrize("mode", AttemptMode)
def test_page_from_the_cache_equals_a_fresh_page(mode: str) -> None:
    questions = [make_question(name) for name in types.names()]
    first, second = Client(), Client()
    pair = [(client, visitor_attempt(client, *questions, mode=mode)) for client in (first, second)]
    for place in range(1, len(questions) + 1):
        for answer in (None, key_of, wrong_answer_to):
            for client, attempt in pair:
                response = attempt.responses.get(position=place)
                if answer and (not attempt.explains_at_once or not response.is_answered):
                    attempts.record_response(
                        response=attempt.responses.get(position=place),
                        answer=answer(response),
                        at=timezone.now(),
                        confidence="sure",
                    )
                warm = shown(client, attempt, place)
                caches["content"].clear()
                assert shown(client, attempt, place) == warm


def test_cached_page_has_no_data_of_another_candidate() -> None:
    question, other = make_question("single_choice"), make_question("single_choice")
    first, second = Client(), Client()
    hers, his = visitor_attempt(first, question, other), visitor_attempt(second, question)
    kept = {"owner": hers.owner, "kind": "question", "pk": question.pk, "at": timezone.now()}
    notes.set_bookmark(**kept, marked=True)
    notes.write_note(**kept, text="Only mine <b>")
    hers_page, his_page = (client.get(page_of(one)).content.decode() for client, one in ((first, hers), (second, his)))
    assert "Only mine &lt;b&gt;" in hers_page
    assert "Only mine" not in his_page
    assert str(hers.public_id) not in his_page
    assert re.findall('name="csrfmiddlewaretoken" value="([^"]+)', hers_page) != re.findall(
        'name="csrfmiddlewaretoken" value="([^"]+)', his_page
    )
    assert 'aria-pressed="true"><span aria-hidden="true">★' in hers_page
    assert 'aria-pressed="true"><span aria-hidden="true">★' not in his_page


def answered(client: Client, attempt: Attempt, chosen: int) -> str:
    """Return the page of the first question after the option with this index was chosen."""
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [chosen]}, at=timezone.now())
    return client.get(page_of(attempt)).content.decode()


def test_different_answers_with_the_same_fraction_differ() -> None:
    client, question = Client(), make_question("single_choice")
    wrong = [index for index, option in enumerate(question.item().options) if not option.weight]
    pages = {answered(client, visitor_attempt(client, question), index) for index in wrong[:2]}
    marked = [
        re.findall(r'is-chosen">\s*<div class="option-text" dir="auto" lang="en"><p>(.*?)</p>', page) for page in pages
    ]
    assert sorted(marked) == sorted([[question.item().options[index].text] for index in wrong[:2]])


def test_new_revision_is_not_mixed_up_with_the_old_one() -> None:
    client, question = Client(), make_question("true_false", stem="What was asked first?")
    before = visitor_attempt(client, question)
    assert b"What was asked first?" in client.get(page_of(before)).content
    question.stem = "What is asked now?"
    question.save()
    now = visitor_attempt(client, question)
    for attempt, stem in ((before, "What was asked first?"), (now, "What is asked now?")):
        assert stem in client.get(page_of(attempt)).content.decode()
        assert stem in answered(client, attempt, 0)


def test_links_to_the_guide_follow_renames() -> None:
    client, question = Client(), make_question("single_choice")
    attempt = visitor_attempt(client, question)
    attempts.record_response(
        response=attempt.responses.get(position=1), answer=key_of(attempt.responses.get()), at=timezone.now()
    )
    client.get(page_of(attempt))
    question.topic.title = "A new title"
    question.topic.slug = "new-slug"
    question.topic.save()
    page = client.get(page_of(attempt)).content.decode()
    assert f'<a href="{reverse("topic", args=["new-slug"])}">Guide: A new title</a>' in page


class TestHtmx:
    """htmx gets the next page in the response; without it, the browser is redirected."""

    @pytest.fixture
    def attempt(self, client: Client) -> Attempt:
        return visitor_attempt(client, make_question("true_false"), make_question("true_false", stem="And this?"))

    def send(self, client: Client, attempt: Attempt, **fields: str) -> HttpResponse:
        return client.post(page_of(attempt), fields, headers={"HX-Request": "true"})

    def test_answer_gets_its_explanation_without_a_redirect(self, client: Client, attempt: Attempt) -> None:
        response = self.send(client, attempt, go="check", choice="1")
        assert response.headers["HX-Push-Url"] == page_of(attempt)
        assert DIFFERS.sub("", response.content.decode()) == shown(client, attempt, 1)
        assert 'class="explained"' in response.content.decode()

    def test_next_question_comes_without_a_redirect_and_with_its_url(self, client: Client, attempt: Attempt) -> None:
        response = self.send(client, attempt, go="next")
        assert response.headers["HX-Push-Url"] == page_of(attempt, 2)
        assert DIFFERS.sub("", response.content.decode()) == shown(client, attempt, 2)
        assert f'name="next" value="{page_of(attempt, 2)}"' in response.content.decode()

    def test_messages_come_with_the_page(self, client: Client, attempt: Attempt) -> None:
        assert "Nothing was saved" in self.send(client, attempt, go="check").content.decode()

    def test_end_is_a_redirect(self, client: Client, attempt: Attempt) -> None:
        assert self.send(client, attempt, go="finish").url == reverse("overview", args=[attempt.public_id])

    def test_page_is_not_cached(self, client: Client, attempt: Attempt) -> None:
        assert "no-store" in self.send(client, attempt, go="next").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(AttemptMode.PRACTICE, ["is-right", "is-wrong", ""]), (AttemptMode.EXAM, ["is-answered", "is-answered", ""])],
)
def test_buttons_of_the_questions_tell_outcomes_only_where_answers_are_explained(
    client: Client, mode: str, expected: list[str]
) -> None:
    attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(3)), mode=mode)
    for position, answer in ((1, key_of), (2, wrong_answer_to)):
        response = attempt.responses.get(position=position)
        attempts.record_response(response=response, answer=answer(response), at=timezone.now())
    page = client.get(page_of(attempt, 3)).content.decode()
    classes = re.findall(r'class="place(?![a-z])([^"]*)"', page)
    assert [one.split()[-1] if one else "" for one in classes] == expected
