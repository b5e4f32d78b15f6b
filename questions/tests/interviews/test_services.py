"""Services for interviews: start and stored answers."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import regrading
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode
from questions.interviews import services as interviews
from questions.scheduling.plan_models import Weight
from questions.tests.factories import PlanTopicFactory, StudyPlanFactory, TopicFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def visitor() -> Owner:
    return Owner(visitor=uuid.uuid4())


def stocked(number: int = 8, **fields) -> Topic:
    """Create a topic with this number of open and of machine-graded questions."""
    topic = TopicFactory()
    for _ in range(number):
        make_question("open", topic=topic, **fields)
        make_question("true_false", topic=topic, **fields)
    return topic


def start(owner: Owner | None = None, minutes: int = 30, topics=(), at: datetime = NOW, **options) -> Attempt:
    return interviews.start(owner=owner or visitor(), minutes=minutes, topics=topics, at=at, **options)


def asked(attempt: Attempt) -> list:
    return [place.revision.question for place in attempt.responses.with_question()]


@pytest.mark.parametrize(("minutes", "open_ones", "graded"), [(30, 4, 4), (45, 6, 6), (60, 9, 6)])
def test_interview_has_size_and_deadline_of_its_length(minutes: int, open_ones: int, graded: int) -> None:
    stocked(10)
    attempt = start(minutes=minutes)
    kinds = [question.type for question in asked(attempt)]
    assert (kinds.count("open"), kinds.count("true_false")) == (open_ones, graded)
    assert attempt.mode == AttemptMode.INTERVIEW
    assert attempt.deadline_at == NOW + timedelta(minutes=minutes)
    assert str(minutes) in attempt.title


def test_only_published_questions_of_the_topics_are_asked() -> None:
    wanted, _other = stocked(), stocked()
    stocked_drafts = stocked(status="draft")
    assert {question.topic for question in asked(start(topics=[wanted.slug, stocked_drafts.slug]))} == {wanted}


def test_topics_have_the_weights_of_the_plan() -> None:
    heavy, light, unplanned = stocked(), stocked(), stocked()
    plan = StudyPlanFactory()
    PlanTopicFactory(plan=plan, topic=heavy, weight=Weight.MUCH)
    PlanTopicFactory(plan=plan, topic=light, weight=Weight.LITTLE)
    assert interviews.weights(owner=plan.owner) == {heavy.slug: 3, light.slug: 1}
    topics = [question.topic for question in asked(start(plan.owner, 45, topics=[heavy.slug, light.slug]))]
    assert (topics.count(heavy), topics.count(light)) == (9, 3)
    topics = [question.topic for question in asked(start(plan.owner, 45))]
    assert (topics.count(heavy), topics.count(unplanned), topics.count(light)) == (6, 4, 2)


def test_no_weights_without_plan_topics() -> None:
    assert interviews.weights(owner=StudyPlanFactory().owner) == {}
    assert interviews.weights(owner=visitor()) == {}


def test_least_recently_asked_questions_come_first() -> None:
    topic, owner = stocked(8), visitor()
    first = start(owner, topics=[topic.slug])
    start(topics=[topic.slug])  # an interview of another owner does not count
    second = start(owner, at=NOW + timedelta(days=1))
    assert not set(asked(first)) & set(asked(second))
    assert set(asked(start(owner, at=NOW + timedelta(days=2)))) == set(asked(first))


def test_easier_questions_come_first() -> None:
    topic = TopicFactory()
    for difficulty in ("hard", "easy", "medium", "easy"):
        make_question("open", topic=topic, difficulty=difficulty)
    assert [question.difficulty for question in asked(start())] == ["easy", "easy", "medium", "hard"]


def test_repeated_request_starts_one_interview() -> None:
    stocked()
    owner, request = visitor(), uuid.uuid4()
    assert start(owner, public_id=request) == start(owner, public_id=request)
    assert Attempt.objects.count() == 1


def test_interview_without_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        start()


def test_marks_and_follow_up_answers_are_both_kept() -> None:
    question = make_question("open")
    attempt = start()
    for answer in ({"text": "Mine.", "aloud": False}, {"follow_ups": {"0": "Then this."}}):
        attempts.record_response(response=attempt.responses.get(position=1), answer=answer, at=NOW)
    with pytest.raises(attempts.AttemptClosed):
        attempts.assess(attempt=attempt, position=1, met=[0])
    attempts.submit(attempt=attempt, at=NOW)
    response = attempts.assess(attempt=attempt, position=1, met=[0, 1])
    assert response.answer == {"text": "Mine.", "aloud": False, "follow_ups": {"0": "Then this."}, "met": [0, 1]}
    assert response.fraction == pytest.approx(5 / 7)
    assert regrading.plan(question=question).same == 1
