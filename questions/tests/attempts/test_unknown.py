"""What "I don't know" means to the services: wrong, answered, never a guess, nothing to mark."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import regrading
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.attempts.results import result_of
from questions.bank import item_statistics
from questions.bank.models.item_statistics import ItemStatistics
from questions.enums import AttemptMode
from questions.interviews.report import report_of
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review
from questions.tests.attempt_steps import key_of
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data.importer_steps import download, import_data, owner_of_a_user
from questions.types import UNKNOWN

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def start(*names: str, mode: str = AttemptMode.PRACTICE) -> Attempt:
    questions = [make_question(name) for name in names]
    return attempts.start(owner=Owner(user_id=UserFactory().pk), questions=questions, mode=mode, title="One", at=NOW)


def say_unknown(attempt: Attempt, position: int = 1, **options: Any) -> Response:
    response = attempt.responses.select_related("attempt", "revision").get(position=position)
    return attempts.record_response(response=response, answer=UNKNOWN, at=NOW, **options)


@pytest.mark.parametrize("name", types.names())
def test_it_counts_as_wrong_and_is_scheduled_again(name: str) -> None:
    response = say_unknown(start(name), confidence="sure")
    assert (response.fraction, response.confidence) == (0, "")
    assert AskedQuestion(response).outcome == "unknown"
    assert Review.objects.get().rating == Rating.AGAIN


def test_it_is_neither_a_confident_mistake_nor_anything_to_mark() -> None:
    attempt = start("single_choice", "open")
    for position in (1, 2):
        say_unknown(attempt, position, confidence="sure")
    result = result_of(attempt)
    assert (result.confident_mistakes, result.sure, result.score.unmarked, result.missed) == (0, 0, 0, 2)
    with pytest.raises(Response.DoesNotExist):
        attempts.assess(attempt=attempt, position=2, met=[0])


def test_it_is_final_where_answers_are_explained() -> None:
    attempt = start("single_choice")
    response = say_unknown(attempt)
    with pytest.raises(attempts.AlreadyAnswered):
        attempts.record_response(response=response, answer={"chosen": [0]}, at=NOW)


def test_in_an_exam_it_replaces_an_answer_and_is_replaced_by_one() -> None:
    attempt = start("single_choice", mode=AttemptMode.EXAM)
    response = attempt.responses.select_related("attempt", "revision").get()
    attempts.record_response(response=response, answer={"chosen": [1]}, confidence="sure", at=NOW)
    assert say_unknown(attempt).confidence == ""
    response.refresh_from_db()
    later = {"confidence": "unsure", "at": NOW + timedelta(seconds=5)}
    attempts.record_response(response=response, answer=key_of(response), **later)
    response.refresh_from_db()
    assert (response.answer, response.fraction, response.confidence) == (key_of(response), 1, "unsure")


def test_interview_report_lists_every_point_as_missed_and_asks_no_follow_up() -> None:
    attempt = start("open", mode=AttemptMode.INTERVIEW)
    assert AskedQuestion(say_unknown(attempt)).follow_up is None
    attempts.submit(attempt=attempt, at=NOW)
    report = report_of(attempt)
    assert [mark.met for _asked, mark in report.missed_criteria] == [False] * 4
    assert report.scores.open.percent == 0


def test_statistics_count_it_as_wrong_without_a_chosen_option() -> None:
    attempt = start("single_choice")
    say_unknown(attempt)
    item_statistics.rebuild(at=NOW)
    found = ItemStatistics.objects.get(revision=None)
    assert (found.n, found.facility, found.choice_counts) == (1, 0, [])


def test_regrade_leaves_it_as_it_is() -> None:
    attempt = start("single_choice")
    response = say_unknown(attempt)
    attempts.submit(attempt=attempt, at=NOW)
    question = response.revision.question
    for choice in question.choices.all():
        choice.text, choice.weight = f"Not {choice.text}", 1 - choice.weight
        choice.save()
    planned = regrading.plan(question=question)
    assert (planned.same, planned.not_carried, planned.changes) == (1, 0, [])


def test_download_carries_it_to_another_account() -> None:
    attempt = start("single_choice", "open")
    for position in (1, 2):
        say_unknown(attempt, position)
    document = download(attempt.owner, at=NOW)
    other = owner_of_a_user()
    import_data(other, document, at=NOW)
    assert list(Response.objects.owned_by(other).values_list("answer", "fraction")) == [(UNKNOWN, 0), (UNKNOWN, 0)]
