"""The page with the report on an interview, and self-assessment on it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt
from questions.tests.factories import TakeawayFactory, make_question

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=30)


def held(client: Client, *questions: Question, said: str = "My own words.", **options) -> Attempt:
    """Return an interview that was handed in; open questions and their follow-ups are answered with this text."""
    attempt = visitor_attempt(client, *questions, mode=AttemptMode.INTERVIEW, time_limit=LIMIT, **options)
    for place in attempt.responses.all():
        answer = key_of(place) | ({"text": said} if "aloud" in key_of(place) else {})
        client.post(page_of(attempt, place.position), sent_for(place, answer) | {"go": "save"})
        if "aloud" in answer:
            seen = attempt.responses.get(pk=place.pk).answered_at.isoformat()
            data = {"text": said, "follow_up": "And then that.", "seen": seen}
            client.post(page_of(attempt, place.position), data)
    client.post(reverse("hand-in", args=[attempt.public_id]))
    return attempt


def report(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("result", args=[attempt.public_id])).content.decode()


def box(page: str, number: int) -> str:
    """Return the label of a criterion's checkbox at question 1."""
    return re.search(rf'<label[^>]*for="met-1-{number}".*?</label>', page, re.DOTALL).group()


def test_own_answer_is_shown_above_the_model_answer(client: Client) -> None:
    attempt = held(client, make_question("open", model_answer="As the *model* says."))
    page = report(client, attempt)
    shown = re.search(r'<div class="own-answer">.*?<div class="assessment"', page, re.DOTALL).group()
    for words in ("My own words.", "And then?", "And then that.", "As the <em>model</em> says."):
        assert words in shown


def test_model_answer_of_a_follow_up_is_below_it(client: Client) -> None:
    question = make_question("open")
    question.follow_ups.update(text="And *then*?", model_answer="Then it **stops**.")
    page = report(client, held(client, question))
    asked = re.search(r'<p class="follow-up-asked">.*?</details>', page, re.DOTALL).group()
    assert asked.index("And <em>then</em>?") < asked.index("And then that.") < asked.index("<strong>stops</strong>")
    assert "Likely follow-ups" not in page  # there is no other one


def test_report_shows_every_question_type(client: Client) -> None:
    attempt = held(client, *(make_question(name) for name in types.names()))
    page = report(client, attempt)
    for place in attempt.responses.all():
        assert f'id="question-{place.position}"' in page
        for option in place.revision.item().options:
            assert option.feedback in page


def test_marks_are_saved_and_redirect_to_their_question(client: Client) -> None:
    attempt = held(client, make_question("true_false"), make_question("open"))
    page = report(client, attempt)
    assert "1 open answer is not marked" in page
    assert "Mark your answers to see which points were missing" in page
    marked = client.post(reverse("assess", args=[attempt.public_id, 2]), {"met-2": ["2", "3"]})
    assert marked.url == f"{reverse('result', args=[attempt.public_id])}#marks-2"
    page = report(client, attempt)
    assert "not marked yet" not in page
    assert "not met (essential)" in page
    assert page.index("What to say next time") < page.index("Names point") < page.index("What to study")
    assert attempt.responses.get(position=2).answer["follow_ups"] == {"0": "And then that."}


def test_hints_are_suggested_but_tick_no_box(client: Client) -> None:
    question = make_question("open")
    texts = [
        "Says that threads wait for sockets",
        "Limits the pool of connections",
        "Measures latency",
        "Names a price",
    ]
    for criterion, text in zip(question.criteria.all(), texts, strict=True):
        question.criteria.filter(pk=criterion.pk).update(text=text)
    attempt = held(client, question, said="While a thread waits for its socket, I measure latency.")
    page = report(client, attempt)
    assert "Suggested: your answer mentions threads, wait, sockets" in box(page, 1)
    assert "Suggested: your answer mentions Measures, latency" in box(page, 3)
    assert "Suggested" not in box(page, 2) + box(page, 4)
    assert " checked" not in "".join(box(page, number) for number in range(1, 5))
    assert attempt.responses.get().fraction is None
    client.post(reverse("assess", args=[attempt.public_id, 1]), {"met-1": ["1"]})
    page = report(client, attempt)
    assert " checked" in box(page, 1)
    assert "Suggested" not in box(page, 1)
    assert "Suggested" in box(page, 3)


def test_follow_up_answer_gives_hints_too(client: Client) -> None:
    question = make_question("open")
    question.criteria.filter(position=1).update(text="Says that")
    question.criteria.filter(position=2).update(text="Knows the semaphore")
    attempt = held(client, question)
    response = attempt.responses.get()
    response.answer["follow_ups"] = {"0": "A semaphore."}
    response.save()
    assert "mentions semaphore" in box(report(client, attempt), 2)


def test_guide_is_linked_for_a_wrong_answer(client: Client) -> None:
    takeaway = TakeawayFactory(text="Remember `this` well.")
    question = make_question("true_false", topic=takeaway.guide.topic, takeaway=takeaway)
    attempt = visitor_attempt(client, question, mode=AttemptMode.INTERVIEW)
    attempts.submit(attempt=attempt, at=timezone.now())
    page = report(client, attempt)
    assert "Remember <code>this</code> well." in page
    assert f'href="{takeaway.guide.get_absolute_url()}#takeaway-{takeaway.slug}"' in page
    assert "Practise my mistakes" in page


def test_report_compares_with_the_previous_interview(client: Client) -> None:
    question = make_question("true_false")
    first = held(client, question, at=timezone.now() - timedelta(minutes=20))
    assert "This is your first interview." in report(client, first)
    second = visitor_attempt(client, question, mode=AttemptMode.INTERVIEW)
    attempts.submit(attempt=second, at=timezone.now())
    assert report(client, second).count("100 points worse") == 2  # overall and for the topic


def test_report_of_another_owner_is_not_found(client: Client) -> None:
    attempt = held(client, make_question("open"))
    assert Client().get(reverse("result", args=[attempt.public_id])).status_code == 404


def test_edited_question_is_shown_as_it_was_asked(client: Client) -> None:
    question = make_question("open", stem="Question and answer?")
    attempt = held(client, question)
    question.criteria.all().delete()
    question.follow_ups.all().delete()
    Question.objects.filter(pk=question.pk).update(stem="Current note?")
    page = report(client, attempt)
    assert "Question and answer?" in page
    assert "has changed since you answered it" in page
    assert "And then that." in page
