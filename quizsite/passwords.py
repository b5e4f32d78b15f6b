"""What a password must not be made of, and how one is tried."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from quizsite.sessions import UserBackend

WORDS = ["quizsite", "interview", "question", "password", "practice", "practise", "python", "django", "quiz", "admin"]
SHORTEST = 8


class OwnWordsValidator:
    """Refuses passwords that are long only by the site's name and words that anybody here would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        words = [*WORDS, *re.findall(r"\w{3,}", settings.SITE_NAME.casefold())]
        found = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        left, count = re.subn(found, "", password.casefold())
        if count and len(left) < SHORTEST:
            raise ValidationError(_("Words that this site is about are guessed first. Add some others."))

    def get_help_text(self) -> str:
        """What the form says beforehand."""
        return _("Words that this site is about, such as its name, do not count towards its length.")


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
