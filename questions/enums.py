"""Enumerations with labels that several features share: statuses, levels and modes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Difficulty(models.TextChoices):
    """Intended difficulty of a question."""

    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class Seniority(models.TextChoices):
    """Level of the candidates whom an interviewer would ask the question."""

    JUNIOR = "junior", _("Junior")
    MID = "mid", _("Mid-level")
    SENIOR = "senior", _("Senior")


class Task(models.TextChoices):
    """What a machine-graded question asks the candidate to do; open questions have none."""

    SCENARIO = "scenario", _("Decide what to do")
    PREDICT = "predict", _("Predict the result")
    DEBUG = "debug", _("Find the bug")
    RECALL = "recall", _("Recall")


class Status(models.TextChoices):
    """Editorial status of a question."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In editorial review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Mode(models.TextChoices):
    """Mode of a quiz."""

    PRACTICE = "practice", _("Practice: each answer is explained at once")
    EXAM = "exam", _("Exam: graded at the end")


class AttemptStatus(models.TextChoices):
    """Status of an attempt."""

    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Finished")
    EXPIRED = "expired", _("Time ran out")
    ABANDONED = "abandoned", _("Given up")


TRANSITIONS: dict[str, frozenset[str]] = {
    AttemptStatus.IN_PROGRESS: frozenset({AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED, AttemptStatus.ABANDONED}),
    AttemptStatus.SUBMITTED: frozenset(),
    AttemptStatus.EXPIRED: frozenset(),
    AttemptStatus.ABANDONED: frozenset(),
}


class Confidence(models.TextChoices):
    """How sure the candidate was, stated before the result is shown; it never affects the score."""

    GUESS = "guess", _("Guess")
    UNSURE = "unsure", _("Unsure")
    SURE = "sure", _("Sure")


class AttemptMode(models.TextChoices):
    """Mode of an attempt: a quiz mode, a session of the study plan, or a mock interview."""

    PRACTICE = Mode.PRACTICE.value, Mode.PRACTICE.label
    EXAM = Mode.EXAM.value, Mode.EXAM.label
    TODAY = "today", _("Today's session: reviews and new questions")
    INTERVIEW = "interview", _("Mock interview: marked at the end")
    PLACEMENT = "placement", _("Placement test: each answer decides what is asked next")


# The next question of a placement test tells how the last one was answered, so it is explained as well.
EXPLAINED_AT_ONCE = (AttemptMode.PRACTICE, AttemptMode.TODAY, AttemptMode.PLACEMENT)
STOPPED_ANYWHERE = (AttemptMode.TODAY, AttemptMode.PLACEMENT)  # at the end, unanswered questions are removed
