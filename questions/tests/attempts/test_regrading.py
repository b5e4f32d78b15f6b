"""Regrades: the plan, the changes and the log."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from questions import types
from questions.attempts import regrading
from questions.attempts import services as attempts
from questions.attempts.models import Response
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank.models.questions import Question
from questions.enums import Mode
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answered(question: Question, *chosen: int, ended: bool = True, mode: str = Mode.EXAM) -> list[Response]:
    """Return a response in an attempt of its own for each chosen option."""
    made = []
    for index in chosen:
        attempt = visitor_attempt(Client(), question, mode=mode)
        made.append(
            attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [index]}, at=NOW)
        )
        if ended:
            attempts.submit(attempt=attempt, at=NOW)
    return made


def move_key(question: Question, position: int) -> Question:
    """Make another option the right one, and return the question."""
    question.choices.update(weight=0)
    question.choices.filter(position=position).update(weight=1)
    return Question.objects.get(pk=question.pk)


def apply(question: Question, **changes) -> Regrade:
    plan = regrading.plan(question=question)
    given = {"digest": plan.digest, "expected": len(plan.changes), "reason": "The key was wrong.", "at": NOW} | changes
    return regrading.apply(question=question, by=UserFactory(), **given)


def test_plan_changes_nothing() -> None:
    question = make_question("single_choice")
    answered(question, 0, 1, 1, 2)
    plan = regrading.plan(question=move_key(question, 2))
    assert (plan.gained, plan.lost, plan.same) == (2, 1, 1)
    assert sorted((change.before, change.after) for change in plan.changes) == [(0, 1), (0, 1), (1, 0)]
    assert list(Response.objects.order_by("fraction").values_list("fraction", flat=True)) == [0, 0, 0, 1]
    assert not Regrade.objects.exists()


def test_regrade_is_logged() -> None:
    question = make_question("single_choice")
    right, wrong = answered(question, 0, 1)
    regrade = apply(move_key(question, 2))
    assert [(change.response, change.before, change.after) for change in regrade.changes.order_by("response_id")] == [
        (right, 1, 0),
        (wrong, 0, 1),
    ]
    for response, fraction in ((right, 0), (wrong, 1)):
        response.refresh_from_db()
        assert response.fraction == fraction
        assert response.revision.number == 1  # the asked revision stays
    assert regrade.revision.number == 2
    assert (regrade.reason, regrade.done_at) == ("The key was wrong.", NOW)


def test_second_regrade_changes_nothing() -> None:
    question = make_question("single_choice")
    answered(question, 0, 1)
    question = move_key(question, 2)
    apply(question)
    assert not apply(question).changes.exists()
    assert RegradedResponse.objects.count() == 2


def test_reverted_correction_restores_the_grades() -> None:
    question = make_question("single_choice")
    answered(question, 0, 1)
    apply(move_key(question, 2))
    apply(move_key(question, 1))
    assert list(Response.objects.order_by("pk").values_list("fraction", flat=True)) == [1, 0]


@pytest.mark.parametrize("change", [{"digest": "other"}, {"expected": 7}])
def test_changed_plan_is_refused(change: dict) -> None:
    question = make_question("single_choice")
    answered(question, 0)
    with pytest.raises(regrading.QuestionChanged):
        apply(move_key(question, 2), **change)
    assert not Regrade.objects.exists()
    assert Response.objects.get().fraction == 1


def test_attempts_in_progress_are_skipped_and_counted() -> None:
    question = make_question("single_choice")
    answered(question, 0, ended=False)
    plan = regrading.plan(question=move_key(question, 2))
    assert (plan.running, plan.changes) == (1, [])


def test_answer_with_a_removed_option_is_not_regraded() -> None:
    question = make_question("single_choice")
    answered(question, 0, 1)
    question.choices.filter(position=2).update(text="Something else entirely")
    plan = regrading.plan(question=Question.objects.get(pk=question.pk))
    assert (plan.not_carried, plan.same, plan.changes) == (1, 1, [])


def test_answer_of_another_type_is_not_regraded() -> None:
    question = make_question("single_choice")
    answered(question, 0)
    Question.objects.update(type="short_answer")
    assert regrading.plan(question=Question.objects.get()).not_carried == 1


def test_own_marks_stay() -> None:
    question = make_question("open")
    attempt = visitor_attempt(Client(), question)
    attempts.record_response(response=attempt.responses.get(position=1), answer={"text": "So.", "aloud": False}, at=NOW)
    attempts.assess(attempt=attempt, position=1, met=[0])
    attempts.submit(attempt=attempt, at=NOW)
    question.criteria.filter(position=2).update(weight=5)
    assert regrading.plan(question=Question.objects.get()).changes == []


@pytest.mark.parametrize("name", [name for name in types.names() if name != "open"])
def test_every_type_is_regraded(name: str) -> None:
    question = make_question(name)
    attempt = visitor_attempt(Client(), question, mode=Mode.EXAM)
    response = attempt.responses.select_related("revision").get()
    key = types.get(name).key(response.revision.item())
    attempts.record_response(response=attempt.responses.get(position=1), answer=key, at=NOW)
    attempts.submit(attempt=attempt, at=NOW)
    Response.objects.update(fraction=0)
    plan = regrading.plan(question=Question.objects.get())
    assert [(change.before, change.after) for change in plan.changes] == [(0, 1)]


def test_number_of_queries_is_fixed(django_assert_num_queries) -> None:
    question = make_question("single_choice")
    answered(question, 0, 1)
    question = move_key(question, 2)
    with django_assert_num_queries(7):
        regrading.plan(question=question)
    answered(question, 0, 1, 2, 2)
    question = Question.objects.get(pk=question.pk)
    with django_assert_num_queries(7):
        regrading.plan(question=question)
