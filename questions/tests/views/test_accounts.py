"""Account pages, and the transfer of a visitor's attempts at sign-up and login."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from questions.attempts.models import Attempt
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk by the sea"


def test_sign_up_keeps_every_answer(client: Client) -> None:
    attempt = visitor_attempt(client, make_question("true_false"))
    client.post(page_of(attempt), {"go": "check", "choice": "1"})
    data = {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post(reverse("account_signup"), data)
    assert response.url == reverse("home")
    attempt.refresh_from_db()
    assert attempt.user == get_user_model().objects.get(email="ada@example.org")
    assert attempt.visitor is None
    assert attempt.responses.get().is_answered
    assert client.get(page_of(attempt)).status_code == 200


def test_login_claims_visitor_attempts_and_keeps_earlier_ones(client: Client) -> None:
    user = UserFactory(username="ada", password=PASSWORD)
    attempt = visitor_attempt(client, make_question("true_false"))
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert list(Attempt.objects.filter(user=user)) == [attempt]
    assert "visitor" not in client.session


def test_logout_hides_the_account_data(client: Client) -> None:
    user = UserFactory()
    attempt = visitor_attempt(client, make_question("true_false"))
    client.force_login(user)
    assert client.get(page_of(attempt)).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(page_of(attempt)).status_code == 404


def test_password_can_be_reset_by_email(client: Client) -> None:
    UserFactory(email="ada@example.org")
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    assert reverse("account_reset_password") in mail.outbox[0].body


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_account_pages_use_the_site_layout(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert 'id="main"' in page
    assert "btn btn-primary" in page


@pytest.mark.parametrize("name", ["account_change_password", "account_logout"])
def test_account_pages_open_for_users(client: Client, name: str) -> None:
    client.force_login(UserFactory(password=PASSWORD))
    assert client.get(reverse(name)).status_code == 200
