"""Saving a plan, running sessions, undo, and setting questions aside."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.scheduling import reviews
from questions.scheduling.fsrs_memory import due_date
from questions.scheduling.models import Card, CardStatus, Review
from questions.scheduling.plan_models import StudyPlan
from questions.study import services as plans
from questions.tests.attempt_steps import key_of, wrong_answer_to
from questions.tests.factories import CardFactory, TopicFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def owner() -> Owner:
    return Owner(user_id=UserFactory().pk)


def save(owner: Owner, at: datetime = NOON, **changes) -> StudyPlan:
    given = {
        "interview_on": date(2026, 4, 1),
        "zone": "UTC",
        "minutes": 20,
        "weekdays_off": [],
        "dates_off": [],
        "retention": 0.9,
        "weights": {},
    } | changes
    return plans.save_plan(owner=owner, at=at, **given)


def session(owner: Owner, number: int = 3, at: datetime = NOON) -> Attempt:
    for _ in range(number):
        make_question("single_choice")
    return plans.start_session(owner=owner, at=at)


def answer(attempt: Attempt, position: int = 1, *, right: bool = True, at: datetime = NOON) -> Response:
    place = attempt.responses.get(position=position)
    given = key_of(place) if right else wrong_answer_to(place)
    return attempts.record_response(response=attempt.responses.get(position=position), answer=given, at=at)


class TestSave:
    def test_each_owner_has_one_plan(self, owner) -> None:
        topic = TopicFactory()
        save(owner)
        plan = save(owner, minutes=30, dates_off=[DAY], weekdays_off=[6, 5], weights={topic.pk: 3})
        assert StudyPlan.objects.get() == plan
        plan.refresh_from_db()
        assert (plan.minutes, plan.dates_off, plan.weekdays_off) == (30, ["2026-03-02"], [5, 6])
        assert list(plan.topics.values_list("topic", "weight")) == [(topic.pk, 3)]

    def test_pacing_restarts_only_if_the_date_or_the_topics_change(self, owner) -> None:
        topic = TopicFactory()
        assert save(owner).begun_on == DAY
        later = NOON + timedelta(days=3)
        assert save(owner, later, minutes=40).begun_on == DAY
        assert save(owner, later, weights={topic.pk: 2}).begun_on == DAY + timedelta(days=3)
        assert save(owner, NOON + timedelta(days=5), interview_on=None).begun_on == DAY + timedelta(days=5)

    def test_due_dates_move_with_the_retention(self, owner) -> None:
        card = CardFactory(user_id=owner.user_id, stability=50, due_on=date(2026, 4, 20))
        save(owner, retention=0.8)
        card.refresh_from_db()
        assert card.due_on == due_date(card.memory, 0.8) > date(2026, 4, 20)

    def test_a_visitors_plan_moves_to_an_account_that_has_none(self, owner) -> None:
        visitor, user = uuid.uuid4(), UserFactory()
        save(Owner(visitor=visitor))
        plans.claim(visitor=visitor, user=user)
        assert StudyPlan.objects.get().user_id == user.pk
        save(Owner(visitor=visitor), minutes=99)
        plans.claim(visitor=visitor, user=user)
        assert StudyPlan.objects.get().minutes == 20


class TestSession:
    def test_a_session_asks_todays_questions(self, owner) -> None:
        attempt = session(owner)
        assert (attempt.mode, attempt.responses.count()) == (AttemptMode.TODAY, 3)

    def test_only_one_session_runs_at_a_time(self, owner) -> None:
        assert session(owner) == plans.start_session(owner=owner, at=NOON + timedelta(hours=2))

    def test_a_session_of_an_earlier_day_ends_and_its_open_questions_are_asked_again(self, owner) -> None:
        old = session(owner)
        answer(old)
        new = plans.start_session(owner=owner, at=NOON + timedelta(days=1))
        old.refresh_from_db()
        assert not old.is_open
        assert old.responses.count() == 1
        assert new.responses.count() == 3

    def test_an_earlier_session_without_answers_is_deleted(self, owner) -> None:
        assert attempts.finish(attempt=session(owner), at=NOON) is None
        assert not Attempt.objects.exists()

    def test_no_question_left_raises(self, owner) -> None:
        attempt = session(owner, 1)
        answer(attempt)
        attempts.finish(attempt=attempt, at=NOON)
        with pytest.raises(plans.NothingToAsk):
            plans.start_session(owner=owner, at=NOON)

    def test_extra_minutes_exceed_the_plan(self, owner) -> None:
        save(owner, weekdays_off=[DAY.weekday()], weights={make_question().topic_id: 2})
        with pytest.raises(plans.NothingToAsk):
            plans.start_session(owner=owner, at=NOON)
        assert plans.start_session(owner=owner, at=NOON, minutes=10).responses.count() == 1

    def test_questions_answered_elsewhere_today_are_not_asked(self, owner) -> None:
        question = make_question("single_choice")
        quiz = attempts.start(owner=owner, questions=[question], mode="practice", title="T", at=NOON)
        answer(quiz)
        attempt = session(owner, 1)
        assert question not in Question.objects.filter(revisions__responses__attempt=attempt)


class TestUndo:
    def test_the_question_is_asked_again_at_the_end(self, owner) -> None:
        attempt = session(owner)
        given = answer(attempt, right=False)
        again = plans.undo(owner=owner, response=given, at=NOON)
        assert again is not None and again.position == 4
        assert again.revision == given.revision
        assert not Review.objects.counting().exists()
        answer(attempt, 4)
        assert Review.objects.counting().get().response == again

    def test_undo_after_the_session_changes_only_the_schedule(self, owner) -> None:
        attempt = session(owner)
        given = answer(attempt)
        attempts.finish(attempt=attempt, at=NOON)
        assert plans.undo(owner=owner, response=given, at=NOON) is None
        assert attempt.responses.count() == 1

    def test_an_open_answer_without_marks_is_the_last_one(self, owner) -> None:
        attempt = session(owner, 1)
        answer(attempt)
        quiz = attempts.start(owner=owner, questions=[make_question("open")], mode="practice", title="T", at=NOON)
        open_answer = answer(quiz, at=NOON + timedelta(minutes=1))
        assert plans.last_answer(owner=owner, at=NOON + timedelta(minutes=2)) == open_answer
        with pytest.raises(reviews.NothingToUndo):
            plans.undo(owner=owner, response=attempt.responses.get(), at=NOON + timedelta(minutes=2))
        assert plans.undo(owner=owner, response=open_answer, at=NOON + timedelta(minutes=2)) is None
        assert Review.objects.counting().count() == 1
        assert plans.last_answer(owner=owner, at=NOON + timedelta(minutes=2)) == attempt.responses.get()

    def test_an_open_answer_is_asked_again_and_marks_for_the_undone_one_do_not_count(self, owner) -> None:
        make_question("open")
        attempt = session(owner, 0)
        again = plans.undo(owner=owner, response=answer(attempt), at=NOON)
        assert again is not None and again.position == 2
        attempts.assess(attempt=attempt, position=1, met=[0])
        assert not Review.objects.counting().exists()
        assert plans.last_answer(owner=owner, at=NOON) is None
        answer(attempt, 2)
        attempts.assess(attempt=attempt, position=2, met=[0])
        assert Review.objects.counting().get().response == again

    def test_answers_are_undone_one_after_the_other_the_last_first(self, owner) -> None:
        attempt = session(owner)
        given = [answer(attempt, place, at=NOON + timedelta(minutes=place)) for place in (1, 2, 3)]
        for response in reversed(given):
            assert plans.last_answer(owner=owner, at=NOON + timedelta(hours=1)) == response
            plans.undo(owner=owner, response=response, at=NOON + timedelta(hours=1))
        assert plans.last_answer(owner=owner, at=NOON + timedelta(hours=1)) is None

    def test_a_second_answer_of_the_day_and_an_exam_in_progress_are_not_the_last_one(self, owner) -> None:
        attempt = session(owner, 1)
        first = answer(attempt)
        question = first.revision.question
        for mode in ("practice", "exam"):
            quiz = attempts.start(owner=owner, questions=[question], mode=mode, title="T", at=NOON)
            answer(quiz, at=NOON + timedelta(minutes=1))
        assert plans.last_answer(owner=owner, at=NOON + timedelta(minutes=2)) == first
        assert plans.last_answer(owner=owner, at=NOON + timedelta(days=2)) is None


class TestSetAside:
    @pytest.mark.parametrize("status", [CardStatus.SUSPENDED, CardStatus.KNOWN])
    def test_a_question_set_aside_is_not_asked_until_reactivated(self, owner, status) -> None:
        question = make_question("single_choice")
        card = plans.set_aside(owner=owner, question=question, status=status)
        plans.set_aside(owner=owner, question=question, status=status)
        with pytest.raises(plans.NothingToAsk):
            plans.start_session(owner=owner, at=NOON + timedelta(days=9))
        plans.reactivate(card=card, at=NOON)
        assert plans.start_session(owner=owner, at=NOON)

    def test_a_skipped_question_comes_back_tomorrow(self, owner) -> None:
        plans.set_aside(owner=owner, question=make_question("single_choice"), bury_on=DAY)
        with pytest.raises(plans.NothingToAsk):
            plans.start_session(owner=owner, at=NOON)
        assert plans.start_session(owner=owner, at=NOON + timedelta(hours=16))

    def test_a_skipped_question_can_be_restored_and_keeps_its_misses(self, owner) -> None:
        question = make_question("single_choice")
        card = CardFactory(user_id=owner.user_id, question=question, misses=3, due_on=DAY, buried_on=DAY)
        assert list(Card.objects.owned_by(owner).set_aside(DAY)) == [card]
        assert not Card.objects.owned_by(owner).set_aside(DAY + timedelta(days=1)).exists()
        plans.reactivate(card=card, at=NOON)
        card.refresh_from_db()
        assert (card.buried_on, card.misses, card.taken_up_at) == (None, 3, None)
        assert plans.start_session(owner=owner, at=NOON)

    def test_a_reactivated_leech_starts_without_misses(self, owner) -> None:
        question = make_question("single_choice")
        for number in range(8):
            at = NOON + timedelta(days=number)
            attempt = attempts.start(owner=owner, questions=[question], mode="practice", title="T", at=at)
            answer(attempt, right=False, at=at)
        card = Card.objects.get()
        assert card.status == CardStatus.LEECH
        plans.reactivate(card=card, at=NOON + timedelta(days=7, hours=1))
        reviews.rebuild_cards(owner=owner, questions=[question.pk])
        card.refresh_from_db()
        assert (card.status, card.misses) == (CardStatus.ACTIVE, 0)

    def test_skipping_leaves_no_gap_in_the_session(self, owner) -> None:
        attempt = session(owner)
        first, _second, last = attempt.responses.all()
        plans.skip(attempt=attempt, position=1, at=NOON)
        assert list(attempt.responses.values_list("position", flat=True)) == [1, 2]
        assert attempt.responses.get(position=1) == last
        assert not Response.objects.filter(pk=first.pk).exists()

    def test_answered_questions_cannot_be_skipped(self, owner) -> None:
        attempt = session(owner)
        answer(attempt)
        plans.skip(attempt=attempt, position=1, at=NOON)
        assert attempt.responses.count() == 3

    def test_an_ended_session_does_not_change(self, owner) -> None:
        attempt = session(owner)
        answer(attempt)
        attempts.finish(attempt=attempt, at=NOON)
        with pytest.raises(attempts.AttemptClosed):
            plans.skip(attempt=attempt, position=1, at=NOON)
