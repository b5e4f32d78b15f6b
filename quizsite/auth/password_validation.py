"""Password validator that ignores words related to the site when it measures the length."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ["quizsite", "interview", "question", "password", "practice", "practise", "python", "django", "quiz", "admin"]
MIN_OTHER_CHARACTERS = 8


class OwnWordsValidator:
    """Password validator that refuses passwords too short without the site's name and other easily guessed words."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if fewer than MIN_OTHER_CHARACTERS remain without such words."""
        words = [*WORDS, *re.findall(r"\w{3,}", settings.SITE_NAME.casefold())]
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        rest, count = re.subn(pattern, "", password.casefold())
        if count and len(rest) < MIN_OTHER_CHARACTERS:
            raise ValidationError(_("Words related to this site are easy to guess. Add other words."))

    def get_help_text(self) -> str:
        return _("Words related to this site, such as its name, do not count towards the length of your password.")
