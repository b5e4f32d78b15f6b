"""Sessions: new at login, ended on the server."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question
from questions.tests.security.steps import PASSWORD, log_in
from quizsite.auth.sessions import FORMER_BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(username="ada", password=PASSWORD)


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_login_changes_the_session_key(client: Client, ada) -> None:
    visitor_attempt(client, make_question("true_false"))
    before = client.cookies["sessionid"].value
    log_in(client, "ada")
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


def test_foreign_session_key_is_not_accepted(client: Client, ada) -> None:
    client.cookies["sessionid"] = "a" * 32
    log_in(client, "ada")
    assert client.cookies["sessionid"].value != "a" * 32


def test_cookie_is_httponly_and_samesite(client: Client, ada) -> None:
    cookie = log_in(client, "ada").cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]


def test_session_key_is_long(client: Client, ada) -> None:
    log_in(client, "ada")
    assert len(client.cookies["sessionid"].value) == 32  # of 36 characters each: 165 bits


def test_logout_needs_a_form_and_ends_the_session_on_the_server(client: Client, ada) -> None:
    log_in(client, "ada")
    key = client.cookies["sessionid"].value
    client.get(reverse("account_logout"))
    assert is_in(client)
    client.post(reverse("account_logout"))
    client.cookies["sessionid"] = key
    assert not is_in(client)


def test_session_from_before_an_upgrade_stays_logged_in(client: Client, ada) -> None:
    client.force_login(ada)
    session = client.session
    session[BACKEND_SESSION_KEY] = FORMER_BACKEND
    session.save()
    assert Session.objects.get(pk=session.session_key).get_decoded()[BACKEND_SESSION_KEY] == FORMER_BACKEND
    assert is_in(client)
    session = client.session
    session.save()
    decoded = Session.objects.get(pk=session.session_key).get_decoded()
    assert decoded[BACKEND_SESSION_KEY] == settings.AUTHENTICATION_BACKENDS[0]


def test_password_change_ends_other_sessions(client: Client, ada) -> None:
    other = Client()
    for one in (client, other):
        log_in(one, "ada")
    data = {"oldpassword": PASSWORD, "password1": "another long walk", "password2": "another long walk"}
    client.post(reverse("account_change_password"), data)
    assert is_in(client) and not is_in(other)


def test_user_can_end_other_sessions(client: Client, ada) -> None:
    other, somebody = Client(), Client()
    for one in (client, other):
        log_in(one, "ada")
    somebody.force_login(UserFactory())
    page = client.post(reverse("log-out-elsewhere"), follow=True).content.decode()
    assert "logged out of 1 other browser." in page
    assert is_in(client) and is_in(somebody) and not is_in(other)


def test_password_change_requires_the_old_password(client: Client, ada) -> None:
    log_in(client, "ada")
    data = {"oldpassword": "wrong", "password1": "another long walk", "password2": "another long walk"}
    client.post(reverse("account_change_password"), data)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_disabled_user_is_logged_out_at_once(client: Client, ada) -> None:
    log_in(client, "ada")
    ada.is_active = False
    ada.save()
    assert not is_in(client)
    assert log_in(client, "ada").url == reverse("account_inactive")
    ada.is_active = True
    ada.save()
    log_in(client, "ada")
    boss = Client()
    boss.force_login(UserFactory(is_staff=True, is_superuser=True))
    data = {"password1": "another long walk", "password2": "another long walk", "usable_password": "true"}
    boss.post(reverse("admin:auth_user_password_change", args=[ada.pk]), data)
    assert not is_in(client)


def test_email_change_requires_the_password(client: Client, ada) -> None:
    client.force_login(ada)
    response = client.post(reverse("account_email"), {"action_add": "", "email": "thief@example.org"})
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not get_user_model().objects.filter(emailaddress__email="thief@example.org").exists()


def test_logins_are_logged_without_submitted_values(client: Client, ada, caplog) -> None:
    caplog.set_level("INFO", "quizsite.security")
    log_in(client, "ada", "a wrong one")
    log_in(client, "ada")
    client.post(reverse("account_logout"))
    told = [record.getMessage() for record in caplog.records if record.name == "quizsite.security"]
    assert told == ["A login failed", f"User {ada.pk} logged in", f"User {ada.pk} logged out"]
    assert "ada" not in caplog.text.replace("quizsite", "") and PASSWORD not in caplog.text


def test_refusals_are_logged(client: Client, ada, caplog, limited) -> None:
    client.force_login(ada)
    client.get(reverse("admin:index"), follow=True)
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ada"})
    client.get("/nowhere/")
    for _ in range(61):
        client.get(reverse("search"), {"q": "walrus"})
    told = [record.getMessage() for record in caplog.records if record.name.startswith("django.")]
    for words in (
        "Forbidden (Permission denied)",
        "Forbidden (CSRF",
        "Not Found: /nowhere/",
        "Too Many Requests: /search/",
    ):
        assert any(message.startswith(words) for message in told), words
