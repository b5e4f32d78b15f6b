"""How a user is authenticated by password and read from the session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db.models import IntegerField
from django.http import HttpRequest

from questions.performance.compiled_queries import CompiledQuery, Parameter

_USER = CompiledQuery(lambda: User.objects.filter(pk=Parameter("pk", IntegerField())))


class UserBackend(AuthenticationBackend):
    """allauth's, with users read by a query that is compiled once."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        found = _USER(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


class Backend(UserBackend):
    """Tries a password once, whether an account is found by its name, its address, both or not at all: the time would
    tell which."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        """The account, if the password is its."""
        self.tried: set[Any] = set()
        return super().authenticate(request, **credentials)

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        """The user, if the password is theirs and was not tried before."""
        if user and user.pk in self.tried:
            return None
        self.tried.add(user and user.pk)
        return super()._check_password(user, password)
