"""The picture of the plan: bars in proportion, weeks from Monday, and the topics of each day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.scheduling.day_ahead import DayAhead
from questions.study.agenda import agenda_of
from questions.study.plan_picture import PlanDay, plan_days, plan_weeks
from questions.tests.factories import CardFactory, PlanTopicFactory, QuestionFactory, StudyPlanFactory, TopicFactory

MONDAY = date(2026, 3, 2)


def picture_day(new: int, reviews: int, most: int, day: date = MONDAY) -> PlanDay:
    row = DayAhead(day, new, reviews, off=False, minutes=new + reviews)
    return PlanDay(day, row, (), is_today=False, most=most)


def box(path: str) -> tuple[int, int]:
    """Return the top of a bar and its height; nothing has the height 0 on the baseline."""
    found = re.fullmatch(r"M\d+ (\d+)h\d+v(\d+)h-\d+z", path)
    return (int(found[1]), int(found[2])) if found else (PlanDay.BASELINE, 0)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_bars_are_stacked_within_the_picture(new: int, reviews: int, more: int) -> None:
    day = picture_day(new, reviews, new + reviews + more)
    (reviews_top, reviews_height), (new_top, new_height) = box(day.reviews_path), box(day.new_path)
    assert (reviews_height > 0, new_height > 0) == (reviews > 0, new > 0)
    assert reviews_top + reviews_height == PlanDay.BASELINE
    if new and reviews_height > 2:
        assert new_top + new_height == reviews_top
    assert min(reviews_top, new_top) >= PlanDay.BASELINE - PlanDay.FULL - 2
    assert 0 < day.mark_y < min(reviews_top, new_top, PlanDay.BASELINE)
    if not more and new + reviews > 200:
        assert abs(reviews_height + new_height - PlanDay.FULL) <= 2


@given(st.integers(0, 6), st.integers(1, 40))
def test_weeks_hold_each_day_once_under_its_weekday(offset: int, number: int) -> None:
    days = [picture_day(1, 0, 1, MONDAY + timedelta(days=offset + place)) for place in range(number)]
    weeks = plan_weeks(days)
    assert [day for week in weeks for day in week.days if day] == days
    for week in weeks:
        assert week.monday.weekday() == 0
        assert all(day.day == week.monday + timedelta(days=place) for place, day in enumerate(week.days) if day)


@pytest.mark.django_db
def test_days_name_the_topics_of_their_questions() -> None:
    plan = StudyPlanFactory(interview_on=MONDAY + timedelta(days=8), begun_on=MONDAY, minutes=3, mock_interviews=False)
    caching, queues = (PlanTopicFactory(plan=plan, topic=TopicFactory(title=title)).topic for title in "CQ")
    QuestionFactory.create_batch(3, topic=caching)
    CardFactory(user=plan.user, question=QuestionFactory(topic=queues))
    days = plan_days(agenda_of(owner=Owner(user_id=plan.user_id), at=datetime(2026, 3, 2, 12, tzinfo=UTC)))
    assert len(days) == 9
    assert [day.is_today for day in days] == [True] + [False] * 8
    assert [set(day.topics) for day in days[:2]] == [{caching, queues}, {caching}]
    assert days[0].workload == "2 new, 1 review, about 2 min"
    assert not any(day.topics for day in days[2:])
    assert [day.row is None for day in days] == [False] * 8 + [True]
