"""Freezing questions into revisions, and publishing them."""

from datetime import UTC, datetime

import pytest

from questions import types
from questions.bank import authoring, freezing
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Status
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def freeze(*questions: Question) -> dict[int, QuestionRevision]:
    return freezing.freeze(questions=questions, at=NOW)


@pytest.mark.parametrize("name", types.names())
def test_a_revision_contains_the_whole_question(name: str) -> None:
    question = make_question(name)
    revision = freeze(question)[question.pk]
    revision.refresh_from_db()
    assert revision.item() == Question.objects.with_content().get(pk=question.pk).item()
    assert (revision.number, revision.created_at) == (1, NOW)


def test_restoring_and_duplicating_keep_the_units() -> None:
    user = UserFactory(is_superuser=True)
    question = make_question("numeric", units="ms, s = 1000 ms")
    first = freeze(question)[question.pk]
    Question.objects.filter(pk=question.pk).update(units="")
    assert authoring.restore(question=question, revision=first, at=NOW, by=user).item().units == "ms, s = 1000 ms"
    question.refresh_from_db()
    assert authoring.duplicate(question=question, by=user).units == question.units == "ms, s = 1000 ms"


def test_restoring_and_duplicating_keep_model_answers_of_follow_ups() -> None:
    user = UserFactory(is_superuser=True)
    question = make_question("open")
    question.follow_ups.update(model_answer="It stops.")
    first = freeze(question)[question.pk]
    question.follow_ups.update(model_answer="It waits.")
    restored = authoring.restore(question=question, revision=first, at=NOW, by=user)
    assert [one.model_answer for one in restored.item().follow_ups] == ["It stops."]
    copy = authoring.duplicate(question=Question.objects.get(pk=question.pk), by=user)
    assert [one.model_answer for one in copy.follow_ups.all()] == ["It stops."]


def test_an_unchanged_question_keeps_its_revision() -> None:
    question = make_question("single_choice")
    assert freeze(question) == freeze(question)


def test_an_edited_question_gets_a_new_revision() -> None:
    question = make_question("single_choice", stem="Before?")
    first = freeze(question)[question.pk]
    Question.objects.filter(pk=question.pk).update(stem="After?")
    second = freeze(question)[question.pk]
    first.refresh_from_db()
    assert (first.number, first.item().stem) == (1, "Before?")
    assert (second.number, second.item().stem) == (2, "After?")


def test_reverting_an_edit_reuses_the_first_revision() -> None:
    question = make_question("single_choice", stem="Before?")
    first = freeze(question)[question.pk]
    for stem in ("After?", "Before?"):
        Question.objects.filter(pk=question.pk).update(stem=stem)
        last = freeze(question)[question.pk]
    assert last == first


def test_a_changed_choice_creates_a_new_revision() -> None:
    question = make_question("single_choice")
    freeze(question)
    question.choices.filter(position=1).update(feedback="Other.")
    assert freeze(question)[question.pk].number == 2


def test_freezing_needs_a_fixed_number_of_queries(django_assert_num_queries) -> None:
    questions = [make_question("single_choice") for _ in range(12)]
    with django_assert_num_queries(11):
        freeze(questions[0])
    with django_assert_num_queries(11):
        freeze(*questions[1:])


def test_only_sound_questions_are_published() -> None:
    sound = make_question("single_choice", status=Status.DRAFT)
    unsound = make_question("single_choice", status=Status.DRAFT)
    unsound.choices.all().delete()
    published, refused = authoring.publish(questions=[sound, unsound], by=UserFactory(is_superuser=True))
    assert published == [sound]
    assert [(question, problems[0].field) for question, problems in refused] == [(unsound, "options")]
    assert list(Question.objects.published()) == [sound]
