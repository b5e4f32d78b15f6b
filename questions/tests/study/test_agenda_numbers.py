"""The numbers of Plan and Today as equations: the table, its first row, the session that starts, and the summary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.scheduling.plan_models import StudyPlan
from questions.study import progress_report
from questions.study import services as plans
from questions.study.agenda import Agenda, agenda_of
from questions.tests.attempt_steps import key_of
from questions.tests.factories import (
    CardFactory,
    PlanTopicFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    make_question,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)  # a Monday
PLANS = st.fixed_dictionaries(
    {
        "interview_on": st.none() | st.integers(-2, 40).map(lambda days: DAY + timedelta(days=days)),
        "minutes": st.integers(1, 60),
        "weekdays_off": st.lists(st.integers(0, 6), max_size=6, unique=True),
        "begun_on": st.integers(0, 20).map(lambda days: DAY - timedelta(days=days)),
        "mock_interviews": st.booleans(),
    }
)
TOPICS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=3)


class _Undone(Exception):
    """Ends an example's transaction."""


def owner_of(plan: StudyPlan) -> Owner:
    return Owner(user_id=plan.user_id)


def check_equations(agenda: Agenda) -> None:
    """Check everything that Plan says against the rows of its table."""
    rows, fit = agenda.ahead, agenda.fit
    if rows:
        assert rows[0] == agenda.today
    assert fit.questions == len(agenda.known) + len(agenda.unseen)
    assert agenda.new_ahead == sum(row.new for row in rows) <= len(agenda.unseen)
    assert agenda.mock_interviews == {row.day: row.interview_minutes for row in rows if row.interview_minutes}
    assert all(row.total_minutes == row.whole_minutes + row.interview_minutes for row in rows)
    for row in rows:
        left = agenda.plan.minutes - row.interview_minutes
        assert row.day == agenda.day or row.questions <= 1 or row.minutes <= left + 1e-6
        assert row.day == agenda.day or left > 0 or not row.questions
    assert [len(asked) for asked in agenda.asked_ahead[1:]] == [row.new for row in rows[1:]]
    asked = [key for keys in agenda.asked_ahead for key in keys]
    assert len(asked) == len(set(asked)) == agenda.new_ahead + sum(row.reviews for row in rows[:1])
    if agenda.calendar.deadline is None:
        return
    assert len(rows) == (agenda.calendar.deadline - agenda.day).days
    assert fit.fits == len(agenda.known) + agenda.new_ahead
    assert sum(entry.fits for entry in agenda.topics_ahead) == fit.fits
    assert sum(entry.questions for entry in agenda.topics_ahead) == fit.questions
    assert all(0 <= entry.fits <= entry.questions for entry in agenda.topics_ahead)
    if fit.enough:
        assert (fit.fits, fit.minutes_more, fit.drop) == (fit.questions, 0, ())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plan_fields=PLANS,
    topics=TOPICS,
    durations=st.lists(st.integers(1, 900), max_size=4),
    status=st.sampled_from(["active", "suspended"]),
    data=st.data(),
)
def test_plan_today_and_session_agree(plan_fields, topics, durations, status, data) -> None:
    try:
        with transaction.atomic():
            plan = StudyPlanFactory(**plan_fields)
            for new, known, weight in topics:
                topic = PlanTopicFactory(plan=plan, weight=weight).topic
                kinds = data.draw(st.lists(st.sampled_from(["open", "single_choice"]), min_size=new, max_size=new))
                for kind in kinds:
                    make_question(kind, topic=topic)
                for number in range(known):
                    CardFactory(
                        user=plan.user,
                        question=make_question("true_false", topic=topic),
                        due_on=DAY + timedelta(days=number - 1),
                        status=status if number == 0 else "active",
                        buried_on=DAY if number == 1 else None,
                    )
            for seconds in durations:
                ReviewFactory(user=plan.user, day=DAY, at=NOON, duration=timedelta(seconds=seconds))
            before = agenda_of(owner=owner_of(plan), at=NOON)
            check_equations(before)
            check_advice(plan, before)
            check_session(plan, before)
            raise _Undone
    except _Undone:
        pass


