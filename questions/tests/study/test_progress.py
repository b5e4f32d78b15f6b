"""Progress report on small data that can be checked by hand."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import Confidence, Status
from questions.scheduling.fsrs_memory import Memory, Rating, recall
from questions.scheduling.models import CardStatus, Review
from questions.scheduling.plan_models import StudyPlan
from questions.scheduling.readiness import Record, forecast_range
from questions.study import ProgressReport, progress_report
from questions.study.percentages import Share
from questions.tests.factories import (
    CardFactory,
    PlanTopicFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 12)  # a Thursday
NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
LEARNED = date(2026, 3, 1)
STABILITY = 20.0


@pytest.fixture
def user():
    return UserFactory()


def report(user, at: datetime = NOON) -> ProgressReport:
    return progress_report(Owner(user_id=user.pk), at=at)


def cards(user, topic: Topic, number: int, **fields: Any) -> list[Question]:
    """Create that many published questions of the topic, with cards reviewed on LEARNED."""
    questions = QuestionFactory.create_batch(number, topic=topic)
    fields = {"stability": STABILITY, "reviewed_on": LEARNED} | fields
    for question in questions:
        CardFactory(user=user, question=question, **fields)
    return questions


def without_memory() -> dict[str, None]:
    """Return the fields of a card that was set aside before any review."""
    return dict.fromkeys(["stability", "difficulty", "reviewed_on", "due_on", "state"])


def reviews(user, number: int, **fields: Any) -> list[Review]:
    """Create that many reviews, each of its own question and on TODAY unless the fields say otherwise."""
    fields = {"day": TODAY, "at": NOON} | fields
    return [ReviewFactory(user=user, **fields) for _ in range(number)]


def expected_recall(day: date) -> float:
    return recall(Memory(STABILITY, 2.1, LEARNED, LEARNED, 2), day)


class TestReadiness:
    def test_the_forecast_is_for_the_day_of_the_interview(self, user) -> None:
        topic = TopicFactory()
        interview = TODAY + timedelta(days=30)
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=interview), topic=topic)
        cards(user, topic, 3)
        QuestionFactory(topic=topic)
        found = report(user)
        known = expected_recall(interview)
        wanted = forecast_range([known] * 3, total=4, record=Record(0, 0.0, 0.0, 0.0))
        assert found.interview_on == interview
        assert found.forecast.middle == round(100 * wanted.middle) == round(75 * known)
        assert (found.forecast.low, found.forecast.high) == (round(100 * wanted.low), round(100 * wanted.high))
        assert (found.forecast.seen, found.forecast.of, found.forecast.unseen) == (3, 4, 1)

    def test_a_topics_range_counts_only_its_share_of_the_reviews(self, user) -> None:
        plan = StudyPlanFactory(user=user, interview_on=TODAY + timedelta(days=30))
        topics = [PlanTopicFactory(plan=plan).topic for _ in range(2)]
        for topic in topics:
            cards(user, topic, 10)
        reviews(user, 10, predicted=0.8, rating=Rating.GOOD)
        known, record = expected_recall(plan.interview_on), Record(5, 8.0, 10.0, 1.6)
        wanted = forecast_range([known] * 10, total=10, record=record)
        found = report(user).topics[0].forecast
        assert (found.low, found.high) == (round(100 * wanted.low), round(100 * wanted.high))

    @pytest.mark.parametrize("interview", [None, TODAY - timedelta(days=1)])
    def test_without_an_interview_ahead_it_is_for_today(self, user, interview: date | None) -> None:
        topic = TopicFactory()
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=interview), topic=topic)
        cards(user, topic, 1)
        found = report(user)
        assert found.interview_on is None
        assert found.forecast.middle == round(100 * expected_recall(TODAY))

    def test_an_interview_today_is_ahead(self, user) -> None:
        StudyPlanFactory(user=user, interview_on=TODAY)
        assert report(user).interview_on == TODAY

    def test_suspended_and_known_are_counted_separately_and_leeches_are_not(self, user) -> None:
        topic = TopicFactory()
        cards(user, topic, 2)
        cards(user, topic, 1, status=CardStatus.LEECH)
        cards(user, topic, 1, status=CardStatus.SUSPENDED)
        cards(user, topic, 2, status=CardStatus.KNOWN, **without_memory())
        [entry] = report(user).topics
        assert (entry.forecast.seen, entry.forecast.of) == (3, 3)
        assert (entry.known, entry.suspended) == (2, 1)
        assert entry.seen == Share(4, 6)

    def test_unpublished_questions_are_left_out(self, user) -> None:
        topic = TopicFactory()
        cards(user, topic, 1)
        [retired] = cards(user, topic, 1)
        Question.objects.filter(pk=retired.pk).update(status=Status.RETIRED)
        [entry] = report(user).topics
        assert (entry.seen, entry.forecast.of) == (Share(1, 1), 1)

    def test_topics_of_the_plan_are_listed_in_reading_order(self, user) -> None:
        second, first, other = (TopicFactory(position=place) for place in (902, 901, 903))
        plan = StudyPlanFactory(user=user)
        for topic in (second, first):
            PlanTopicFactory(plan=plan, topic=topic)
        cards(user, other, 2)
        cards(user, second, 1)
        found = report(user)
        assert [entry.topic for entry in found.topics] == [first, second]
        assert found.forecast.of == 1

    def test_without_a_plan_topics_with_cards_are_listed(self, user) -> None:
        TopicFactory()
        topic = TopicFactory()
        cards(user, topic, 1)
        assert [entry.topic for entry in report(user).topics] == [topic]

    def test_a_topic_without_questions_forecasts_nothing(self, user) -> None:
        PlanTopicFactory(plan=StudyPlanFactory(user=user), topic=TopicFactory())
        [entry] = report(user).topics
        assert (entry.forecast.of, entry.forecast.middle, entry.seen.percent) == (0, 0, None)

    def test_past_overconfidence_lowers_the_forecast(self, user) -> None:
        topic = TopicFactory()
        cards(user, topic, 10)
        before = report(user).forecast.middle
        reviews(user, 40, predicted=0.9, rating=Rating.AGAIN, fraction=0)
        assert report(user).forecast.middle < before


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
