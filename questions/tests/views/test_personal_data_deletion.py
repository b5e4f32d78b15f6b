"""The page that deletes one's data or account: what it asks first, and what is gone afterwards."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt, Response
from questions.problem_reports.models import QuestionReport
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data.test_deletion import left_of
from questions.tests.personal_data_factories import MARK, fill, make_bank, taken
from questions.tests.views.personal_data_steps import BOTH, DELETE, DOWNLOAD, PASSWORD, as_user, as_visitor

pytestmark = pytest.mark.django_db


class TestDelete:
    @BOTH
    def test_page_lists_what_is_deleted_and_offers_the_download(self, client: Client, enter) -> None:
        fill(enter(client), make_bank())
        page = " ".join(client.get(DELETE).content.decode().split())
        for words in (
            "5 quizzes and interviews with 20 answers",
            "your study plan",
            "the review schedule of 9 questions, with 14 reviews",
            "3 notes",
        ):
            assert words in page
        assert "3 bookmarks" in page and "your text in 2 problem reports" in page and DOWNLOAD in page
        assert ("your account" in page) == (enter is as_user)

    def test_user_is_deleted_after_the_password(self, client: Client) -> None:
        owner = as_user(client, username="ada", email=f"{MARK}@example.org")
        elsewhere = Client()
        elsewhere.force_login(User.objects.get(pk=owner.user_id))
        fill(owner, make_bank())
        client.cookies.load({"theme": "dark", "zone": "Asia/Tokyo", "chosen_zone": "Europe/Berlin"})
        response = client.post(DELETE, {"password": PASSWORD})
        assert "Your data was deleted" in response.content.decode()
        assert not User.objects.filter(username="ada").exists()
        assert not Session.objects.exists()
        assert elsewhere.get(reverse("account")).status_code == 302
        assert Client().post(reverse("account_login"), {"login": "ada", "password": PASSWORD}).status_code == 200
        gone = {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0}
        assert gone >= {"sessionid", "theme", "zone", "chosen_zone"}
        assert left_of([MARK]) == []
        assert "Log in" in client.get("/").content.decode()

    def test_visitor_is_deleted_after_the_checkbox(self, client: Client) -> None:
        owner = as_visitor(client)
        fill(owner, make_bank())
        assert "This field is required." in client.post(DELETE).content.decode()
        assert Attempt.objects.owned_by(owner).exists()
        assert "Your data was deleted" in client.post(DELETE, {"sure": "on"}).content.decode()
        assert left_of([MARK, str(owner.visitor), owner.visitor.hex]) == []
        assert QuestionReport.objects.count() == 2
        assert client.get(DELETE).status_code == 302

    @pytest.mark.parametrize("sent", [{}, {"password": "wrong"}, {"sure": "on"}, {"name": "ada@example.org"}])
    def test_wrong_password_deletes_nothing(self, client: Client, sent: dict[str, str]) -> None:
        owner = as_user(client, email="ada@example.org")
        taken(owner, [make_question()])
        page = client.post(DELETE, sent).content.decode()
        assert "Nothing was deleted" in page or "This field is required" in page
        assert Response.objects.owned_by(owner).exists()

    def test_password_attempts_are_limited(self, client: Client, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
        cache.clear()
        as_user(client)
        pages = [client.post(DELETE, {"password": "wrong"}).content.decode() for _ in range(2)]
        pages.append(client.post(DELETE, {"password": PASSWORD}).content.decode())
        assert ["Too many attempts" in page for page in pages] == [False, False, True]
        assert User.objects.exists()
        cache.clear()

    @pytest.mark.parametrize(("email", "typed"), [("Ada@example.org", "ada@example.org"), ("", "ada")])
    def test_user_without_password_confirms_with_the_address(self, client: Client, email: str, typed: str) -> None:
        user = UserFactory(username="ada", email=email)
        user.set_unusable_password()
        user.save()
        client.force_login(user)
        assert "Nothing was deleted" in client.post(DELETE, {"name": "grace@example.org"}).content.decode()
        assert "Your data was deleted" in client.post(DELETE, {"name": typed}).content.decode()
        assert not User.objects.exists()

    def test_last_superuser_gets_instructions(self, client: Client) -> None:
        as_user(client, is_superuser=True)
        page = client.post(DELETE, {"password": PASSWORD}).content.decode()
        assert "you are the only superuser" in page and "In the admin, under Users" in page
        UserFactory(is_superuser=True)
        assert "Your data was deleted" in client.post(DELETE, {"password": PASSWORD}).content.decode()

    def test_cross_site_form_deletes_nothing(self) -> None:
        client = Client(enforce_csrf_checks=True)
        as_user(client)
        assert client.post(DELETE, {"password": PASSWORD}).status_code == 403
        assert User.objects.exists()

    def test_forms_of_the_confirmation_page_work(self) -> None:
        client = Client(enforce_csrf_checks=True)
        as_user(client)
        token = client.get(DELETE).context["csrf_token"]
        before = client.cookies["csrftoken"].value
        page = client.post(DELETE, {"password": PASSWORD, "csrfmiddlewaretoken": str(token)})
        assert client.cookies["csrftoken"].value not in ("", before)
        sent = {"theme": "dark", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
        assert client.post(reverse("preferences"), sent).status_code == 302
