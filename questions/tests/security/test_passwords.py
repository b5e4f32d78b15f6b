"""Passwords, and what a stranger learns of whose there are."""

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
    """The page without what is made anew for everybody, and without what was typed."""
    page = re.sub(r'(value="[\w-]{36,}")', "", response.content.decode())
    for text in typed:
        page = page.replace(text, "…")
    return page


class TestKept:
    def test_an_older_hash_becomes_argon2_at_log_in(self, client: Client, settings) -> None:
        settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
        ada = UserFactory(username="ada")
        ada.password = hashers.make_password(PASSWORD, hasher="pbkdf2_sha256")
        ada.save()
        log_in(client, "ada")
        ada.refresh_from_db()
        assert ada.password.startswith("argon2$argon2id$")
        assert ada.check_password(PASSWORD)

    def test_it_counts_as_it_was_typed(self, client: Client) -> None:
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


class TestChosen:
    @pytest.mark.parametrize(
        "password",
        ["short", "password1", "qwertyuiop", "iloveyou1", "Quizsite2026", "django-interview", "ada@example.org"],
    )
    def test_what_is_guessed_first_is_refused(self, client: Client, password: str) -> None:
        sign_up(client, "ada@example.org", password)
        assert not USERS.exists()

    @pytest.mark.parametrize(
        "password", ["kivmqzpd", "48205917364", "quizsite and a long walk", "ключ от дома", "🌊" * 9]
    )
    def test_there_are_no_rules_of_composition(self, client: Client, password: str) -> None:
        sign_up(client, "ada@example.org", password)
        assert USERS.exists()

    def test_fields_are_masked_and_known_to_password_managers(self, client: Client) -> None:
        page = client.get(reverse("account_signup")).content.decode()
        assert page.count('type="password"') == page.count('autocomplete="new-password"') == 2
        assert 'autocomplete="current-password"' in client.get(reverse("account_login")).content.decode()
        assert "onpaste" not in page


def test_nobody_signs_up_as_staff(client: Client) -> None:
    data = {"email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD, "username": "boss"}
    client.post(reverse("account_signup"), data | {"is_staff": "on", "is_superuser": "on", "pk": "1", "groups": "1"})
    ada = USERS.get()
    assert not (ada.is_staff or ada.is_superuser or ada.groups.exists()) and ada.username != "boss"


def test_no_address_carries_a_header_into_a_mail(client: Client, mailoutbox) -> None:
    for address in (
        "ada@example.org\nBcc: eve@example.org",
        "ada@example.org,eve@example.org",
        '"a\r\nTo: e"@example.org',
    ):
        client.post(reverse("account_reset_password"), {"email": address})
    assert mailoutbox == []


class TestWhoIsThere:
    @pytest.mark.parametrize("name", ["ada", "ada@example.org"])
    def test_a_failed_log_in_says_the_same_and_takes_the_same_work(self, name: str, monkeypatch) -> None:
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

    def test_signing_up_with_a_known_address_looks_the_same_and_takes_nothing_over(self, client: Client) -> None:
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

    def test_asking_for_a_new_password_looks_the_same_and_sends_a_mail(self, mailoutbox) -> None:
        UserFactory(username="ada")
        answers = []
        for address in ("ada@example.org", "nobody@example.org"):
            client = Client()
            response = client.post(reverse("account_reset_password"), {"email": address})
            answers.append((response.status_code, response.url, shown(client.get(response.url), address)))
        assert answers[0] == answers[1]
        assert [mail.to for mail in mailoutbox] == [["ada@example.org"], ["nobody@example.org"]]

    def test_a_link_to_a_new_password_works_once(self, client: Client, mailoutbox) -> None:
        ada = UserFactory(username="ada", password=PASSWORD)
        client.post(reverse("account_reset_password"), {"email": ada.email})
        (link,) = re.findall(r"https?://testserver(\S+)", mailoutbox[0].body)
        form = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(form, {"password1": "another long walk", "password2": "another long walk"})
        ada.refresh_from_db()
        assert ada.check_password("another long walk")
        again = Client().get(link, follow=True)
        assert "invalid" in again.content.decode()

    def test_a_link_to_a_new_password_ends(self, client: Client, mailoutbox, settings) -> None:
        ada = UserFactory(username="ada", password=PASSWORD)
        client.post(reverse("account_reset_password"), {"email": ada.email})
        (link,) = re.findall(r"https?://testserver(\S+)", mailoutbox[0].body)
        settings.PASSWORD_RESET_TIMEOUT = -1  # seconds
        assert "invalid" in client.get(link, follow=True).content.decode()
