"""MFA adapter that encrypts the secrets of authenticators in the database."""

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


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
