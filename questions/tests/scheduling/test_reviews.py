"""Recording answers as reviews, undoing them, rebuilding cards, and claiming a visitor's cards."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from questions.accounts.owners import Owner
from questions.attempts import regrading
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import Mode
from questions.scheduling import reviews
from questions.scheduling.fsrs_memory import Rating, memory_after
from questions.scheduling.models import Card, CardStatus, Review, SchedulerVersion
from questions.tests.factories import CardFactory, ReviewFactory, StudyPlanFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RIGHT, WRONG = {"chosen": [0]}, {"chosen": [1]}


@pytest.fixture
def owner() -> Owner:
    return Owner(user_id=UserFactory().pk)


@pytest.fixture
def question() -> Question:
    return make_question("single_choice")


def begin(owner: Owner, *questions: Question, mode: str = Mode.PRACTICE, at: datetime = NOON, **options) -> Attempt:
    return attempts.start(owner=owner, questions=questions, mode=mode, title="T", at=at, **options)


def give(owner: Owner, question: Question, answer=RIGHT, at: datetime = NOON, **options) -> Response:
    """Answer the question in a practice attempt of its own and return the response."""
    attempt = begin(owner, question, at=at)
    return attempts.record_response(response=attempt.responses.get(position=1), answer=answer, at=at, **options)


def ratings(owner: Owner) -> list[int]:
    return list(Review.objects.owned_by(owner).counting().order_by("at").values_list("rating", flat=True))


class TestRecordReviews:
    def test_an_answer_creates_a_review_and_a_card(self, owner, question) -> None:
        response = give(owner, question, confidence="sure", duration=timedelta(seconds=9))
        review = Review.objects.get()
        assert (review.response, review.question, review.day) == (response, question, date(2026, 3, 1))
        assert (review.rating, review.predicted, review.confidence) == (Rating.GOOD, None, "sure")
        card = Card.objects.get()
        assert card.owner == owner
        assert card.memory == memory_after(None, Rating.GOOD, date(2026, 3, 1))

    def test_only_the_first_answer_of_a_study_day_counts(self, owner, question) -> None:
        give(owner, question, WRONG)
        give(owner, question, RIGHT, at=NOON + timedelta(hours=15, minutes=59))  # 03:59, still the same study day
        assert ratings(owner) == [Rating.AGAIN]
        give(owner, question, RIGHT, at=NOON + timedelta(hours=16))
        assert ratings(owner) == [Rating.AGAIN, Rating.GOOD]
        assert Card.objects.get().reviewed_on == date(2026, 3, 2)

    def test_a_later_review_stores_the_predicted_recall(self, owner, question) -> None:
        give(owner, question)
        give(owner, question, at=NOON + 3 * DAY)
        predicted = Review.objects.get(day=date(2026, 3, 4)).predicted
        assert predicted is not None and 0.5 < predicted < 1

    def test_the_zone_of_the_plan_determines_the_study_day(self, owner, question) -> None:
        plan = StudyPlanFactory(user_id=owner.user_id, zone="Pacific/Kiritimati")
        give(owner, question, at=datetime(2026, 3, 1, 15, tzinfo=UTC))  # 05:00 of the next day there
        assert Review.objects.get().day == date(2026, 3, 2)
        plan.zone = "Pacific/Honolulu"  # westwards, back to the day before: no second review
        plan.save()
        give(owner, question, at=datetime(2026, 3, 2, 6, tzinfo=UTC))
        assert Review.objects.count() == 1

    def test_an_answer_before_the_last_review_is_saved_without_a_review(self, owner, question) -> None:
        give(owner, question)
        response = give(owner, question, WRONG, at=NOON - 2 * DAY)
        assert ratings(owner) == [Rating.GOOD]
        response.refresh_from_db()
        assert response.answer == WRONG

    def test_an_exam_creates_reviews_when_it_ends(self, owner, question) -> None:
        attempt = begin(owner, question, make_question("single_choice"), mode=Mode.EXAM)
        attempts.record_response(response=attempt.responses.get(position=1), answer=WRONG, at=NOON)
        attempts.record_response(response=attempt.responses.get(position=1), answer=RIGHT, at=NOON)
        assert not Review.objects.exists()
        attempts.submit(attempt=attempt, at=NOON)
        assert ratings(owner) == [Rating.GOOD]

    @pytest.mark.parametrize("end", ["look", "list"])
    def test_an_expired_exam_creates_reviews(self, owner, question, end) -> None:
        attempt = begin(owner, question, mode=Mode.EXAM, time_limit=timedelta(minutes=5))
        attempts.record_response(response=attempt.responses.get(position=1), answer=RIGHT, at=NOON)
        for _twice in range(2):
            if end == "look":
                attempts.close_if_due(attempt=Attempt.objects.get(), at=NOON + DAY)
            else:
                attempts.close_overdue(owner=owner, at=NOON + DAY)
        assert Review.objects.get().day == date(2026, 3, 1)

    def test_self_grading_creates_a_review_and_updates_it(self, owner) -> None:
        response = give(owner, make_question("open"), {"text": "Well.", "aloud": False})
        assert not Review.objects.exists()
        attempts.assess(attempt=response.attempt, position=1, met=[0, 1, 2, 3])
        assert ratings(owner) == [Rating.GOOD]
        attempts.assess(attempt=response.attempt, position=1, met=[])
        assert ratings(owner) == [Rating.AGAIN]
        assert Card.objects.get().memory == memory_after(None, Rating.AGAIN, date(2026, 3, 1))

    def test_sure_and_faster_than_the_median_is_easy(self, owner, question) -> None:
        others = [make_question("single_choice") for _ in range(3)]
        for one in [question, *others]:
            give(owner, one, duration=timedelta(seconds=30))
        give(owner, question, at=NOON + DAY, confidence="sure", duration=timedelta(seconds=10))
        assert ratings(owner)[-1] == Rating.EASY

    def test_eight_misses_make_a_leech(self, owner, question) -> None:
        for number in range(8):
            assert not Card.objects.with_status(CardStatus.LEECH).exists()
            give(owner, question, WRONG, at=NOON + number * DAY)
        assert Card.objects.get().status == CardStatus.LEECH

    def test_visitors_have_cards(self, question) -> None:
        visitor = Owner(visitor=uuid.uuid4())
        give(visitor, question)
        assert Card.objects.get().owner == visitor

    def test_a_concurrent_answer_in_another_attempt_is_no_error(self, owner, question, monkeypatch) -> None:
        real, calls = reviews._record_reviews, []

        def racing(*args):
            calls.append(args)
            if len(calls) == 1:
                raise IntegrityError
            return real(*args)

        monkeypatch.setattr(reviews, "_record_reviews", racing)
        give(owner, question)
        assert ratings(owner) == [Rating.GOOD]


class TestUndo:
    def test_undo_restores_the_schedule_and_keeps_the_answer(self, owner, question) -> None:
        give(owner, question)
        before = Card.objects.get().memory
        response = give(owner, question, WRONG, at=NOON + DAY)
        reviews.undo(owner=owner, response=response, at=NOON + DAY)
        assert Card.objects.get().memory == before
        assert Card.objects.get().misses == 0
        response.refresh_from_db()
        assert response.answer == WRONG

    def test_the_first_answer_to_a_question_can_be_undone_and_given_again(self, owner, question) -> None:
        reviews.undo(owner=owner, response=give(owner, question, WRONG), at=NOON)
        assert Card.objects.get().memory is None
        give(owner, question)
        assert ratings(owner) == [Rating.GOOD]

    def test_only_the_last_review_can_be_undone(self, owner, question) -> None:
        first = give(owner, question)
        give(owner, make_question("single_choice"), at=NOON + timedelta(minutes=1))
        with pytest.raises(reviews.NothingToUndo):
            reviews.undo(owner=owner, response=first, at=NOON)
        assert len(ratings(owner)) == 2

    def test_other_owners_reviews_cannot_be_undone(self, owner, question) -> None:
        response = give(owner, question)
        with pytest.raises(reviews.NothingToUndo):
            reviews.undo(owner=Owner(user_id=UserFactory().pk), response=response, at=NOON)

    def test_undoing_the_last_miss_reactivates_a_leech(self, owner, question) -> None:
        for number in range(8):
            response = give(owner, question, WRONG, at=NOON + number * DAY)
        reviews.undo(owner=owner, response=response, at=NOON + 8 * DAY)
        assert Card.objects.get().status == CardStatus.ACTIVE

    def test_an_undone_answer_that_is_graded_later_stays_undone(self, owner) -> None:
        response = give(owner, make_question("open"), {"text": "Well.", "aloud": False})
        attempts.assess(attempt=response.attempt, position=1, met=[0])
        reviews.undo(owner=owner, response=response, at=NOON)
        attempts.assess(attempt=response.attempt, position=1, met=[0, 1])
        assert ratings(owner) == []
        assert Card.objects.get().memory is None


class TestRebuildCards:
    def test_cards_are_rebuilt_from_reviews_alone(self, owner, question) -> None:
        for number, answer in enumerate([RIGHT, RIGHT, WRONG, RIGHT]):
            give(owner, question, answer, at=NOON + 4 * number * DAY)
        kept = Card.objects.get().memory
        Card.objects.all().delete()
        reviews.rebuild_cards(owner=owner, questions=[question.pk])
        assert Card.objects.get().memory == kept

    def test_a_card_with_other_weights_is_rebuilt_before_use(self, owner, question) -> None:
        give(owner, question)
        expected = Card.objects.get().memory
        old = SchedulerVersion.objects.create(digest="old", algorithm="FSRS-5", weights=[1.0])
        Card.objects.update(scheduler=old, stability=99)
        give(owner, question, at=NOON + DAY)
        assert Card.objects.get().memory == memory_after(expected, Rating.GOOD, date(2026, 3, 2))
        assert Card.objects.get().scheduler.algorithm == "FSRS-6"

    def test_a_regrade_updates_the_review(self, owner, question) -> None:
        attempt = begin(owner, question, mode=Mode.EXAM)
        attempts.record_response(response=attempt.responses.get(position=1), answer=WRONG, at=NOON)
        attempts.submit(attempt=attempt, at=NOON)
        question.choices.update(weight=0)
        question.choices.filter(position=2).update(weight=1)
        plan = regrading.plan(question=Question.objects.get())
        by = UserFactory()
        regrading.apply(question=question, digest=plan.digest, expected=1, reason="The key was wrong.", by=by, at=NOON)
        assert ratings(owner) == [Rating.GOOD]
        assert Card.objects.get().memory == memory_after(None, Rating.GOOD, date(2026, 3, 1))


class TestClaim:
    def test_a_visitors_cards_and_reviews_move_to_the_account(self, question) -> None:
        user, visitor = UserFactory(), uuid.uuid4()
        give(Owner(visitor=visitor), question)
        reviews.claim(visitor=visitor, user=user)
        assert Card.objects.get().owner == Review.objects.get().owner == Owner(user_id=user.pk)

    def test_of_two_answers_on_one_day_the_earlier_counts(self, owner, question) -> None:
        visitor = uuid.uuid4()
        give(owner, question, RIGHT, at=NOON + timedelta(hours=1))
        give(Owner(visitor=visitor), question, WRONG, at=NOON)
        give(Owner(visitor=visitor), question, RIGHT, at=NOON + 2 * DAY)
        reviews.claim(visitor=visitor, user=Card.objects.get(user=owner.user_id).user)
        assert ratings(owner) == [Rating.AGAIN, Rating.GOOD]
        memory = memory_after(None, Rating.AGAIN, date(2026, 3, 1))
        assert Card.objects.get().memory == memory_after(memory, Rating.GOOD, date(2026, 3, 3))


class TestConstraints:
    @pytest.mark.parametrize("kind", ["user", "visitor"])
    def test_a_question_has_one_review_a_day_and_one_card(self, question, kind) -> None:
        owned = {"user": UserFactory()} if kind == "user" else {"user": None, "visitor": uuid.uuid4()}
        for factory in (ReviewFactory, CardFactory):
            factory(question=question, **owned)
            with pytest.raises(IntegrityError), transaction.atomic():
                factory(question=question, **owned)
        ReviewFactory(question=question, undone_at=NOON, **owned)

    @pytest.mark.parametrize("factory", [ReviewFactory, CardFactory, StudyPlanFactory])
    def test_every_row_has_exactly_one_owner(self, factory) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(visitor=uuid.uuid4())
        with pytest.raises(IntegrityError), transaction.atomic():
            factory(user=None)

    def test_a_memory_is_complete_or_empty(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CardFactory(due_on=None)
