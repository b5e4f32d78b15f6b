"""Second factors: how their secrets are kept."""

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Adapter(DefaultMFAAdapter):
    """Encrypts secrets by a key made from SECRET_KEY, so that neither the database nor a backup gives codes away."""

    def encrypt(self, text: str) -> str:
        """The text as only this site can read it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; where SECRET_KEY has changed, another that nobody knows, so that no code fits."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> Fernet:
    """What encrypts and decrypts."""
    kept = settings.SECRET_KEY.encode()
    # Not the name of a module: another value here would make every stored secret unreadable.
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"quizsite.factors").derive(kept)
    return Fernet(base64.urlsafe_b64encode(key))
