"""MFA, and the admin that requires it."""

import re
import zipfile
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from questions.tests.factories import UserFactory, make_question
from questions.tests.security.steps import PASSWORD, code_of, log_in, recovery_codes_of, with_app

pytestmark = pytest.mark.django_db
ADMIN, SETUP = reverse("admin:index"), reverse("mfa_index")


@pytest.fixture
def boss():
    """Superuser."""
    cache.clear()  # it stores the used codes
    return UserFactory(username="boss", password=PASSWORD, is_staff=True, is_superuser=True)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestLogin:
    def test_app_is_set_up_without_javascript_and_required_at_login(self, client: Client, boss) -> None:
        log_in(client, "boss")
        page = client.get(reverse("mfa_activate_totp"), follow=True)
        if page.redirect_chain:  # asks for the password again
            client.post(page.redirect_chain[-1][0], {"password": PASSWORD})
            page = client.get(reverse("mfa_activate_totp"))
        (secret,) = re.findall(r"<code data-secret>(\w+)</code>", page.content.decode())
        assert "data:image/svg+xml;base64," in page.content.decode()
        page = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
        assert all(code in page.content.decode() for code in recovery_codes_of(boss))
        other = Client()
        assert log_in(other, "boss").url == reverse("mfa_authenticate")
        assert not is_in(other)
        other.post(reverse("mfa_authenticate"), {"code": "000000" if code_of(secret) != "000000" else "111111"})
        assert not is_in(other)
        other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert is_in(other)

    def test_code_works_once(self, boss) -> None:
        code = code_of(with_app(boss))
        for expected in (True, False):
            client = Client()
            log_in(client, "boss")
            client.post(reverse("mfa_authenticate"), {"code": code})
            assert is_in(client) is expected

    def test_code_is_valid_for_half_a_minute(self, client: Client, boss) -> None:
        secret = with_app(boss)
        log_in(client, "boss")
        for ago in (60, 300, -60):
            client.post(reverse("mfa_authenticate"), {"code": code_of(secret, ago=ago)})
        assert not is_in(client)

    def test_recovery_codes_are_long_and_unique(self, boss) -> None:
        with_app(boss)
        codes = recovery_codes_of(boss)
        assert len(set(codes)) == 10 and all(len(code) == 8 and code.isdecimal() for code in codes)

    def test_recovery_code_works_once(self, boss) -> None:
        with_app(boss)
        code = recovery_codes_of(boss)[0]
        for expected in (True, False):
            client = Client()
            log_in(client, "boss")
            client.post(reverse("mfa_authenticate"), {"code": code})
            assert is_in(client) is expected
        assert len(recovery_codes_of(boss)) == 9

    def test_code_attempts_are_limited(self, client: Client, boss, limited) -> None:
        secret = with_app(boss)
        log_in(client, "boss")
        for _ in range(5):
            client.post(reverse("mfa_authenticate"), {"code": "nonsense"})
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert not is_in(client)

    def test_password_reset_does_not_bypass_mfa(self, client: Client, boss, mailoutbox) -> None:
        with_app(boss)
        client.post(reverse("account_reset_password"), {"email": boss.email})
        (link,) = re.findall(r"https?://testserver(\S+)", mailoutbox[0].body)
        page = client.get(link, follow=True)
        client.post(page.redirect_chain[-1][0], {"password1": "another long walk", "password2": "another long walk"})
        assert not is_in(client)
        assert log_in(client, "boss", "another long walk").url == reverse("mfa_authenticate")

    def test_mfa_changes_require_the_password(self, client: Client, boss) -> None:
        client.force_login(boss)
        for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
            assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
        with_app(boss)
        response = client.post(reverse("mfa_deactivate_totp"))
        assert "reauthenticate" in response.url
        assert Authenticator.objects.count() == 2

    def test_keys_of_others_are_not_found(self, client: Client, boss) -> None:
        key = Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "Hers"})
        log_in(client, "boss")
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            address = reverse(name, args=[key.pk])
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            assert client.get(address).status_code == client.post(address).status_code == 404


