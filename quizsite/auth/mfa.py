"""MFA: whether staff still have to use it, and the adapter that encrypts the secrets of authenticators."""

import base64
import secrets

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class Adapter(DefaultMFAAdapter):
    """Adapter that encrypts secrets with a key derived from SECRET_KEY, so that no backup reveals them."""

    def encrypt(self, text: str) -> str:
        """Return the text encrypted and base64-encoded."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the decrypted text, or a random secret that matches no code if SECRET_KEY has changed."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> Fernet:
    secret_key = settings.SECRET_KEY.encode()
    # `info` must never change, or every stored secret becomes unreadable.
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quizsite.factors").derive(secret_key)
    return Fernet(base64.urlsafe_b64encode(key))


def lacks_mfa(request: HttpRequest) -> bool:
    """Return whether MFA is required but was not used in this session.

    It is the session that counts: it may have begun before the user set up MFA.
    """
    return settings.STAFF_MFA and not any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def redirect_to_mfa(request: HttpRequest, next_url: str) -> HttpResponse:
    """Redirect to the page that asks for a code or a passkey, or to the MFA settings if nothing is set up yet."""
    types = Authenticator.Type
    if is_mfa_enabled(request.user, [types.TOTP]):
        return redirect_to_login(next_url, reverse("mfa_reauthenticate"))
    if is_mfa_enabled(request.user, [types.WEBAUTHN]):
        return redirect_to_login(next_url, reverse("mfa_reauthenticate_webauthn"))
    messages.info(request, _("The admin requires two-step login. Set it up here, then go back to the admin."))
    return redirect("mfa_index")
