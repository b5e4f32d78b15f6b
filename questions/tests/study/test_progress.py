"""Progress report on small data that can be checked by hand."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.bank.models.questions import Question
from questions.enums import Confidence, Status
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review
from questions.scheduling.plan_models import StudyPlan
from questions.study import progress_report
from questions.study.percentages import Share
from questions.tests.factories import (
    CardFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
)
from questions.tests.study.progress_data import (
    LEARNED,
    NOON,
    STABILITY,
    TODAY,
    cards,
    report,
    reviews,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


class TestCalibration:
    def test_groups_count_reviews_by_predicted_recall(self, user) -> None:
        for predicted, rating in [
            *((0.0, Rating.AGAIN), (0.49, Rating.HARD), (0.5, Rating.AGAIN), (0.7, Rating.GOOD), (0.79, Rating.AGAIN)),
            *((0.8, Rating.EASY), (0.9, Rating.AGAIN), (1.0, Rating.GOOD), (None, Rating.GOOD)),
        ]:
            reviews(user, 1, predicted=predicted, rating=rating)
        found = [
            (g.record.answers, round(g.record.predicted, 2), g.record.remembered)
            for g in report(user).calibration.groups
        ]
        assert found == [(2, 0.49, 1), (1, 0.5, 0), (2, 1.49, 1), (1, 0.8, 1), (2, 1.9, 1)]

    def test_variance_is_the_sum_of_bernoulli_variances(self, user) -> None:
        reviews(user, 2, predicted=0.75)
        reviews(user, 1, predicted=0.6)
        assert report(user).calibration.record.variance == pytest.approx(2 * 0.75 * 0.25 + 0.6 * 0.4)

    def test_undone_reviews_and_other_owners_reviews_do_not_count(self, user) -> None:
        reviews(user, 1, predicted=0.8, undone_at=NOON, confidence=Confidence.SURE)
        reviews(UserFactory(), 1, predicted=0.8, confidence=Confidence.SURE)
        found = report(user)
        assert found.calibration.verdict == "none"
        assert found.calibration.record.answers == 0
        assert not found.has_confidence
        assert found.activity.answers == 0


class TestConfidence:
    def test_only_full_credit_counts_as_right(self, user) -> None:
        reviews(user, 3, confidence=Confidence.SURE, fraction=1)
        reviews(user, 1, confidence=Confidence.SURE, fraction=0.9)
        reviews(user, 1, confidence=Confidence.GUESS, fraction=1)
        reviews(user, 1, confidence="", fraction=1)
        found = report(user)
        assert [(said.confidence, said.right) for said in found.confidence] == [
            (Confidence.SURE, Share(3, 4)),
            (Confidence.UNSURE, Share(0, 0)),
            (Confidence.GUESS, Share(1, 1)),
        ]
        assert found.sure == Share(3, 4)
        assert found.has_confidence

    def test_sure_but_wrong_lists_the_latest_first(self, user) -> None:
        wrong = {"confidence": Confidence.SURE, "fraction": 0, "rating": Rating.AGAIN}
        older = reviews(user, 1, day=TODAY - timedelta(days=2), **wrong)
        newer = reviews(user, 12, day=TODAY - timedelta(days=1), **wrong)
        found = report(user).sure_but_wrong
        assert found == list(reversed(newer))[:10]
        assert older[0] not in found

    @pytest.mark.parametrize(
        "harmless",
        [
            {"confidence": Confidence.UNSURE, "fraction": 0},
            {"confidence": Confidence.SURE, "fraction": 1},
            {"fraction": 0},
        ],
    )
    def test_only_sure_and_wrong_answers_are_listed(self, user, harmless: dict[str, Any]) -> None:
        reviews(user, 1, **harmless)
        assert report(user).sure_but_wrong == []

    def test_a_later_answer_removes_the_question_from_the_list(self, user) -> None:
        question = QuestionFactory()
        wrong = {"question": question, "confidence": Confidence.SURE, "fraction": 0.5}
        reviews(user, 1, day=TODAY - timedelta(days=3), **wrong)
        [last] = reviews(user, 1, day=TODAY - timedelta(days=2), **wrong)
        reviews(UserFactory(), 1, question=question)
        assert report(user).sure_but_wrong == [last]
        [later] = reviews(user, 1, question=question)
        assert report(user).sure_but_wrong == []
        Review.objects.filter(pk=later.pk).update(undone_at=NOON)
        assert report(user).sure_but_wrong == [last]

    def test_retired_questions_are_not_listed(self, user) -> None:
        reviews(user, 1, confidence=Confidence.SURE, fraction=0)
        Question.objects.update(status=Status.RETIRED)
        assert report(user).sure_but_wrong == []


class TestTime:
    def test_each_answer_counts_for_five_minutes_at_most(self, user) -> None:
        reviews(user, 1, duration=timedelta(minutes=4), day=TODAY - timedelta(days=7))
        reviews(user, 1, duration=timedelta(minutes=3))
        reviews(user, 1, duration=timedelta(hours=9), day=TODAY - timedelta(days=6))
        reviews(user, 1, duration=None)
        found = report(user).activity
        assert (found.minutes_of_week, found.minutes, found.answers) == (8, 12, 4)

    def test_a_day_without_any_duration_has_no_time(self, user) -> None:
        reviews(user, 2, duration=None)
        assert report(user).activity.days[TODAY].time == timedelta()

    def test_todays_date_is_the_study_day_in_the_plans_zone(self, user) -> None:
        StudyPlanFactory(user=user, zone="Pacific/Auckland")
        assert report(user).activity.today == TODAY  # 1 o'clock of the 13th there, before the day rolls over
        assert report(user, NOON + timedelta(hours=4)).activity.today == TODAY + timedelta(days=1)

    def test_without_a_plan_the_requests_zone_counts(self, user) -> None:
        with timezone.override("Pacific/Auckland"):
            assert report(user, NOON + timedelta(hours=4)).activity.today == TODAY + timedelta(days=1)

    def test_days_off_of_the_plan_do_not_end_a_streak(self, user) -> None:
        StudyPlanFactory(user=user, weekdays_off=[6], dates_off=["2026-03-09"])
        for day in (7, 10, 11, 12):  # Saturday; then Sunday and the 9th off; then Tuesday
            reviews(user, 1, day=date(2026, 3, day))
        longest = report(user).activity.longest_streak
        assert (longest.first, longest.last, longest.days) == (date(2026, 3, 7), TODAY, 4)


class TestOwners:
    def test_a_visitors_progress_is_separate(self, user) -> None:
        visitor = uuid.uuid4()
        topic = TopicFactory()
        question = QuestionFactory(topic=topic)
        CardFactory(user=None, visitor=visitor, question=question, stability=STABILITY, reviewed_on=LEARNED)
        ReviewFactory(user=None, visitor=visitor, question=question, predicted=0.8, confidence=Confidence.SURE)
        cards(user, topic, 2)
        reviews(user, 5, predicted=0.8)
        found = progress_report(Owner(visitor=visitor), at=NOON)
        assert found.forecast.seen == 1
        assert found.calibration.record.answers == 1
        assert found.sure == Share(1, 1)
        assert found.activity.answers == 1

    def test_an_owner_without_reviews_has_an_empty_report(self) -> None:
        reviews(UserFactory(), 1)
        StudyPlanFactory()
        found = progress_report(Owner(), at=NOON)
        assert StudyPlan.objects.exists()
        assert (found.plan, found.topics, found.activity.answers) == (None, [], 0)
        assert (found.forecast.of, found.calibration.verdict, found.sure_but_wrong) == (0, "none", [])
