"""The picture of the plan, and mock interviews on Plan, Today and the dashboard, with an account and without."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.scheduling.plan_models import StudyPlan
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import (
    PlanTopicFactory,
    QuestionFactory,
    ReviewFactory,
    StudyPlanFactory,
    TopicFactory,
    make_question,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.get_default_timezone())
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def noon(monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture(params=["user", "visitor"])
def owner(request, client: Client) -> dict:
    """Return the owner's fields; the client is logged in or has the visitor's session."""
    if request.param == "visitor":
        attempt = visitor_attempt(client, make_question("true_false"))
        attempt.delete()
        return {"user": None, "visitor": attempt.visitor}
    plan = StudyPlanFactory()
    client.force_login(plan.user)
    StudyPlan.objects.all().delete()
    return {"user": plan.user}


def make_plan(owner: dict, **fields) -> StudyPlan:
    """Return a plan until the Saturday of the next week, with mock interviews on Thursday and on the next Thursday."""
    fields = {
        "interview_on": MONDAY + timedelta(days=12),
        "begun_on": MONDAY,
        "minutes": 40,
        "weekdays_off": [6],
    } | fields
    plan = StudyPlanFactory(**owner, **fields)
    QuestionFactory.create_batch(5, topic=PlanTopicFactory(plan=plan, topic=TopicFactory(title="Queues & <b>")).topic)
    return plan


def page_of(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def links_of(page: str) -> dict[str, str]:
    """Return the target of each day in the picture by its words."""
    found = re.findall(
        r'<a href="([^"]*)" title="([^"]*)">.*?<span class="visually-hidden">(.*?)</span>', page, re.DOTALL
    )
    assert all(title == text for _target, title, text in found)
    return {unescape(text): target for target, _title, text in found}


class TestPicture:
    def test_each_day_is_a_link_that_names_its_work(self, client: Client, owner: dict) -> None:
        make_plan(owner)
        page = page_of(client, "plan")
        links = links_of(page)
        assert len(links) == 12 + 1
        today, *later = links
        assert today == "Mon 2 March (today): 5 new, about 5 min. Guides and topics: Queues & <b>"
        assert links[today] == reverse("today")
        assert all(f'<tr id="{links[text].removeprefix("#")}"' in page for text in later)
        assert links["Sun 8 March: day off"] == "#day-2026-03-08"
        assert links["Sat 14 March: your interview"] == "#day-2026-03-14"
        assert page.count('href="#mock-mark"') == 2 + 1  # and in the legend
        assert "style=" not in page

    def test_table_has_the_topics_and_the_minutes_of_interviews(self, client: Client, owner: dict) -> None:
        plan = make_plan(owner)
        page = page_of(client, "plan")
        rows = {row[0]: row[1] for row in re.findall(r'<tr id="day-([\d-]+)"[^>]*>(.*?)</tr>', page, re.DOTALL)}
        assert f'href="{plan.topics.get().topic.get_absolute_url()}"' in rows["2026-03-02"]
        assert "Mock interview" in rows["2026-03-05"] and "Mock interview" in rows["2026-03-12"]
        assert int(re.findall(r"<td>(\d+)</td>", rows["2026-03-05"])[2]) >= 30
        assert "Mock interview" not in rows["2026-03-06"]

    def test_weeks_after_the_sixth_are_folded_away(self, client: Client, owner: dict) -> None:
        make_plan(owner, interview_on=MONDAY + timedelta(days=70))
        response = client.get(reverse("plan"))
        assert (len(response.context["near"]), len(response.context["far"])) == (6, 5)
        assert "Later weeks" in response.content.decode()

    @pytest.mark.parametrize(("answered", "said"), [(1, "on 1 day; 3 were"), (2, "on 2 days; 3 were")])
    def test_plan_counts_the_days_of_study(self, client: Client, owner: dict, answered: int, said: str) -> None:
        make_plan(owner, begun_on=MONDAY - timedelta(days=3))
        for days in range(1, answered + 1):
            ReviewFactory(**owner, day=MONDAY - timedelta(days=days))
        assert f"you have studied {said} planned." in page_of(client, "plan")

    def test_plan_without_a_date_has_days_and_no_flag(self, client: Client, owner: dict) -> None:
        make_plan(owner, interview_on=None)
        page = page_of(client, "plan")
        assert len(links_of(page)) == 14
        assert "your interview" not in page and "#mock-mark" not in page


class TestMockInterview:
    def test_dashboard_names_the_next(self, client: Client, owner: dict) -> None:
        make_plan(owner)
        assert "Next: mock interview on Thursday" in page_of(client, "home")
        StudyPlan.objects.update(begun_on=MONDAY - timedelta(days=1), interview_on=MONDAY + timedelta(days=20))
        assert "Next: mock interview on 13 March" in page_of(client, "home")

    @pytest.mark.parametrize("name", ["home", "today"])
    def test_it_is_offered_on_its_day_beside_the_session(self, client: Client, owner: dict, monkeypatch, name) -> None:
        make_plan(owner)
        assert "Take a mock interview" not in page_of(client, name)
        monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=3))
        page = page_of(client, name)
        assert "Start today's session" in page or "Start today&#x27;s session" in page
        assert re.search(rf'class="btn btn-outline-primary" href="{reverse("interview")}">Take a mock interview', page)

    @pytest.mark.parametrize("name", ["home", "today"])
    def test_it_is_the_main_button_if_there_is_no_time_for_more(
        self, client: Client, owner: dict, monkeypatch, name
    ) -> None:
        make_plan(owner, minutes=20)
        monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=3))
        page = page_of(client, name)
        assert re.search(rf'class="btn btn-primary btn-lg" href="{reverse("interview")}">Take a mock interview', page)
        assert "Done for today" not in page and "Nothing is due" not in page

    def test_candidates_turn_them_off_in_the_plan(self, client: Client, owner: dict) -> None:
        plan = make_plan(owner)
        form = client.get(reverse("plan")).context["form"]
        assert form["mock_interviews"].value() == "yes"
        sent = {field.html_name: field.value() for field in form if field.value() is not None}
        client.post(reverse("plan"), sent | {"mock_interviews": "no"})
        plan.refresh_from_db()
        assert not plan.mock_interviews
        page = page_of(client, "plan")
        assert "#mock-mark" not in page and "mock interviews are planned" not in page
        assert "Next: mock interview" not in page_of(client, "home")

    def test_page_sent_by_an_older_form_keeps_them_on(self, client: Client, owner: dict) -> None:
        plan = make_plan(owner)
        form = client.get(reverse("plan")).context["form"]
        sent = {field.html_name: field.value() for field in form if field.value() is not None}
        del sent["mock_interviews"]
        client.post(reverse("plan"), sent)
        plan.refresh_from_db()
        assert plan.mock_interviews
