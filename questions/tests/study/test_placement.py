"""The placement test: what it asks, when it ends, and what the plan makes of it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode, AttemptStatus
from questions.scheduling.models import Card, Review
from questions.scheduling.placement import MAX_QUESTIONS, MIN_QUESTIONS
from questions.study import placement
from questions.study import services as plans
from questions.study.agenda import agenda_of
from questions.tests.attempt_steps import key_of
from questions.tests.factories import (
    CardFactory,
    PlanTopicFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
    make_question,
)
from questions.types import UNKNOWN

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWNERS = ["user", "visitor"]


@pytest.fixture
def owner(request) -> Owner:
    kind = getattr(request, "param", "visitor")
    return Owner(user_id=UserFactory().pk) if kind == "user" else Owner(visitor=uuid.uuid4())


@pytest.fixture
def topics() -> list[Topic]:
    """Four topics with five questions each that are answered with one click."""
    topics = [TopicFactory() for _ in range(4)]
    for topic in topics:
        for _ in range(5):
            make_question("single_choice", topic=topic)
    return topics


def take(owner: Owner, *, knows: Topic | None = None) -> Attempt:
    """Take a placement test: right in one topic, "I don't know" in the others."""
    attempt = placement.start(owner=owner, at=NOON)
    while attempt.is_open:
        place = open_place(attempt)
        is_known = place.revision.question.topic == knows
        answer = key_of(place) if is_known else UNKNOWN
        attempts.record_response(response=place, answer=answer, at=NOON)
        attempt = placement.advance(attempt=attempt, at=NOON)
    return attempt


def open_place(attempt: Attempt) -> Response:
    return attempt.responses.unanswered().select_related("attempt", "revision__question__topic").get()


@pytest.mark.parametrize("owner", OWNERS, indirect=True)
def test_six_to_eight_questions_are_asked_one_by_one_and_none_twice(owner: Owner, topics) -> None:
    attempt = take(owner, knows=topics[0])
    asked = list(attempt.responses.values_list("revision__question", flat=True))
    assert (attempt.status, attempt.mode) == (AttemptStatus.SUBMITTED, AttemptMode.PLACEMENT)
    assert MIN_QUESTIONS <= len(set(asked)) == len(asked) <= MAX_QUESTIONS
    assert set(Question.objects.filter(pk__in=asked).values_list("topic", flat=True)) == {one.pk for one in topics}


def test_answers_are_first_answers_of_the_schedule(owner: Owner, topics) -> None:
    attempt = take(owner, knows=topics[0])
    ratings = dict(Review.objects.owned_by(owner).values_list("response__fraction", "rating"))
    assert ratings == {1.0: 3, 0.0: 1}
    assert Card.objects.owned_by(owner).count() == attempt.responses.count()


@pytest.mark.parametrize("owner", OWNERS, indirect=True)
def test_new_questions_of_known_topics_come_later(owner: Owner, topics) -> None:
    before = agenda_of(owner=owner, at=NOON)
    take(owner, knows=topics[0])
    agenda = agenda_of(owner=owner, at=NOON)
    known = {key for key in agenda.unseen if agenda.topic_of[key] == topics[0].pk}
    first = len(agenda.unseen) - len(known)
    assert known.isdisjoint(agenda.unseen[: first // 2])
    assert set(agenda.unseen) < set(before.unseen)
    assert agenda.known_shares[topics[0].pk].middle > agenda.known_shares[topics[1].pk].high - 0.2
    assert before.known_shares == {}


def test_without_a_placement_test_answers_do_not_change_the_order(owner: Owner, topics) -> None:
    before = agenda_of(owner=owner, at=NOON).unseen
    question = Question.objects.get(pk=before[0])
    attempt = attempts.start(owner=owner, questions=[question], mode="practice", title="", at=NOON)
    attempts.record_response(response=open_place(attempt), answer=UNKNOWN, at=NOON)
    agenda = agenda_of(owner=owner, at=NOON)
    assert (agenda.known_shares, agenda.unseen) == ({}, before[1:])


def test_later_first_answers_refine_the_estimate(owner: Owner, topics) -> None:
    take(owner)
    before = agenda_of(owner=owner, at=NOON)
    key = next(key for key in before.unseen if before.topic_of[key] == topics[1].pk)
    attempt = attempts.start(owner=owner, questions=[Question.objects.get(pk=key)], mode="practice", title="", at=NOON)
    place = open_place(attempt)
    attempts.record_response(response=place, answer=key_of(place), at=NOON)
    after = agenda_of(owner=owner, at=NOON)
    assert after.known_shares[topics[1].pk].middle > before.known_shares[topics[1].pk].middle


def test_only_new_one_click_questions_of_the_plan_are_asked() -> None:
    plan = StudyPlanFactory()
    topic = PlanTopicFactory(plan=plan).topic
    wanted = make_question("true_false", topic=topic)
    CardFactory(user=plan.user, question=make_question("single_choice", topic=topic))
    make_question("single_choice", topic=topic, status="draft")
    make_question("short_answer", topic=topic)
    make_question("single_choice")
    attempt = take(Owner(user_id=plan.user_id))
    assert [place.revision.question for place in attempt.responses.all()] == [wanted]


def test_running_test_is_resumed(owner: Owner, topics) -> None:
    attempt = placement.start(owner=owner, at=NOON)
    assert placement.start(owner=owner, at=NOON + timedelta(days=3)) == attempt
    assert attempt.responses.count() == 1
    assert placement.advance(attempt=attempt, at=NOON).responses.count() == 1


def test_it_can_be_taken_again_with_other_questions(owner: Owner, topics) -> None:
    first, second = take(owner), take(owner)
    asked = [set(one.responses.values_list("revision__question", flat=True)) for one in (first, second)]
    assert asked[0].isdisjoint(asked[1])


def test_nothing_to_ask_is_said(owner: Owner) -> None:
    make_question("open")
    with pytest.raises(plans.NothingToAsk):
        placement.start(owner=owner, at=NOON)
    assert not Attempt.objects.exists()


def test_somebody_elses_test_says_nothing(owner: Owner, topics) -> None:
    take(owner, knows=topics[0])
    assert agenda_of(owner=Owner(user_id=UserFactory().pk), at=NOON).known_shares == {}


def test_questions_that_are_quick_to_read_are_asked() -> None:
    topic = TopicFactory()
    quick = {make_question("single_choice", topic=topic).pk for _ in range(2)}
    for _ in range(2):
        make_question("single_choice", topic=topic, code="print()\n" * 20)
    attempt = placement.start(owner=Owner(visitor=uuid.uuid4()), at=NOON)
    assert attempt.responses.get().revision.question_id in quick
