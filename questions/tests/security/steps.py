"""Helpers for login and MFA."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

PASSWORD = "a long walk by the sea"


def log_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    """Return the response to the login form."""
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


def code_of(secret: str, *, ago: int = 0) -> str:
    """Return the code of an authenticator app now, or some seconds ago."""
    return format_hotp_value(hotp_value(secret, (int(time.time()) - ago) // 30))


def with_app(user) -> str:
    """Set up an authenticator app and recovery codes for the user; return the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_codes_of(user) -> list[str]:
    """Return the user's unused recovery codes."""
    return Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
