"""The agenda of one day: questions, time left, and the days ahead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.bank.models.topics import Topic
from questions.scheduling.models import Card, CardStatus
from questions.scheduling.plan_models import StudyPlan, Weight
from questions.study.agenda import Agenda, agenda_of
from questions.tests.factories import (
    CardFactory,
    PlanTopicFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def plan() -> StudyPlan:
    return StudyPlanFactory(interview_on=DAY + timedelta(days=20), begun_on=DAY, minutes=10)


@pytest.fixture
def topic(plan) -> Topic:
    return PlanTopicFactory(plan=plan).topic


def today(plan: StudyPlan, at: datetime = NOON) -> Agenda:
    return agenda_of(owner=Owner(user_id=plan.user_id), at=at)


def test_without_a_plan_all_topics_are_asked_and_there_is_no_date() -> None:
    question = QuestionFactory()
    agenda = agenda_of(owner=Owner(user_id=UserFactory().pk), at=NOON)
    assert (agenda.is_saved, agenda.calendar.deadline, agenda.unseen) == (False, None, [question.pk])


def test_an_owner_without_a_plan_has_an_agenda() -> None:
    assert agenda_of(owner=Owner(), at=NOON).day == DAY


def test_only_published_questions_of_the_plans_topics_are_asked(plan, topic) -> None:
    asked = QuestionFactory(topic=topic)
    QuestionFactory(topic=topic, status="draft")
    QuestionFactory()
    assert today(plan).unseen == [asked.pk]


def test_questions_are_new_known_or_set_aside(plan, topic) -> None:
    known, suspended, buried, unseen = (QuestionFactory(topic=topic) for _ in range(4))
    CardFactory(user=plan.user, question=known)
    CardFactory(user=plan.user, question=suspended, status=CardStatus.SUSPENDED)
    CardFactory(user=plan.user, question=buried, buried_on=DAY)
    agenda = today(plan)
    assert set(agenda.known) == {known.pk, buried.pk}
    assert agenda.unseen == [unseen.pk]
    assert set(agenda.order) == {known.pk, unseen.pk}
    assert agenda.set_aside == Card.objects.owned_by(agenda.plan.owner).set_aside(DAY).count() == 2
    assert buried.pk in today(plan, NOON + timedelta(days=1)).order


def test_other_owners_cards_do_not_count(plan, topic) -> None:
    card = CardFactory(question=QuestionFactory(topic=topic))
    assert today(plan).unseen == [card.question_id]


def test_easy_questions_and_weighted_topics_come_first(plan, topic) -> None:
    hard, easy = (QuestionFactory(topic=topic, difficulty=one) for one in ("hard", "easy"))
    other = PlanTopicFactory(plan=plan, weight=Weight.MUCH).topic
    more = [QuestionFactory(topic=other).pk for _ in range(2)]
    assert today(plan).unseen == [more[0], easy.pk, more[1], hard.pk]


def test_a_session_fits_into_the_time(plan, topic) -> None:
    for _ in range(30):
        QuestionFactory(topic=topic)
    agenda = today(plan)
    assert len(agenda.session(600)) == 10
    assert agenda.session(0) == []


def test_open_questions_take_three_times_as_long(plan, topic) -> None:
    for _ in range(30):
        QuestionFactory(topic=topic, type="open")
    assert len(today(plan).session(600)) == 3


def test_time_spent_today_is_subtracted(plan, topic) -> None:
    QuestionFactory(topic=topic)
    for minutes in (1, 30):  # nobody thinks for half an hour
        ReviewFactory(user=plan.user, day=DAY, at=NOON, duration=timedelta(minutes=minutes))
    ReviewFactory(user=plan.user, day=DAY - timedelta(days=1), duration=timedelta(minutes=5))
    agenda = today(plan)
    assert agenda.studied_today.answers == 2
    assert agenda.seconds_today == 60 + 300
    assert agenda.seconds_left == 600 - 360


def test_a_day_off_is_empty(plan, topic) -> None:
    QuestionFactory(topic=topic)
    plan.weekdays_off = [DAY.weekday()]
    plan.save()
    agenda = today(plan)
    assert not agenda.is_study_day
    assert agenda.session(agenda.seconds_left) == []
    assert agenda.ahead[0].off


def test_missed_days_increase_the_load_of_the_remaining_days(plan, topic) -> None:
    for _ in range(50):
        QuestionFactory(topic=topic)
        CardFactory(user=plan.user, question=QuestionFactory(topic=topic))
    assert today(plan).ahead[0].new == 5
    assert today(plan, NOON + timedelta(days=5)).ahead[0].new == 8


def test_the_agenda_names_topics_to_drop(plan, topic) -> None:
    for _ in range(60):
        QuestionFactory(topic=topic)
    little = PlanTopicFactory(plan=plan, weight=Weight.LITTLE).topic
    for _ in range(60):
        QuestionFactory(topic=little)
    agenda = today(plan)
    assert not agenda.fit.enough
    assert agenda.topics_to_drop == [little]
    assert agenda.fit.minutes_more > 0


@pytest.mark.parametrize(("days", "is_it", "is_over"), [(0, True, False), (-1, False, True), (1, False, False)])
def test_the_day_of_the_interview_and_later(plan, topic, days, is_it, is_over) -> None:
    plan.interview_on = DAY + timedelta(days=days)
    plan.save()
    agenda = today(plan)
    assert (agenda.is_interview_day, agenda.interview_is_over) == (is_it, is_over)
    assert (agenda.calendar.deadline is None) == (is_it or is_over)


def test_the_study_day_begins_at_four_in_the_plans_zone(plan, topic) -> None:
    plan.zone = "America/New_York"
    plan.save()
    assert today(plan, datetime(2026, 3, 2, 8, 59, tzinfo=UTC)).day == date(2026, 3, 1)
    assert today(plan, datetime(2026, 3, 2, 9, 0, tzinfo=UTC)).day == date(2026, 3, 2)
