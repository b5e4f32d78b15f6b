"""Validator that refuses passwords made of words related to the site."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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
