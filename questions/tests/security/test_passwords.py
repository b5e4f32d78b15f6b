"""Passwords, and protection against account enumeration."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model, hashers
from django.test import Client
from django.urls import reverse

from questions.tests.factories import UserFactory
from questions.tests.security.steps import PASSWORD, log_in
from quizsite import settings as production

pytestmark = pytest.mark.django_db
USERS = get_user_model().objects


def sign_up(client: Client, email: str, password: str = PASSWORD):
    return client.post(reverse("account_signup"), {"email": email, "password1": password, "password2": password})


def shown(response, *typed: str) -> str:
    """Return the page without tokens and without submitted values."""
    page = re.sub(r'(value="[\w-]{36,}")', "", response.content.decode())
    for text in typed:
        page = page.replace(text, "…")
    return page


class TestStorage:
    def test_older_hash_becomes_argon2_at_login(self, client: Client, settings) -> None:
        settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
        ada = UserFactory(username="ada")
        ada.password = hashers.make_password(PASSWORD, hasher="pbkdf2_sha256")
        ada.save()
        log_in(client, "ada")
        ada.refresh_from_db()
        assert ada.password.startswith("argon2$argon2id$")
        assert ada.check_password(PASSWORD)

    def test_password_is_not_altered(self, client: Client) -> None:
        password = "  Ein Gang am Meer, ÄÖ\u00a0" + "x" * 120
        sign_up(client, "ada@example.org", password)
        for typed, fits in (
            (password, True),
            (password.strip(), False),
            (password.lower(), False),
            (password[:72], False),
        ):
            other = Client()
            log_in(other, "ada@example.org", typed)
            assert ("_auth_user_id" in other.session) is fits


class TestChoice:
    @pytest.mark.parametrize(
        "password",
        ["short", "password1", "qwertyuiop", "iloveyou1", "Quizsite2026", "django-interview", "ada@example.org"],
    )
    def test_easily_guessed_password_is_refused(self, client: Client, password: str) -> None:
        sign_up(client, "ada@example.org", password)
        assert not USERS.exists()

    @pytest.mark.parametrize(
        "password", ["kivmqzpd", "48205917364", "quizsite and a long walk", "ключ от дома", "🌊" * 9]
    )
    def test_there_are_no_composition_rules(self, client: Client, password: str) -> None:
        sign_up(client, "ada@example.org", password)
        assert USERS.exists()

    def test_fields_are_masked_and_support_password_managers(self, client: Client) -> None:
        page = client.get(reverse("account_signup")).content.decode()
        assert page.count('type="password"') == page.count('autocomplete="new-password"') == 2
        assert 'autocomplete="current-password"' in client.get(reverse("account_login")).content.decode()
        assert "onpaste" not in page


def test_sign_up_cannot_create_staff(client: Client) -> None:
    data = {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD, "username": "boss"}
    client.post(reverse("account_signup"), data | {"is_staff": "on", "is_superuser": "on", "pk": "1", "groups": "1"})
    ada = USERS.get()
    assert not (ada.is_staff or ada.is_superuser or ada.groups.exists()) and ada.username != "boss"


def test_email_address_cannot_inject_headers(client: Client, mailoutbox) -> None:
    for address in (
        "ada@example.org\nBcc: eve@example.org",
        "ada@example.org,eve@example.org",
        '"a\r\nTo: e"@example.org',
    ):
        client.post(reverse("account_reset_password"), {"email": address})
    assert mailoutbox == []


class TestEnumeration:
    @pytest.mark.parametrize("name", ["ada", "ada@example.org"])
    def test_failed_login_reveals_no_account(self, name: str, monkeypatch) -> None:
        work, real = [], hashers.MD5PasswordHasher.encode

        def encode(*given):
            work.append("hashed")
            return real(*given)

        monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
        unknown = log_in(Client(), name, "wrong")
        expected = len(work)
        UserFactory(username="ada", email="ada@example.org", password=PASSWORD)
        work.clear()
        known = log_in(Client(), name, "wrong")
        assert len(work) == expected > 0
        assert known.status_code == unknown.status_code == 200
        assert shown(known) == shown(unknown)

    def test_sign_up_with_a_known_address_reveals_no_account(self, client: Client) -> None:
        new, old = Client(), Client()
        first = sign_up(new, "new@example.org")
        ada = UserFactory(username="ada", email="ada@example.org", password="another one of hers")
        EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
        second = sign_up(old, "ada@example.org")
        assert (first.status_code, first.url) == (second.status_code, second.url)
        told = [re.findall(r'<div class="alert.*?</div>', shown(one.get(first.url)), re.DOTALL) for one in (new, old)]
        assert len(told[0]) == len(told[1])
        assert old.session["_auth_user_id"] != str(ada.pk)
        log_in(client, "ada@example.org", "another one of hers")
        assert client.session["_auth_user_id"] == str(ada.pk)

    def test_password_reset_reveals_no_account(self, mailoutbox) -> None:
        UserFactory(username="ada")
        answers = []
        for address in ("ada@example.org", "nobody@example.org"):
            client = Client()
            response = client.post(reverse("account_reset_password"), {"email": address})
            answers.append((response.status_code, response.url, shown(client.get(response.url), address)))
        assert answers[0] == answers[1]
        assert [mail.to for mail in mailoutbox] == [["ada@example.org"], ["nobody@example.org"]]

    def test_reset_link_works_once(self, client: Client, mailoutbox) -> None:
        ada = UserFactory(username="ada", password=PASSWORD)
        client.post(reverse("account_reset_password"), {"email": ada.email})
        (link,) = re.findall(r"https?://testserver(\S+)", mailoutbox[0].body)
        form = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(form, {"password1": "another long walk", "password2": "another long walk"})
        ada.refresh_from_db()
        assert ada.check_password("another long walk")
        again = Client().get(link, follow=True)
        assert "invalid" in again.content.decode()

    def test_reset_link_expires(self, client: Client, mailoutbox, settings) -> None:
        ada = UserFactory(username="ada", password=PASSWORD)
        client.post(reverse("account_reset_password"), {"email": ada.email})
        (link,) = re.findall(r"https?://testserver(\S+)", mailoutbox[0].body)
        settings.PASSWORD_RESET_TIMEOUT = -1  # seconds
        assert "invalid" in client.get(link, follow=True).content.decode()
