"""The choice of reminders on the plan page, and the link in each email that ends them."""

import pytest
from allauth.account.models import EmailAddress
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from questions.scheduling.plan_models import StudyPlan
from questions.study import reminders
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import StudyPlanFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_URL = "https://quiz.example.org"


@pytest.fixture
def plan(client: Client) -> StudyPlan:
    """The plan of a user with a confirmed address, who is logged in."""
    plan = StudyPlanFactory()
    EmailAddress.objects.create(user=plan.user, email="ada@example.org", verified=True)
    client.force_login(plan.user)
    return plan


def link_for(plan: StudyPlan) -> str:
    return reverse("unsubscribe", args=[reminders.unsubscribe_token(plan.pk)])


class TestChoice:
    @pytest.mark.parametrize("choice", ["off", "daily", "weekly"])
    def test_choice_is_saved_and_shown(self, client: Client, plan: StudyPlan, choice: str) -> None:
        page = client.post(reverse("reminders"), {"reminders": choice}, follow=True)
        assert page.redirect_chain == [(reverse("plan") + "#reminders", 302)]
        plan.refresh_from_db()
        assert plan.reminders == page.context["reminder_form"]["reminders"].value() == choice

    @pytest.mark.parametrize("data", [{}, {"reminders": ""}, {"reminders": "hourly"}])
    def test_unknown_choice_changes_nothing(self, client: Client, plan: StudyPlan, data: dict[str, str]) -> None:
        assert client.post(reverse("reminders"), data).status_code == 302
        plan.refresh_from_db()
        assert plan.reminders == "off"

    def test_unconfirmed_address_is_to_be_confirmed_first(self, client: Client, plan: StudyPlan) -> None:
        EmailAddress.objects.update(verified=False)
        page = client.post(reverse("reminders"), {"reminders": "daily"}, follow=True).content.decode()
        assert "Confirm your email address first." in page
        assert reverse("account_email") in page and 'name="reminders"' not in page
        assert StudyPlan.objects.get().reminders == "off"

    def test_visitor_is_asked_to_log_in(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"))
        StudyPlanFactory(user=None, visitor=attempt.visitor)
        page = client.get(reverse("plan")).content.decode()
        assert "Log in to get reminders by email." in page and 'name="reminders"' not in page
        assert client.post(reverse("reminders"), {"reminders": "daily"}).url.startswith(reverse("account_login"))

    def test_site_without_an_address_offers_none(self, client: Client, plan: StudyPlan, settings) -> None:
        settings.SITE_URL = ""
        page = client.get(reverse("plan")).content.decode()
        assert 'name="reminders"' not in page and "<h3>Email</h3>" not in page and "<h3>Calendar</h3>" in page

    def test_saving_the_plan_keeps_the_reminders(self, client: Client, plan: StudyPlan) -> None:
        topic = make_question("true_false").topic
        client.post(reverse("reminders"), {"reminders": "weekly"})
        client.post(reverse("renew-calendar"))
        before = StudyPlan.objects.get()
        sent = {"minutes": "30", "zone": "UTC", "retention": "0.9", f"topic-{topic.pk}": "2"}
        client.post(reverse("plan"), sent)
        after = StudyPlan.objects.get()
        assert after.minutes == 30
        assert (
            (after.reminders, after.calendar_id)
            == (before.reminders, before.calendar_id)
            == ("weekly", after.calendar_id)
        )


class TestUnsubscribe:
    @pytest.fixture
    def subscribed(self) -> StudyPlan:
        return StudyPlanFactory(reminders="daily")

    def test_mail_program_unsubscribes_without_login_and_csrf_token(self, subscribed: StudyPlan) -> None:
        other = StudyPlanFactory(reminders="daily")
        client = Client(enforce_csrf_checks=True)
        for _ in range(2):
            response = client.post(link_for(subscribed), {"List-Unsubscribe": "One-Click"})
            assert response.status_code == 200
            assert "no-store" in response.headers["Cache-Control"]
        assert dict(StudyPlan.objects.values_list("pk", "reminders")) == {subscribed.pk: "off", other.pk: "daily"}

    def test_link_shows_a_button_and_changes_nothing(self, subscribed: StudyPlan) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.get(link_for(subscribed)).content.decode().partition("<main")[2].partition("</main>")[0]
        assert page.count("<button") == page.count('<form method="post">') == 1
        assert StudyPlan.objects.get().reminders == "daily"
        assert "Unsubscribed" in client.post(link_for(subscribed)).content.decode()
        assert StudyPlan.objects.get().reminders == "off"

    def test_deleted_plan_is_unsubscribed_too(self, subscribed: StudyPlan) -> None:
        link = link_for(subscribed)
        subscribed.delete()
        assert Client().post(link).status_code == 200

    @pytest.mark.parametrize("salt", ["calendar-feed", "unsubscribe "])
    def test_token_that_was_signed_for_something_else_is_not_found(self, subscribed: StudyPlan, salt: str) -> None:
        token = Signer(salt=salt, sep=".").sign(str(subscribed.pk))
        for wrong in (token, str(subscribed.pk), link_for(subscribed).split("/")[-2][:-1]):
            address = reverse("unsubscribe", args=[wrong])
            assert Client().get(address).status_code == Client().post(address).status_code == 404
        assert StudyPlan.objects.get().reminders == "daily"


def test_choice_belongs_to_the_user(client: Client, plan: StudyPlan) -> None:
    other = StudyPlanFactory(user=UserFactory(), reminders="weekly")
    client.post(reverse("reminders"), {"reminders": "daily"})
    other.refresh_from_db()
    assert other.reminders == "weekly"
