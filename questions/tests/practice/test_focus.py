"""Focus queries: which questions they return, and in which order."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Response
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode, Status
from questions.practice.focus import FOCUSES, Focus, bookmarked, due, missed, sure_but_wrong, unseen
from questions.scheduling.models import Card, CardStatus
from questions.tests.factories import BookmarkFactory, CardFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
RIGHT, WRONG = 0, 1


@pytest.fixture(params=["user", "visitor"])
def owner(request) -> Owner:
    return Owner(user_id=UserFactory().pk) if request.param == "user" else Owner(visitor=uuid.uuid4())


@pytest.fixture
def questions() -> list[Question]:
    topic = make_question("single_choice").topic
    Question.objects.all().delete()
    return [make_question("single_choice", topic=topic) for _ in range(3)]


def answer(
    owner: Owner, question: Question, choice: int, *, after: int, mode: str = "practice", sure: str = ""
) -> None:
    """Answer the question in an attempt of its own, `after` minutes after NOW."""
    at = NOW + timedelta(minutes=after)
    attempt = attempts.start(owner=owner, questions=[question], mode=mode, title="T", at=at)
    attempts.record_response(
        response=attempt.responses.get(position=1), answer={"chosen": [choice]}, confidence=sure, at=at
    )


def published():
    return Question.objects.published()


class TestMissed:
    def test_the_last_answer_counts_and_the_latest_miss_comes_first(self, owner: Owner, questions) -> None:
        first, second, third = questions
        answer(owner, first, WRONG, after=0)
        answer(owner, second, WRONG, after=1)
        answer(owner, third, RIGHT, after=2)
        assert list(missed(published(), owner)) == [second.pk, first.pk]
        answer(owner, second, RIGHT, after=3)
        answer(owner, third, WRONG, after=4)
        assert list(missed(published(), owner)) == [third.pk, first.pk]

    def test_an_earlier_revision_counts_as_the_same_question(self, owner: Owner, questions) -> None:
        question = questions[0]
        answer(owner, question, WRONG, after=0)
        question.stem = "Said better?"
        question.save()
        assert list(missed(published(), owner)) == [question.pk]
        answer(owner, question, RIGHT, after=1)
        assert not missed(published(), owner)

    def test_partial_credit_is_a_miss(self, owner: Owner, questions) -> None:
        answer(owner, questions[0], RIGHT, after=0)
        Response.objects.update(fraction=0.9)
        assert list(missed(published(), owner)) == [questions[0].pk]

    def test_unanswered_and_ungraded_questions_are_no_mistakes(self, owner: Owner, questions) -> None:
        attempts.start(owner=owner, questions=questions, mode="practice", title="T", at=NOW)
        open_one = make_question("open")
        attempt = attempts.start(owner=owner, questions=[open_one], mode="practice", title="T", at=NOW)
        attempts.record_response(
            response=attempt.responses.get(position=1), answer={"text": "So.", "aloud": False}, at=NOW
        )
        assert not missed(published(), owner)

    @pytest.mark.parametrize("mode", [AttemptMode.EXAM, AttemptMode.INTERVIEW])
    def test_a_running_exam_reveals_nothing(self, owner: Owner, questions, mode: str) -> None:
        answer(owner, questions[0], WRONG, after=0, mode=mode, sure="sure")
        assert not missed(published(), owner)
        assert not sure_but_wrong(published(), owner)
        attempt = Response.objects.get().attempt
        attempts.submit(attempt=attempt, at=NOW + timedelta(hours=1))
        assert list(missed(published(), owner)) == list(sure_but_wrong(published(), owner)) == [questions[0].pk]

    def test_a_right_answer_in_a_running_exam_reveals_nothing(self, owner: Owner, questions) -> None:
        answer(owner, questions[0], WRONG, after=0)
        answer(owner, questions[0], RIGHT, after=1, mode=AttemptMode.EXAM)
        assert list(missed(published(), owner)) == [questions[0].pk]


class TestSureButWrong:
    def test_a_sure_miss_counts_until_it_is_answered_right(self, owner: Owner, questions) -> None:
        first, second, third = questions
        answer(owner, first, WRONG, after=0, sure="sure")
        answer(owner, second, WRONG, after=1, sure="unsure")
        answer(owner, third, WRONG, after=2, sure="sure")
        assert list(sure_but_wrong(published(), owner)) == [third.pk, first.pk]
        answer(owner, first, WRONG, after=3, sure="guess")
        assert list(sure_but_wrong(published(), owner)) == [third.pk, first.pk]
        answer(owner, third, RIGHT, after=4, sure="guess")
        assert list(sure_but_wrong(published(), owner)) == [first.pk]

    def test_a_miss_after_a_right_answer_counts(self, owner: Owner, questions) -> None:
        answer(owner, questions[0], RIGHT, after=0, sure="sure")
        answer(owner, questions[0], WRONG, after=1, sure="sure")
        assert list(sure_but_wrong(published(), owner)) == [questions[0].pk]


class TestUnseen:
    def test_questions_that_were_asked_are_seen_even_if_unanswered(self, owner: Owner, questions) -> None:
        first, second, third = questions
        attempts.start(owner=owner, questions=[second], mode=AttemptMode.EXAM, title="T", at=NOW)
        assert set(unseen(published(), owner)) == {first.pk, third.pk}
        second.stem = "Said better?"
        second.save()
        assert set(unseen(published(), owner)) == {first.pk, third.pk}

    def test_a_new_owner_has_seen_nothing(self, questions) -> None:
        assert set(unseen(published(), Owner())) == {question.pk for question in questions}


class TestDue:
    def test_cards_are_due_from_their_day_on_longest_overdue_first(self, owner: Owner, questions) -> None:
        for question, days in zip(questions, (0, -3, 1), strict=True):
            CardFactory(**owner.fields, question=question, due_on=DAY + timedelta(days=days))
        assert list(due(published(), owner, DAY)) == [questions[1].pk, questions[0].pk]

    @pytest.mark.parametrize("status", [CardStatus.SUSPENDED, CardStatus.KNOWN, CardStatus.LEECH])
    def test_questions_set_aside_are_not_due(self, owner: Owner, questions, status: str) -> None:
        CardFactory(**owner.fields, question=questions[0], due_on=DAY, status=status)
        assert not due(published(), owner, DAY)

    def test_a_skipped_question_is_due_the_next_day(self, owner: Owner, questions) -> None:
        CardFactory(**owner.fields, question=questions[0], due_on=DAY, buried_on=DAY)
        assert not due(published(), owner, DAY)
        assert list(due(published(), owner, DAY + timedelta(days=1))) == [questions[0].pk]


def test_bookmarked_questions_come_latest_first(owner: Owner, questions) -> None:
    for question, minutes in zip(questions[:2], (5, 9), strict=True):
        BookmarkFactory(**owner.fields, question=question, marked_at=NOW + timedelta(minutes=minutes))
    assert list(bookmarked(published(), owner)) == [questions[1].pk, questions[0].pk]


class TestEveryFocus:
    @pytest.fixture
    def known(self, questions) -> Owner:
        """Return an owner for whom every focus except "unseen" contains every question."""
        owner = Owner(user_id=UserFactory().pk)
        for question in questions:
            answer(owner, question, WRONG, after=0, sure="sure")
            BookmarkFactory(**owner.fields, question=question)
        Card.objects.update(due_on=DAY)
        return owner

    @pytest.mark.parametrize("focus", Focus)
    def test_it_is_one_query(self, known: Owner, questions, focus: str, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            found = set(FOCUSES[focus](published(), known, DAY))
        assert found == (set() if focus == Focus.UNSEEN else {question.pk for question in questions})

    @pytest.mark.parametrize("focus", Focus)
    def test_only_published_questions_of_the_topic_are_asked(self, known: Owner, questions, focus: str) -> None:
        elsewhere = Topic.objects.exclude(pk=questions[0].topic_id).values_list("slug", flat=True)
        assert not FOCUSES[focus](published().in_topics([*elsewhere, "none"]), known, DAY)
        questions[0].status = Status.RETIRED
        questions[0].save()
        assert questions[0].pk not in FOCUSES[focus](published(), known, DAY)

    @pytest.mark.parametrize("focus", [focus for focus in Focus if focus != Focus.UNSEEN])
    @pytest.mark.parametrize("other", [Owner(), Owner(visitor=uuid.uuid4())])
    def test_other_owners_rows_do_not_count(self, known: Owner, focus: str, other: Owner) -> None:
        for somebody in (other, Owner(user_id=UserFactory().pk)):
            assert not FOCUSES[focus](published(), somebody, DAY)
