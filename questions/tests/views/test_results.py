"""The result page, practice of missed questions, and the history."""

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
from questions.enums import AttemptStatus, Mode
from questions.tests.attempt_steps import key_of, page_of, sent_for, visitor_attempt, wrong_answer_to
from questions.tests.factories import TopicFactory, make_question

pytestmark = pytest.mark.django_db


def handed_in(client: Client, *questions: Question, right: bool = True) -> Attempt:
    attempt = visitor_attempt(client, *questions, mode=Mode.EXAM)
    for place in attempt.responses.all():
        answer = key_of(place) if right else wrong_answer_to(place)
        client.post(page_of(attempt, place.position), sent_for(place, answer) | {"go": "save"})
    client.post(reverse("hand-in", args=[attempt.public_id]))
    return attempt


def result_page(client: Client, attempt: Attempt):
    return client.get(reverse("result", args=[attempt.public_id]))


def test_score_is_shown_by_quiz_topic_and_question(client: Client) -> None:
    first, second = TopicFactory(), TopicFactory()
    attempt = visitor_attempt(
        client,
        make_question("true_false", topic=first),
        make_question("true_false", topic=second),
        make_question("true_false", topic=second),
    )
    for position, chosen in ((1, 0), (2, 1)):
        attempts.record_response(
            response=attempt.responses.get(position=position), answer={"chosen": [chosen]}, at=timezone.now()
        )
    client.post(reverse("hand-in", args=[attempt.public_id]))
    result = result_page(client, attempt).context["result"]
    assert result.score.percent == 33
    assert {topic: score.percent for topic, score in result.topics.items()} == {first: 100, second: 0}
    assert [asked.outcome for asked in result.questions] == ["right", "wrong", "unanswered"]


@pytest.mark.parametrize("right", [True, False])
def test_every_type_shows_own_and_right_answer(client: Client, right: bool) -> None:
    attempt = handed_in(client, *(make_question(name) for name in types.names()), right=right)
    response = result_page(client, attempt)
    page = response.content.decode()
    for asked in response.context["result"].questions:
        assert asked.outcome in (("right", "unmarked") if right else ("wrong", "partly", "unmarked"))
        for option in asked.item.options:
            assert option.feedback in page
        assert asked.item.model_answer in page


def test_likely_follow_ups_have_their_model_answers(client: Client) -> None:
    question = make_question("open")
    question.follow_ups.update(text="And *then*?", model_answer="Then it **stops**.")
    question.follow_ups.create(position=2, text="Why?")
    page = result_page(client, handed_in(client, question)).content.decode().partition("Likely follow-ups")[2]
    assert page.index("And <em>then</em>?") < page.index("<strong>stops</strong>") < page.index("Why?")
    assert page.count('class="follow-up-answer"') == 1


def test_almost_full_score_is_not_100_percent(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [0]}, at=timezone.now())
    attempt.responses.update(fraction=0.999)
    client.post(reverse("hand-in", args=[attempt.public_id]))
    assert result_page(client, attempt).context["result"].score.percent == 99


def test_open_answers_count_after_they_are_marked(client: Client) -> None:
    attempt = handed_in(client, make_question("open"), make_question("true_false"))
    page = result_page(client, attempt)
    assert page.context["result"].score.percent == 100
    assert "does not count yet. Mark it below." in page.content.decode()
    client.post(reverse("assess", args=[attempt.public_id, 1]), {})
    assert result_page(client, attempt).context["result"].score.percent == 50


def test_edited_question_is_shown_as_it_was_asked(client: Client) -> None:
    question = make_question("single_choice", stem="Question and answer?")
    attempt = handed_in(client, question)
    assert "has changed since you answered it" not in result_page(client, attempt).content.decode()
    Question.objects.filter(pk=question.pk).update(stem="Current note?")
    page = result_page(client, attempt).content.decode()
    assert "Question and answer?" in page
    assert "Current note?" not in page
    assert "has changed since you answered it" in page


def test_practise_missed_has_the_missed_questions(client: Client) -> None:
    wrong = make_question("true_false")
    attempt = handed_in(client, wrong, right=False)
    assert "Practise my mistakes" in result_page(client, attempt).content.decode()
    client.post(reverse("practise-missed", args=[attempt.public_id]))
    again = Attempt.objects.in_progress().get()
    assert again.responses.get().revision.question == wrong


def test_practice_is_not_offered_if_nothing_was_missed(client: Client) -> None:
    attempt = handed_in(client, make_question("true_false"))
    assert "Practise my mistakes" not in result_page(client, attempt).content.decode()
    response = client.post(reverse("practise-missed", args=[attempt.public_id]), follow=True)
    assert "Nothing is left to practise" in response.content.decode()


def test_quiz_in_progress_has_no_result(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    assert result_page(client, attempt).url == attempt.get_absolute_url()


def test_history_lists_own_attempts_latest_first(client: Client) -> None:
    visitor_attempt(Client(), make_question("true_false"))
    now = timezone.now()
    old, new = (visitor_attempt(client, make_question("true_false"), at=now - timedelta(days=days)) for days in (2, 1))
    page = client.get(reverse("history"))
    assert [attempt for attempt, _score in page.context["scored"]] == [new, old]


def test_history_closes_overdue_attempts(client: Client) -> None:
    limit = timedelta(minutes=5)
    attempt = visitor_attempt(client, make_question("true_false"), at=timezone.now() - 2 * limit, time_limit=limit)
    client.get(reverse("history"))
    attempt.refresh_from_db()
    assert (attempt.status, attempt.submitted_at) == (AttemptStatus.EXPIRED, attempt.deadline_at)


def test_empty_history_says_what_to_do(client: Client) -> None:
    assert "Start your first quiz" in client.get(reverse("history")).content.decode()


def test_giving_up_is_confirmed_first(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    page = client.get(reverse("history")).content.decode()
    confirmation = page.partition('<details class="give-up">')[2].partition("</details>")[0]
    assert "Your saved answers and the result are kept" in confirmation
    assert reverse("abandon", args=[attempt.public_id]) in confirmation


def test_abandoned_attempt_stays_in_the_history(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    for _ in range(2):
        page = client.post(reverse("abandon", args=[attempt.public_id]), follow=True)
    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.ABANDONED
    assert "has already ended" in page.content.decode()
    assert attempt.title in page.content.decode()


def test_wrong_answers_come_first_and_confident_mistakes_are_counted(client: Client) -> None:
    attempt = visitor_attempt(client, *(make_question("true_false") for _ in range(3)))
    for response, answer in zip(attempt.responses.all(), (key_of, wrong_answer_to, key_of), strict=True):
        attempts.record_response(response=response, answer=answer(response), confidence="sure", at=timezone.now())
    attempts.submit(attempt=attempt, at=timezone.now())
    response = result_page(client, attempt)
    page = response.content.decode()
    assert [asked.response.position for asked, *_ in response.context["questions"]] == [2, 1, 3]
    assert "Result: 2 of 3 right" in page
    assert "1 answer was wrong although you were sure" in page
    assert "When you were sure: 2 of 3 right." in page
    assert len(re.findall(r"<details class=\"result-line[^>]* open>", page)) == 1


def test_session_of_the_plan_ends_with_what_comes_next(client: Client) -> None:
    make_question("true_false")
    client.post(reverse("start-session"))
    attempt = Attempt.objects.get()
    client.post(page_of(attempt), {"go": "check", "choice": "1"})
    client.post(reverse("hand-in", args=[attempt.public_id]))
    page = result_page(client, attempt).content.decode()
    assert "Done for today" in page
    assert "Today: 1 question" in page and "Tomorrow: " in page
