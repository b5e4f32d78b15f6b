"""Where an attempt stands, how it is taken, and how sure somebody is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.models.quizzes import Mode


class AttemptStatus(models.TextChoices):
    """Where an attempt stands."""

    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Handed in")
    EXPIRED = "expired", _("Time ran out")
    ABANDONED = "abandoned", _("Abandoned")


TRANSITIONS: dict[str, frozenset[str]] = {
    AttemptStatus.IN_PROGRESS: frozenset({AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED, AttemptStatus.ABANDONED}),
    AttemptStatus.SUBMITTED: frozenset(),
    AttemptStatus.EXPIRED: frozenset(),
    AttemptStatus.ABANDONED: frozenset(),
}


class Confidence(models.TextChoices):
    """How sure the candidate was, said before the answer is shown; never part of the score."""

    GUESS = "guess", _("Guess")
    UNSURE = "unsure", _("Unsure")
    SURE = "sure", _("Sure")


class AttemptMode(models.TextChoices):
    """How an attempt is taken: as a quiz, or as a session of the plan, or as an interview."""

    PRACTICE = Mode.PRACTICE.value, Mode.PRACTICE.label
    EXAM = Mode.EXAM.value, Mode.EXAM.label
    TODAY = "today", _("Today: review and new questions of the plan")
    INTERVIEW = "interview", _("Mock interview: the answers are discussed at the end")


EXPLAINED_AT_ONCE = (AttemptMode.PRACTICE, AttemptMode.TODAY)
