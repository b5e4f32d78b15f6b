"""Rate limits of allauth's forms and of our own."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from questions.problem_reports.models import QuestionReport
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question
from questions.tests.security.steps import PASSWORD, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limited")]
REFUSED = "Too many requests"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_password_of_an_account_has_five_attempts(client: Client) -> None:
    UserFactory(username="ada", password=PASSWORD)
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "ada", "wrong")
    page = log_in(client, "ada")
    assert "Too many failed" in page.content.decode()
    assert not is_in(client)


def test_attempts_on_many_accounts_are_limited_by_network(client: Client) -> None:
    UserFactory(username="ada", password=PASSWORD)
    for number in range(10):
        log_in(client, f"somebody-{number}", "wrong")
    log_in(client, "ada")
    assert not is_in(client)
    other = Client(REMOTE_ADDR="203.0.113.9")
    log_in(other, "ada")
    assert is_in(other)


@pytest.mark.parametrize(
    ("name", "data", "times"),
    [
        ("account_login", {"login": "ada", "password": "wrong"}, 30),
        ("account_signup", {"email": "not one"}, 20),
        ("account_reset_password", {"email": "{}@example.org"}, 20),
        ("mfa_login_webauthn", {}, 10),
    ],
)
def test_account_forms_are_limited_by_network(client: Client, name: str, data, times: int) -> None:
    def send(client: Client, number: int):
        return client.post(reverse(name), {key: value.format(number) for key, value in data.items()})

    for number in range(times):
        assert send(client, number).status_code != 429
    page = send(client, times)
    assert page.status_code == 429
    assert REFUSED in page.content.decode()
    assert send(Client(REMOTE_ADDR="203.0.113.9"), times + 1).status_code != 429


def test_password_reset_emails_are_limited(mailoutbox) -> None:
    UserFactory(username="ada")
    for number in range(9):
        address = {"email": "ada@example.org"}
        Client(REMOTE_ADDR=f"203.0.113.{number}").post(reverse("account_reset_password"), address)
    assert len(mailoutbox) == 5


def test_searches_are_limited(client: Client) -> None:
    for _ in range(60):
        assert client.get(reverse("search"), {"q": "walrus"}).status_code == 200
    assert REFUSED in client.get(reverse("search"), {"q": "walrus"}).content.decode()
    assert client.get(reverse("search")).status_code == 200


def test_reports_are_limited_by_owner_and_network(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"report": "2/h/key,3/h/ip"}

    def report(client: Client) -> int:
        """Send a report, and return how many there are."""
        attempt = visitor_attempt(client, make_question("single_choice"))
        client.post(reverse("report", args=[attempt.public_id, 1]), {"reason": "typo"}, follow=True)
        return QuestionReport.objects.count()

    assert [report(client) for _ in range(3)] == [1, 2, 2]
    assert report(Client()) == 3
    assert report(Client()) == 3
    assert report(Client(REMOTE_ADDR="203.0.113.9")) == 4


def test_limit_expires(client: Client, settings, monkeypatch) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"search": "1/m/ip"}
    now = 1_800_000_000.0
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now)
    answers = [client.get(reverse("search"), {"q": "walrus"}).status_code for _ in range(2)]
    now += 61
    answers.append(client.get(reverse("search"), {"q": "walrus"}).status_code)
    assert answers == [200, 429, 200]
    cache.clear()
