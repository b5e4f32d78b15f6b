"""The calendar feed of a study plan: what it holds, its address, and who can read it."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from questions.accounts.owners import Owner
from questions.personal_data import deletion
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed
from questions.study.agenda import agenda_of
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import PlanTopicFactory, QuestionFactory, StudyPlanFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)
INTERVIEW = DAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def noon(monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def plan() -> StudyPlan:
    """A plan with a calendar and twelve questions; Sundays are days off."""
    plan = StudyPlanFactory(
        interview_on=INTERVIEW, begun_on=DAY, minutes=3, weekdays_off=[6], calendar_id=uuid.UUID(int=7)
    )
    topic = PlanTopicFactory(plan=plan).topic
    for _ in range(12):
        QuestionFactory(topic=topic)
    return plan


def address_of(plan: StudyPlan) -> str:
    return reverse("calendar", args=[calendar_feed.token_of(plan.calendar_id)])


def events_of(plan: StudyPlan) -> dict[date, dict]:
    """Return the events of the feed by day."""
    feed = Calendar.from_ical(Client().get(address_of(plan)).content)
    return {event["dtstart"].dt: event for event in feed.walk("VEVENT")}


class TestFeed:
    def test_it_has_an_event_for_each_day_with_work_and_for_the_interview(self, plan: StudyPlan) -> None:
        ahead = agenda_of(owner=plan.owner, at=NOON).ahead
        days = {row.day: f"Study: {calendar_feed.workload_text(row)}" for row in ahead if row.has_work}
        assert len(days) > 2 and date(2026, 3, 8) not in days
        assert days[date(2026, 3, 10)] == "Study: mock interview, about 30 min"
        assert {day: str(event["summary"]) for day, event in events_of(plan).items()} == days | {INTERVIEW: "Interview"}

    def test_events_last_all_day_and_link_to_today(self, plan: StudyPlan) -> None:
        for event in events_of(plan).values():
            assert type(event["dtstart"].dt) is date
            assert event["url"] == event["description"] == "http://testserver/today/"
            assert event["dtstamp"].dt == NOON

    def test_events_keep_their_ids_from_one_reading_to_the_next(self, plan: StudyPlan) -> None:
        ids = {str(event["uid"]) for event in events_of(plan).values()}
        assert len(ids) == len(events_of(plan))
        assert ids == {str(event["uid"]) for event in events_of(plan).values()}
        assert plan.calendar_id.hex not in str(ids).replace("-", "")

    def test_moved_interview_stays_the_same_event(self, plan: StudyPlan) -> None:
        before = events_of(plan)[INTERVIEW]["uid"]
        StudyPlan.objects.update(interview_on=INTERVIEW + timedelta(days=1))
        assert events_of(plan)[INTERVIEW + timedelta(days=1)]["uid"] == before

    @pytest.mark.parametrize("interview_on", [None, DAY - timedelta(days=1)])
    def test_plan_without_a_day_ahead_has_study_days_only(self, plan: StudyPlan, interview_on: date | None) -> None:
        StudyPlan.objects.update(interview_on=interview_on)
        summaries = {str(event["summary"]) for event in events_of(plan).values()}
        assert summaries and "Interview" not in summaries

    def test_it_has_nothing_that_identifies_the_owner(self, plan: StudyPlan) -> None:
        content = Client().get(address_of(plan)).content.decode()
        for value in (plan.user.username, plan.user.email, plan.topics.get().topic.title, plan.calendar_id.hex):
            assert value not in content

    def test_response_is_never_cached_and_sets_no_cookie(self, plan: StudyPlan, client: Client) -> None:
        client.force_login(UserFactory())
        client.cookies["zone"] = "Asia/Tokyo"
        for response in (client.get(address_of(plan)), Client().get(address_of(plan))):
            assert response.status_code == 200
            assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
            assert "no-store" in response.headers["Cache-Control"] and "private" in response.headers["Cache-Control"]
            assert not response.cookies
        assert client.get(address_of(plan)).content == Client().get(address_of(plan)).content


class TestAddress:
    @pytest.mark.parametrize("change", ["", "x", "00000000000000000000000000000000", "\x00", "é.é"])
    def test_wrong_address_is_not_found(self, plan: StudyPlan, change: str) -> None:
        token = calendar_feed.token_of(plan.calendar_id)
        for wrong in (change + token[:-1], change + token.partition(".")[0], change or "."):
            response = Client().get(f"/plan/{wrong}.ics")
            assert response.status_code == 404 and not response.cookies

    def test_signed_id_without_a_plan_is_not_found(self) -> None:
        StudyPlanFactory()  # without a calendar
        assert Client().get(reverse("calendar", args=[calendar_feed.token_of(uuid.uuid4())])).status_code == 404

    def test_database_does_not_hold_the_address(self, plan: StudyPlan) -> None:
        _id, _dot, signature = calendar_feed.token_of(plan.calendar_id).partition(".")
        assert len(signature) > 40
        assert signature not in str(StudyPlan.objects.values().get())

    def test_address_depends_on_the_secret_key(self, plan: StudyPlan, settings) -> None:
        address = address_of(plan)
        settings.SECRET_KEY = "another"
        assert Client().get(address).status_code == 404

    def test_address_is_made_when_asked_for_and_renewed(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        plan = StudyPlanFactory(user=None, visitor=attempt.visitor)
        assert client.get(reverse("plan")).context["calendar_address"] == ""
        addresses = []
        for _ in range(2):
            page = client.post(reverse("renew-calendar"), follow=True)
            assert page.redirect_chain == [(reverse("plan") + "#reminders", 302)]
            addresses.append(page.context["calendar_address"])
            assert f'value="{addresses[-1]}" readonly' in page.content.decode()
        plan.refresh_from_db()
        assert addresses[1] == f"http://testserver{address_of(plan)}"
        assert [Client().get(address).status_code for address in addresses] == [404, 200]

    def test_renewal_changes_the_own_plan_only(self, plan: StudyPlan, client: Client) -> None:
        other = StudyPlanFactory(calendar_id=uuid.uuid4())
        client.force_login(plan.user)
        client.post(reverse("renew-calendar"))
        assert StudyPlan.objects.get(pk=plan.pk).calendar_id != plan.calendar_id
        assert StudyPlan.objects.get(pk=other.pk).calendar_id == other.calendar_id

    def test_without_a_plan_there_is_no_address(self, client: Client) -> None:
        page = client.post(reverse("renew-calendar"), follow=True)
        assert "Make a study plan first." in page.content.decode()
        assert 'id="reminders"' not in page.content.decode()

    def test_disabled_account_has_no_feed(self, plan: StudyPlan) -> None:
        plan.user.is_active = False
        plan.user.save()
        assert Client().get(address_of(plan)).status_code == 404

    def test_deleted_data_has_no_feed(self, plan: StudyPlan) -> None:
        assert Client().get(address_of(plan)).status_code == 200
        deletion.delete(owner=Owner(user_id=plan.user_id))
        assert Client().get(address_of(plan)).status_code == 404
