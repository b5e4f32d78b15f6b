"""Readiness on past days, computed from what the reviews predicted, against the memories that they really left."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.scheduling.fsrs_memory import Memory, Rating, memory_after, recall, recall_after, stability_at
from questions.scheduling.readiness import MISSED_RECALL, Record, expected_recall, forecast_range
from questions.study.percentages import Forecast
from questions.study.readiness_chart import readiness_chart
from questions.study.readiness_history import (
    DAYS,
    Learned,
    PastReview,
    readiness_history,
    readiness_on,
    recalls_over_time,
)
from questions.tests.factories import CardFactory, QuestionFactory, ReviewFactory, TopicFactory, UserFactory
from questions.tests.study.progress_data import NOON, TODAY, report

BEGIN = date(2026, 3, 2)
FORECAST_ON = BEGIN + timedelta(days=60)
RECORD = Record(50, 40.0, 35, 8.0)
HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(Rating)), min_size=1, max_size=6), max_size=5
)


def learn(steps: Sequence[tuple[int, Rating]]) -> list[tuple[PastReview, Memory]]:
    """Return a question's reviews, each a number of days after the last, with the memories that they left."""
    day, memory = BEGIN, None
    found: list[tuple[PastReview, Memory]] = []
    for gap, rating in steps:
        day += timedelta(days=gap)
        predicted: float | None = recall(memory, day) if memory else None
        memory = memory_after(memory, rating, day)
        found.append((PastReview(day, predicted, rating == Rating.AGAIN), memory))
    return found


def left_by(review: PastReview, memory: Memory) -> float:
    limit = MISSED_RECALL if review.missed else None
    return expected_recall(stability=memory.stability, reviewed=review.day, day=FORECAST_ON, at_most=limit)


def over_time(learned: Sequence[tuple[PastReview, Memory]]) -> list[tuple[date, float]]:
    review, memory = learned[-1]
    last = Learned(memory.stability, review.day, review.missed)
    reviews = [one for one, _memory in learned]
    return list(recalls_over_time(reviews, last, day=FORECAST_ON, missed_recall=MISSED_RECALL))


@given(st.floats(0.01, 1000), st.integers(1, 400))
def test_stability_follows_from_recall(stability: float, days: int) -> None:
    assert stability_at(recall_after(days, stability), days) == pytest.approx(stability, rel=1e-6)


@pytest.mark.parametrize("predicted", [0.0, 1e-300, 1.0])
def test_any_prediction_has_a_stability(predicted: float) -> None:
    assert recall_after(10, stability_at(predicted, 3)) == pytest.approx(predicted, abs=1e-5)


@given(HISTORIES)
def test_each_review_left_what_its_memory_says(histories: list) -> None:
    for learned in map(learn, histories):
        expected = [(review.day, pytest.approx(left_by(review, memory), rel=1e-6)) for review, memory in learned]
        assert over_time(learned) == expected


@given(HISTORIES)
def test_a_past_day_is_forecast_from_the_reviews_until_then(histories: list) -> None:
    questions, days = (
        [learn(steps) for steps in histories],
        [BEGIN + timedelta(days=number) for number in range(0, 60, 7)],
    )
    points = readiness_on(days, map(over_time, questions), total=9, record=RECORD)
    assert [point.day for point in points] == days
    for point in points:
        known = [[pair for pair in learned if pair[0].day <= point.day] for learned in questions]
        recalls = [left_by(*learned[-1]) for learned in known if learned]
        expected = Forecast.from_range(forecast_range(recalls, total=9, record=RECORD), seen=len(recalls), of=9)
        for name in ("low", "middle", "high", "seen", "of"):
            assert abs(getattr(point.forecast, name) - getattr(expected, name)) <= 1  # sums differ in the last digit


@pytest.mark.django_db
class TestHistory:
    def learn(self, user, number: int) -> None:
        """Give the user questions that were reviewed every few days for 50 days."""
        random, topic = Random(number), TopicFactory()
        for question in QuestionFactory.create_batch(number, topic=topic):
            memory, back = None, random.randint(20, 50)
            while back > 0:
                day = TODAY - timedelta(days=back)
                predicted: float | None = recall(memory, day) if memory else None
                rating = random.choice([Rating.AGAIN, Rating.GOOD])
                memory = memory_after(memory, rating, day)
                ReviewFactory(user=user, question=question, day=day, rating=rating, predicted=predicted)
                back -= random.randint(1, 9)
            CardFactory(user=user, question=question, stability=memory.stability, reviewed_on=memory.reviewed)

    def test_it_ends_with_the_present_forecast(self, django_assert_num_queries) -> None:
        user = UserFactory()
        self.learn(user, 8)
        self.learn(UserFactory(), 3)
        now = report(user)
        with django_assert_num_queries(2):
            points = readiness_history(Owner(user_id=user.pk), now)
        assert [point.day for point in points] == [TODAY - timedelta(days=back) for back in range(DAYS, -1, -1)]
        assert points[-1].forecast == now.forecast
        eve = points[-2].forecast  # nothing was reviewed today
        assert max(abs(eve.low - now.forecast.low), abs(eve.middle - now.forecast.middle)) <= 1
        assert eve.seen == now.forecast.seen == 8

    def test_it_grows_with_what_is_seen(self) -> None:
        user = UserFactory()
        self.learn(user, 8)
        points = {point.day: point.forecast for point in readiness_history(Owner(user_id=user.pk), report(user))}
        assert points[TODAY - timedelta(days=DAYS)].seen < 8
        assert points[TODAY - timedelta(days=DAYS)].middle < points[TODAY].middle

    def test_new_candidates_have_no_line(self) -> None:
        user = UserFactory()
        assert readiness_chart(readiness_history(Owner(user_id=user.pk), report(user))) is None
        CardFactory(user=user, reviewed_on=TODAY)
        ReviewFactory(user=user, day=TODAY, at=NOON)
        assert readiness_chart(readiness_history(Owner(user_id=user.pk), report(user))) is None

    def test_line_stays_within_the_chart(self) -> None:
        user = UserFactory()
        self.learn(user, 3)
        chart = readiness_chart(readiness_history(Owner(user_id=user.pk), report(user)))
        assert chart.line.startswith(f"M{chart.LEFT} ") and f"L{chart.RIGHT} {chart.last_y}" in chart.line
        assert chart.TOP <= chart.last_y <= chart.BOTTOM
        assert chart.band.endswith("z")
