"""Estimate of how often missed questions are remembered, from the reviews of all candidates."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import Mode
from questions.scheduling import missed_recall
from questions.scheduling.estimate_models import MissedRecall
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review
from questions.scheduling.readiness import MIN_MISSED, MISSED_RECALL
from questions.tests.factories import ReviewFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
AGAIN, HARD, GOOD = Rating.AGAIN, Rating.HARD, Rating.GOOD


@pytest.fixture
def owner() -> Owner:
    return Owner(user_id=UserFactory().pk)


@pytest.fixture
def question() -> Question:
    return make_question()


def reviewed(owner: Owner, question: Question, ratings: list[Rating], *, first: date = DAY, **fields: Any) -> Attempt:
    """Return an attempt whose responses were reviewed with these ratings, one on each day from `first`."""
    places = [question] * len(ratings)
    attempt = attempts.start(owner=owner, questions=places, mode=Mode.PRACTICE, title="One", at=NOW)
    Review.objects.bulk_create(
        Review(
            **owner.fields,
            question=question,
            response=response,
            day=first + timedelta(days=number),
            at=NOW,
            rating=rating,
            fraction=float(rating > AGAIN),
            **fields,
        )
        for number, (response, rating) in enumerate(zip(attempt.responses.all(), ratings, strict=True))
    )
    return attempt


class TestCount:
    def test_only_the_review_after_a_miss_counts(self, owner: Owner, question: Question) -> None:
        reviewed(owner, question, [GOOD, AGAIN, HARD, GOOD, AGAIN, AGAIN, GOOD, AGAIN])
        assert missed_recall.count_after_misses() == (3, 2)

    def test_owners_and_questions_are_kept_apart(self, owner: Owner, question: Question) -> None:
        reviewed(owner, question, [AGAIN])
        reviewed(owner, make_question(), [GOOD], first=DAY + timedelta(days=1))
        others = [Owner(user_id=UserFactory().pk), Owner(visitor=uuid.uuid4()), Owner(visitor=uuid.uuid4())]
        for number, other in enumerate(others, 1):
            reviewed(other, question, [AGAIN], first=DAY + timedelta(days=number))
        assert missed_recall.count_after_misses() == (0, 0)

    def test_any_number_of_days_may_lie_between(self, question: Question) -> None:
        visitor = Owner(visitor=uuid.uuid4())
        reviewed(visitor, question, [GOOD], first=DAY + timedelta(days=90))
        reviewed(visitor, question, [AGAIN])
        assert missed_recall.count_after_misses() == (1, 1)

    def test_undone_reviews_do_not_exist(self, owner: Owner, question: Question) -> None:
        reviewed(owner, question, [AGAIN])
        reviewed(owner, question, [GOOD], first=DAY + timedelta(days=1), undone_at=NOW)
        assert missed_recall.count_after_misses() == (0, 0)
        reviewed(owner, question, [AGAIN], first=DAY + timedelta(days=2))
        assert missed_recall.count_after_misses() == (1, 0)

    def test_imported_reviews_are_left_out(self, owner: Owner, question: Question) -> None:
        imported = reviewed(owner, question, [AGAIN, GOOD, AGAIN])
        Attempt.objects.filter(pk=imported.pk).update(imported_at=NOW)
        reviewed(owner, question, [GOOD, AGAIN], first=DAY + timedelta(days=3))
        unlinked = {"user_id": owner.user_id, "question": question}
        ReviewFactory(**unlinked, day=DAY + timedelta(days=5), rating=GOOD)
        reviewed(owner, question, [GOOD], first=DAY + timedelta(days=6))
        assert missed_recall.count_after_misses() == (0, 0)


class TestUpdate:
    def test_the_default_is_saved_until_there_are_enough_reviews(self, owner: Owner, question: Question) -> None:
        reviewed(owner, question, [AGAIN] * MIN_MISSED)
        missed_recall.update(at=NOW)
        saved = MissedRecall.objects.get()
        assert (saved.share, saved.reviews, saved.computed_at) == (MISSED_RECALL, MIN_MISSED - 1, NOW)
        reviewed(owner, question, [GOOD], first=DAY + timedelta(days=MIN_MISSED))
        missed_recall.update(at=NOW + timedelta(days=1))
        saved = MissedRecall.objects.get()
        assert (saved.share, saved.reviews) == (pytest.approx(26 / 300), MIN_MISSED)

    def test_upkeep_updates_the_estimate(self, owner: Owner, question: Question, capsys) -> None:
        reviewed(owner, question, [AGAIN, GOOD])
        call_command("upkeep")
        assert MissedRecall.objects.get().reviews == 1
        assert "Recall of missed questions: 25%, from 1 reviews" in capsys.readouterr().out

    @pytest.mark.parametrize("wrong", [{"pk": 2}, {"share": 1.1}, {"share": -0.1}])
    def test_the_table_holds_one_share(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError):
            MissedRecall.objects.create(**{"share": 0.5, "reviews": 1, "computed_at": NOW} | wrong)
