"""Values with labels that several features share: statuses, levels and modes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Difficulty(models.TextChoices):
    """How hard a question is meant to be."""

    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class Seniority(models.TextChoices):
    """For whom an interviewer would ask it."""

    JUNIOR = "junior", _("Junior")
    MID = "mid", _("Mid-level")
    SENIOR = "senior", _("Senior")


class Task(models.TextChoices):
    """What a graded question asks one to do; open questions need none."""

    SCENARIO = "scenario", _("Decide in a situation")
    PREDICT = "predict", _("Predict the result")
    DEBUG = "debug", _("Find the bug")
    RECALL = "recall", _("Recall")


class Status(models.TextChoices):
    """Where a question stands on its way to candidates."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Mode(models.TextChoices):
    """How an attempt is taken."""

    PRACTICE = "practice", _("Practice: each answer is explained at once")
    EXAM = "exam", _("Exam: graded at the end")


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
