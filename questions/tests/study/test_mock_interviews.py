"""Mock interviews in the agenda: when they are due, what they leave of the day, and when they are done."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed
from questions.study.agenda import Agenda, agenda_of
from questions.tests.attempt_steps import key_of
from questions.tests.factories import PlanTopicFactory, QuestionFactory, StudyPlanFactory, make_question

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 3, 2)  # a Monday; mock interviews are planned on its days 3 and 10


@pytest.fixture
def plan() -> StudyPlan:
    plan = StudyPlanFactory(interview_on=BEGIN + timedelta(days=12), begun_on=BEGIN, minutes=50)
    QuestionFactory.create_batch(60, topic=PlanTopicFactory(plan=plan).topic)
    return plan


def noon(number: int) -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(days=number)


def agenda_on(plan: StudyPlan, number: int, **later: int) -> Agenda:
    return agenda_of(owner=Owner(user_id=plan.user_id), at=noon(number) + timedelta(**later))


def days_of(agenda: Agenda) -> Iterable[int]:
    return [(day - BEGIN).days for day in agenda.mock_interviews]


def hold(plan: StudyPlan, number: int, *, minutes: int = 20, answers: int = 1) -> Attempt:
    """Hold a mock interview on that day of the plan."""
    attempt = attempts.start(
        owner=plan.owner,
        questions=[make_question("true_false") for _ in range(2)],
        mode=AttemptMode.INTERVIEW,
        title="Mock interview",
        at=noon(number),
        time_limit=timedelta(minutes=30),
    )
    for response in attempt.responses.all()[:answers]:
        attempts.record_response(response=response, answer=key_of(response), at=noon(number))
    return attempts.submit(attempt=attempt, at=noon(number) + timedelta(minutes=minutes))


def test_planned_days_lie_ahead(plan: StudyPlan) -> None:
    assert days_of(agenda_on(plan, 0)) == [3, 10]
    assert days_of(agenda_on(plan, 3)) == [3, 10]
    assert agenda_on(plan, 0).next_mock_interview == BEGIN + timedelta(days=3)


def test_an_interview_takes_its_minutes_from_the_questions_of_its_day(plan: StudyPlan) -> None:
    usual, reduced = (agenda_on(plan, number).today for number in (2, 3))
    assert (usual.questions, usual.interview_minutes) == (50, 0)
    assert (reduced.questions, reduced.interview_minutes) == (20, 30)
    tomorrow = agenda_on(plan, 2).ahead[1]
    assert (tomorrow.day, tomorrow.interview_minutes) == (reduced.day, 30)
    assert tomorrow.minutes <= 20


def test_a_day_shorter_than_an_interview_has_nothing_else(plan: StudyPlan) -> None:
    plan.minutes = 20
    plan.save()
    today = agenda_on(plan, 3).today
    assert (today.questions, today.interview_minutes, today.total_minutes) == (0, 30, 30)
    assert today.has_work


def test_it_is_done_when_held_and_its_time_is_used(plan: StudyPlan) -> None:
    hold(plan, 3)
    after = agenda_on(plan, 3, hours=1)
    assert days_of(after) == [10]
    assert after.seconds_today == 20 * 60
    assert after.today.questions == 30
    assert days_of(agenda_on(plan, 4)) == [10]
    assert agenda_on(plan, 4).seconds_today == 0


def test_one_that_was_missed_is_due_on_the_next_days(plan: StudyPlan) -> None:
    assert days_of(agenda_on(plan, 5)) == [5, 10]
    hold(plan, 5)
    assert days_of(agenda_on(plan, 5, hours=1)) == [10]
    assert days_of(agenda_on(plan, 7)) == [10]
    assert days_of(agenda_on(plan, 11)) == []


def test_one_held_before_the_day_does_not_count(plan: StudyPlan) -> None:
    hold(plan, 2)
    assert days_of(agenda_on(plan, 3)) == [3, 10]


def test_one_without_answers_or_abandoned_does_not_count(plan: StudyPlan) -> None:
    hold(plan, 3, answers=0)
    assert days_of(agenda_on(plan, 3, hours=1)) == [3, 10]
    Attempt.objects.update(status="abandoned")
    hold(plan, 3)
    Attempt.objects.update(status="abandoned")
    assert days_of(agenda_on(plan, 3, hours=1)) == [3, 10]


def test_one_whose_time_is_up_counts_before_it_is_closed(plan: StudyPlan) -> None:
    attempt = hold(plan, 3)
    Attempt.objects.filter(pk=attempt.pk).update(status="in_progress", submitted_at=None)
    assert days_of(agenda_on(plan, 3, minutes=20)) == [3, 10]
    assert days_of(agenda_on(plan, 3, hours=1)) == [10]


def test_answers_of_the_interview_are_not_counted_twice(plan: StudyPlan) -> None:
    attempt = hold(plan, 3, minutes=20, answers=2)
    attempt.responses.first().review.__class__.objects.update(duration=timedelta(minutes=4), at=noon(3))
    agenda = agenda_on(plan, 3, hours=1)
    assert agenda.studied_today.minutes == 8
    assert agenda.seconds_today == 20 * 60


def test_candidates_can_do_without(plan: StudyPlan) -> None:
    plan.mock_interviews = False
    plan.save()
    agenda = agenda_on(plan, 3)
    assert agenda.mock_interviews == {}
    assert agenda.today.questions == 50


def test_others_interviews_do_not_count(plan: StudyPlan) -> None:
    hold(StudyPlanFactory(begun_on=BEGIN), 3)
    assert days_of(agenda_on(plan, 3, hours=1)) == [3, 10]


def test_calendar_and_reminder_name_it(plan: StudyPlan) -> None:
    agenda = agenda_on(plan, 3)
    assert calendar_feed.workload_text(agenda.today) == "20 new, mock interview, about 50 min"
    feed = calendar_feed.feed(agenda, url="https://quiz.example.org/today/", at=noon(3)).decode()
    assert feed.count("mock interview") == 2
