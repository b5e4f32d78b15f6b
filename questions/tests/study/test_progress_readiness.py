"""Readiness in the progress report."""

from datetime import date, timedelta

import pytest

from questions.bank.models.questions import Question
from questions.enums import Status
from questions.scheduling.estimate_models import MissedRecall
from questions.scheduling.fsrs_memory import Rating, recall_after
from questions.scheduling.models import CardStatus
from questions.scheduling.readiness import Record, forecast_range
from questions.study.percentages import Share
from questions.tests.factories import (
    PlanTopicFactory,
    QuestionFactory,
    StudyPlanFactory,
    TopicFactory,
    UserFactory,
)
from questions.tests.study.progress_data import (
    NOON,
    STABILITY,
    TODAY,
    cards,
    expected_recall,
    report,
    reviews,
    without_memory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


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
    def test_without_an_interview_ahead_it_is_for_seven_days_from_today(self, user, interview: date | None) -> None:
        topic = TopicFactory()
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=interview), topic=topic)
        cards(user, topic, 1)
        found = report(user)
        assert found.interview_on is None
        assert found.forecast_on == TODAY + timedelta(days=7)
        assert found.forecast.middle == round(100 * expected_recall(found.forecast_on))

    def test_questions_last_answered_wrong_hardly_count(self, user) -> None:
        topic = TopicFactory()
        QuestionFactory.create_batch(29, topic=topic)
        questions = cards(user, topic, 4, reviewed_on=TODAY)
        for question in questions[:3]:
            reviews(user, 1, question=question, rating=Rating.AGAIN, fraction=0)
        reviews(user, 1, question=questions[3])
        found = report(user)
        assert (found.missed, found.forecast.seen, found.forecast.of) == (3, 4, 33)
        assert found.forecast.middle == round(100 * (3 * 0.25 + recall_after(7, STABILITY)) / 33) == 5

    def test_questions_last_answered_wrong_count_as_the_site_has_measured(self, user) -> None:
        topic = TopicFactory()
        questions = cards(user, topic, 4, reviewed_on=TODAY)
        for question in questions[:3]:
            reviews(user, 1, question=question, rating=Rating.AGAIN, fraction=0)
        reviews(user, 1, question=questions[3])
        assert (report(user).missed, report(user).missed_percent) == (3, 25)
        MissedRecall.objects.create(share=0.6, reviews=500, computed_at=NOON)
        found = report(user)
        assert (found.missed, found.missed_percent) == (3, 60)
        assert found.forecast.middle == round(100 * (3 * 0.6 + recall_after(7, STABILITY)) / 4)

    def test_the_last_answer_decides_whether_a_question_was_missed(self, user) -> None:
        topic = TopicFactory()
        learned, forgotten, undone = cards(user, topic, 3, reviewed_on=TODAY)
        wrong, before = {"rating": Rating.AGAIN, "fraction": 0}, {"day": TODAY - timedelta(days=1)}
        reviews(user, 1, question=learned, **wrong, **before)
        reviews(user, 1, question=learned)
        reviews(user, 1, question=forgotten, **before)
        reviews(user, 1, question=forgotten, **wrong)
        reviews(user, 1, question=undone, undone_at=NOON, **wrong)
        reviews(UserFactory(), 1, question=learned, **wrong)
        assert report(user).missed == 1

    def test_a_question_seen_only_on_the_day_of_the_interview_is_not_certain(self, user) -> None:
        topic = TopicFactory()
        PlanTopicFactory(plan=StudyPlanFactory(user=user, interview_on=TODAY), topic=topic)
        cards(user, topic, 1, reviewed_on=TODAY, stability=2.3)
        assert report(user).forecast.middle == round(100 * recall_after(1, 2.3)) < 100

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