def check_advice(plan: StudyPlan, agenda: Agenda) -> None:
    """Follow the advice, and check that it is enough and no more than that."""
    if not agenda.fit.minutes_more:
        return
    for more, enough in ((agenda.fit.minutes_more, True), (agenda.fit.minutes_more - 1, False)):
        StudyPlan.objects.filter(pk=plan.pk).update(minutes=plan.minutes + more)
        assert agenda_of(owner=owner_of(plan), at=NOON).fit.enough is enough
    StudyPlan.objects.filter(pk=plan.pk).update(minutes=plan.minutes)


def check_session(plan: StudyPlan, agenda: Agenda) -> None:
    """Start the session that Today offers, and check it against the first row; then answer its first question."""
    try:
        attempt = plans.start_session(owner=owner_of(plan), at=NOON)
    except plans.NothingToAsk:
        assert agenda.today.questions == 0
        return
    asked = list(attempt.responses.values_list("revision__question", flat=True))
    assert len(asked) == agenda.today.questions
    assert sum(pk in agenda.known for pk in asked) == agenda.today.reviews
    running = agenda_of(owner=owner_of(plan), at=NOON)
    assert running.running == attempt
    assert (running.today.new, running.today.reviews) == (agenda.today.new, agenda.today.reviews)
    check_equations(running)
    first = attempt.responses.select_related("revision", "attempt").first()
    attempts.record_response(response=first, answer=key_of(first), at=NOON)
    later = agenda_of(owner=owner_of(plan), at=NOON)
    assert later.today.questions == agenda.today.questions - 1
    check_equations(later)


def test_today_and_progress_count_the_same_time() -> None:
    plan = StudyPlanFactory(begun_on=DAY - timedelta(days=3))
    for day, seconds in ((DAY, 100), (DAY, 900), (DAY, None), (DAY - timedelta(days=1), 80)):
        duration = timedelta(seconds=seconds) if seconds else None
        ReviewFactory(user=plan.user, day=day, at=NOON, duration=duration)
    ReviewFactory(user=plan.user, day=DAY, at=NOON, duration=timedelta(minutes=4), undone_at=NOON)
    agenda, progress = agenda_of(owner=owner_of(plan), at=NOON), progress_report(owner_of(plan), at=NOON)
    assert agenda.studied_days == progress.activity.days
    assert (agenda.studied_today.answers, agenda.studied_today.minutes) == (3, 7)


def test_a_session_of_an_earlier_day_is_not_todays() -> None:
    plan = StudyPlanFactory()
    for _ in range(3):
        make_question("true_false", topic=PlanTopicFactory(plan=plan).topic)
    plans.start_session(owner=owner_of(plan), at=NOON)
    tomorrow = agenda_of(owner=owner_of(plan), at=NOON + timedelta(days=1))
    assert tomorrow.running is None
    assert tomorrow.today.questions == 3


def test_ten_minutes_for_many_questions() -> None:
    plan = StudyPlanFactory(interview_on=DAY + timedelta(days=14), begun_on=DAY, minutes=10)
    for _ in range(5):
        topic = PlanTopicFactory(plan=plan).topic
        QuestionFactory.create_batch(36, topic=topic)
    agenda = agenda_of(owner=owner_of(plan), at=NOON)
    assert not agenda.fit.enough
    assert 0 < agenda.fit.fits == sum(row.new for row in agenda.ahead) < agenda.fit.questions == 180
    assert agenda.today.questions == len(agenda.session(agenda.seconds_left)) == 10
    assert agenda.topics_to_drop == []
    fits = [entry.fits for entry in agenda.topics_ahead]
    assert len(fits) == 5 and max(fits) - min(fits) <= 1
