"""How users log in with a password, and how a session's user is read."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from questions.performance.session_queries import user_with_pk


class Backend(AuthenticationBackend):
    """allauth's backend, which checks a password once for each account that it tries.

    allauth looks for an account by email, then by username. If it checked the password for both, the time would tell
    which accounts exist.
    """

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Return the session's user; None if the account was deleted or deactivated."""
        user = user_with_pk(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        """Return the user with these credentials; None if there is none."""
        self.tried: set[Any] = set()
        return super().authenticate(request, **credentials)

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        """Return the user if the password is right and was not checked before."""
        if user and user.pk in self.tried:
            return None
        self.tried.add(user and user.pk)
        return super()._check_password(user, password)