class TestSecrets:
    def test_database_reveals_no_code(self, boss) -> None:
        secret = with_app(boss)
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in kept
        assert not any(code in kept for code in recovery_codes_of(boss))

    def test_secrets_are_deleted_with_the_account_and_not_exported(self, client: Client) -> None:
        ada = UserFactory(username="ada", password=PASSWORD)
        secret = with_app(ada)
        client.force_login(ada)
        archive = zipfile.ZipFile(BytesIO(client.get(reverse("data-download")).getvalue()))
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "the secrets of your two-step login" in everything
        assert not any(word in everything for word in [secret, *recovery_codes_of(ada)])
        client.post(reverse("data-delete"), {"password": PASSWORD})
        assert not Authenticator.objects.exists()

    def test_changed_secret_key_invalidates_codes(self, client: Client, boss, settings) -> None:
        secret = with_app(boss)
        settings.SECRET_KEY = "another"
        log_in(client, "boss")
        response = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert response.status_code == 200
        assert not is_in(client)

    def test_staff_can_only_list_and_remove_authenticators(self, client: Client, boss) -> None:
        with_app(UserFactory())
        client.force_login(boss)
        factor = Authenticator.objects.get(type="totp")
        page = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk])).content.decode()
        assert "TOTP" in page and factor.data["secret"] not in page
        assert client.get(reverse("admin:mfa_authenticator_add")).status_code == 403
        client.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
        assert not Authenticator.objects.filter(type="totp").exists()


class TestLostAuthenticator:
    """The only administrator has lost their authenticator."""

    def test_host_can_remove_mfa(self, client: Client, boss, capsys) -> None:
        with_app(boss)
        with_app(UserFactory())
        call_command("remove_factors", "boss")
        assert capsys.readouterr().out == "Removed 2 from boss.\n"
        assert Authenticator.objects.count() == 2
        log_in(client, "boss")
        assert is_in(client)

    def test_unknown_user_is_reported(self) -> None:
        with pytest.raises(CommandError, match="no user"):
            call_command("remove_factors", "nobody")


class TestAdmin:
    def test_admin_has_no_login_page(self, client: Client) -> None:
        page = client.get(ADMIN, follow=True)
        assert page.redirect_chain[-1][0] == f"{reverse('account_login')}?next={ADMIN}"
        assert client.post(reverse("admin:login"), {"username": "boss", "password": PASSWORD}).status_code == 302
        assert not is_in(client)

    def test_candidates_are_refused(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert client.get(ADMIN, follow=True).status_code == 403

    def test_password_change_uses_the_site_page(self, client: Client, boss) -> None:
        client.force_login(boss)
        assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")

    def test_mfa_is_required_only_if_configured(self, client: Client, boss) -> None:
        log_in(client, "boss")
        assert client.get(ADMIN).status_code == 200

    def test_required_mfa_must_be_set_up_before_the_admin_opens(self, client: Client, boss, settings) -> None:
        settings.STAFF_MFA = True
        log_in(client, "boss")
        question = make_question("single_choice")
        change = reverse("admin:questions_question_change", args=[question.pk])
        for address in (ADMIN, change, reverse("question-preview", args=[question.pk])):
            page = client.get(address, follow=True)
            assert page.redirect_chain[-1][0] == SETUP
            assert "The admin requires two-step login" in page.content.decode()
        client.post(reverse("admin:auth_user_delete", args=[boss.pk]), {"post": "yes"})
        assert get_user_model().objects.filter(pk=boss.pk).exists()
        assert client.get(reverse("home")).status_code == 200

    def test_session_older_than_the_authenticator_needs_mfa(self, client: Client, boss, settings) -> None:
        settings.STAFF_MFA = True
        log_in(client, "boss")
        secret = with_app(boss)
        page = client.get(ADMIN, follow=True)
        address = page.redirect_chain[-1][0]
        assert address == f"{reverse('mfa_reauthenticate')}?next={ADMIN}"
        assert client.post(address, {"code": code_of(secret), "next": ADMIN}).url == ADMIN
        assert client.get(ADMIN).status_code == 200

    def test_login_with_mfa_opens_the_admin(self, client: Client, boss, settings) -> None:
        settings.STAFF_MFA = True
        secret = with_app(boss)
        log_in(client, "boss", next=ADMIN)
        assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).url == ADMIN
        assert client.get(ADMIN).status_code == 200

    def test_candidates_need_no_mfa(self, client: Client, settings) -> None:
        settings.STAFF_MFA = True
        client.force_login(UserFactory())
        assert client.get(reverse("history")).status_code == 200
