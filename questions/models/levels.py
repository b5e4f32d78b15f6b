"""What a question is labelled with."""

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
