"""Services for attempts: start, record, assess, end, claim."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.draft_models import PageSave
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import TRANSITIONS, AttemptMode, AttemptStatus, Mode
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
LIMIT = timedelta(minutes=10)


def visitor() -> Owner:
    return Owner(visitor=uuid.uuid4())


def start(*questions: Question, mode: str = Mode.PRACTICE, owner: Owner | None = None, **options) -> Attempt:
    asked = questions or (make_question("single_choice"),)
    return attempts.start(owner=owner or visitor(), questions=asked, mode=mode, title="T", at=NOW, **options)


def record(attempt: Attempt, answer: dict, *, at: datetime = LATER, position: int = 1, **options) -> Response:
    return attempts.record_response(response=attempt.responses.get(position=position), answer=answer, at=at, **options)


def key_of(response: Response) -> dict:
    item = response.revision.item()
    return types.get(item.type).key(item)


class TestStart:
    def test_every_question_gets_a_position_a_revision_and_an_order(self) -> None:
        questions = [make_question(name) for name in types.names()]
        attempt = start(*questions)
        responses = list(attempt.responses.select_related("revision"))
        assert [response.position for response in responses] == list(range(1, len(questions) + 1))
        assert [response.revision.question_id for response in responses] == [question.pk for question in questions]
        assert sorted(responses[0].option_order) == list(range(len(responses[0].revision.item().options)))

    def test_deadline_is_set_at_the_start(self) -> None:
        assert start(time_limit=LIMIT).deadline_at == NOW + LIMIT
        assert start().deadline_at is None

    def test_repeated_request_starts_one_attempt(self) -> None:
        owner, request = visitor(), uuid.uuid4()
        assert start(owner=owner, public_id=request) == start(owner=owner, public_id=request)

    def test_id_of_another_owner_starts_a_new_attempt(self) -> None:
        request = uuid.uuid4()
        theirs, mine = start(public_id=request), start(public_id=request)
        assert mine != theirs
        assert mine.visitor != theirs.visitor

    def test_deadline_before_the_start_is_refused(self) -> None:
        with pytest.raises(IntegrityError, match="attempt_deadline_after_start"):
            start(time_limit=-LIMIT)

    def test_attempt_without_questions_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one question"):
            attempts.start(owner=visitor(), questions=[], mode=Mode.PRACTICE, title="T", at=NOW)
        assert not Attempt.objects.exists()

    def test_start_has_a_fixed_number_of_queries(self, django_assert_num_queries) -> None:
        few, many = ([make_question("single_choice") for _ in range(number)] for number in (2, 20))
        with django_assert_num_queries(16):
            start(*few)
        with django_assert_num_queries(16):
            start(*many)


class TestRecordResponse:
    @pytest.mark.parametrize("name", [name for name in types.names() if types.get(name).machine_graded])
    def test_key_of_every_type_earns_1(self, name: str) -> None:
        attempt = start(make_question(name))
        response = record(attempt, key_of(attempt.responses.get()), confidence="sure", duration=timedelta(seconds=9))
        response.refresh_from_db()
        assert response.fraction == 1
        assert (response.confidence, response.answered_at, response.duration) == ("sure", LATER, timedelta(seconds=9))

    def test_identical_answer_changes_nothing(self) -> None:
        attempt = start()
        record(attempt, {"chosen": [1]})
        before = Response.objects.values().get()
        record(attempt, {"chosen": [1]}, at=LATER + timedelta(minutes=1))
        assert Response.objects.values().get() == before

    def test_explained_answer_is_final(self) -> None:
        attempt = start()
        record(attempt, {"chosen": [1]})
        with pytest.raises(attempts.AlreadyAnswered):
            record(attempt, {"chosen": [0]})
        assert Response.objects.get().answer == {"chosen": [1]}

    def test_exam_answer_can_be_changed(self) -> None:
        attempt = start(mode=Mode.EXAM)
        record(attempt, {"chosen": [1]}, duration=timedelta(seconds=5))
        response = record(attempt, {"chosen": [0]}, duration=timedelta(seconds=2))
        assert (response.answer, response.fraction, response.duration) == ({"chosen": [0]}, 1, timedelta(seconds=7))

    def test_late_response_is_refused(self) -> None:
        attempt = start(time_limit=LIMIT)
        with pytest.raises(attempts.AttemptClosed):
            record(attempt, {"chosen": [0]}, at=NOW + LIMIT + settings.DEADLINE_GRACE)
        assert not Response.objects.get().is_answered

    def test_response_within_the_grace_period_counts_as_of_the_deadline(self) -> None:
        attempt = start(time_limit=LIMIT)
        last_moment = NOW + LIMIT + settings.DEADLINE_GRACE - timedelta(microseconds=1)
        assert record(attempt, {"chosen": [0]}, at=last_moment).answered_at == NOW + LIMIT

    @pytest.mark.parametrize("mode", [Mode.EXAM, AttemptMode.INTERVIEW])
    def test_removed_answer_leaves_the_question_unanswered(self, mode: str) -> None:
        attempt = start(mode=mode)
        record(attempt, {"chosen": [0]}, confidence="sure")
        response = record(attempt, {})
        response.refresh_from_db()
        assert (response.answer, response.fraction, response.confidence) == (None, None, "")
        assert not response.is_answered

    def test_explained_answer_cannot_be_removed(self) -> None:
        attempt = start()
        record(attempt, {"chosen": [1]})
        with pytest.raises(attempts.AlreadyAnswered):
            record(attempt, {})
        assert Response.objects.get().answer == {"chosen": [1]}

    def test_save_that_a_later_one_of_its_page_has_overtaken_changes_nothing(self) -> None:
        attempt, page = start(mode=Mode.EXAM), uuid.uuid4()
        record(attempt, {"chosen": [0]}, page=PageSave(page, 6))
        for late in (5, 0):
            record(attempt, {"chosen": [1]}, page=PageSave(page, late))
        assert Response.objects.get().answer == {"chosen": [0]}
        record(attempt, {"chosen": [1]}, page=PageSave(uuid.uuid4()))
        assert Response.objects.get().answer == {"chosen": [1]}

    def test_saves_of_one_page_count_its_time_once(self) -> None:
        attempt, page = start(mode=Mode.EXAM), uuid.uuid4()
        for seconds in (10, 12, 14):
            record(
                attempt,
                {"chosen": [seconds % 4 // 2]},
                page=PageSave(page, seconds),
                at=NOW + timedelta(seconds=seconds),
                duration=timedelta(seconds=seconds),
            )
        assert Response.objects.get().duration == timedelta(seconds=14)

    @pytest.mark.parametrize("end", [attempts.submit, attempts.abandon])
    def test_response_after_the_end_is_refused(self, end) -> None:
        attempt = start()
        end(attempt=attempt, at=LATER)
        with pytest.raises(attempts.AttemptClosed):
            record(attempt, {"chosen": [0]})

    def test_only_the_answered_position_changes(self) -> None:
        attempt = start(make_question("single_choice"), make_question("single_choice"))
        record(attempt, {"chosen": [0]}, position=2)
        assert [response.is_answered for response in attempt.responses.all()] == [False, True]

    def test_asked_revision_is_graded(self) -> None:
        question = make_question("single_choice")
        attempt = start(question)
        key = key_of(attempt.responses.get())
        question.choices.update(weight=0)
        assert record(attempt, key).fraction == 1


class TestAssess:
    def open_attempt(self, mode: str = Mode.PRACTICE) -> Attempt:
        attempt = start(make_question("open"), mode=mode)
        record(attempt, {"text": "mine", "aloud": False})
        return attempt

    def test_own_marks_give_the_fraction(self) -> None:
        attempt = self.open_attempt()
        everything = key_of(attempt.responses.get())["met"]
        assert attempts.assess(attempt=attempt, position=1, met=everything).fraction == 1
        assert attempts.assess(attempt=attempt, position=1, met=[]).fraction == 0
        assert Response.objects.get().answer["text"] == "mine"

    def test_exam_is_assessed_only_after_its_end(self) -> None:
        attempt = self.open_attempt(Mode.EXAM)
        with pytest.raises(attempts.AttemptClosed):
            attempts.assess(attempt=attempt, position=1, met=[])
        attempts.submit(attempt=attempt, at=LATER)
        assert attempts.assess(attempt=attempt, position=1, met=[]).fraction == 0

    def test_unanswered_question_cannot_be_assessed(self) -> None:
        attempt = start(make_question("open"))
        with pytest.raises(Response.DoesNotExist):
            attempts.assess(attempt=attempt, position=1, met=[])

    def test_machine_graded_question_cannot_be_assessed(self) -> None:
        attempt = start()
        record(attempt, {"chosen": [1]})
        with pytest.raises(Response.DoesNotExist):
            attempts.assess(attempt=attempt, position=1, met=[0])


class TestEnd:
    def test_second_submit_keeps_the_first_time(self) -> None:
        attempt = start()
        attempts.submit(attempt=attempt, at=LATER)
        again = attempts.submit(attempt=attempt, at=LATER + LIMIT)
        assert (again.status, again.submitted_at) == (AttemptStatus.SUBMITTED, LATER)

    def test_late_submit_counts_as_expired(self) -> None:
        attempt = attempts.submit(attempt=start(time_limit=LIMIT), at=NOW + 2 * LIMIT)
        assert (attempt.status, attempt.submitted_at) == (AttemptStatus.EXPIRED, NOW + LIMIT)

    def test_saved_answers_are_handed_in_at_the_deadline(self) -> None:
        attempt = start(mode=Mode.EXAM, time_limit=LIMIT)
        record(attempt, {"chosen": [0]})
        attempts.close_if_due(attempt=attempt, at=NOW + LIMIT + settings.DEADLINE_GRACE)
        attempt.refresh_from_db()
        assert (attempt.status, attempt.submitted_at) == (AttemptStatus.EXPIRED, NOW + LIMIT)
        assert attempt.responses.get().fraction == 1

    def test_attempt_stays_open_until_the_grace_period_is_over(self) -> None:
        attempt = start(time_limit=LIMIT)
        last_moment = NOW + LIMIT + settings.DEADLINE_GRACE - timedelta(microseconds=1)
        assert attempts.close_if_due(attempt=attempt, at=last_moment).is_open

    def test_overdue_attempts_are_closed_at_their_deadlines(self, django_assert_num_queries) -> None:
        owner = visitor()
        limits = [LIMIT, 2 * LIMIT, 10 * LIMIT]
        started = [start(owner=owner, time_limit=limit) for limit in limits]
        with django_assert_num_queries(4):
            assert attempts.close_overdue(owner=owner, at=NOW + 3 * LIMIT) == 2
        for attempt in started:
            attempt.refresh_from_db()
        assert [attempt.submitted_at for attempt in started] == [NOW + LIMIT, NOW + 2 * LIMIT, None]

    def test_abandon_keeps_the_answers(self) -> None:
        attempt = start()
        record(attempt, {"chosen": [0]})
        assert attempts.abandon(attempt=attempt, at=LATER).status == AttemptStatus.ABANDONED
        assert attempt.responses.get().is_answered

    def test_ended_attempt_cannot_change_status(self) -> None:
        ended = set(AttemptStatus.values) - {AttemptStatus.IN_PROGRESS}
        assert all(TRANSITIONS[status] == frozenset() for status in ended)
        assert set(TRANSITIONS) == set(AttemptStatus.values)

    def test_abandon_after_submit_is_refused(self) -> None:
        attempt = attempts.submit(attempt=start(), at=LATER)
        with pytest.raises(attempts.IllegalTransition):
            attempts.abandon(attempt=attempt, at=LATER)


class TestClaim:
    def test_only_the_visitor_attempts_move_to_the_account(self) -> None:
        mine, other, user = visitor(), visitor(), UserFactory()
        first, second, theirs = start(owner=mine), start(owner=mine), start(owner=other)
        assert mine.visitor
        assert attempts.claim(visitor=mine.visitor, user=user) == 2
        assert set(Attempt.objects.owned_by(Owner(user_id=user.pk))) == {first, second}
        assert list(Attempt.objects.owned_by(other)) == [theirs]

    def test_empty_owner_owns_nothing(self) -> None:
        start()
        assert not Attempt.objects.owned_by(Owner()).exists()
