"""Models of a candidate's study plan: interview date, minutes a day, days off, topic weights, reminders."""

import uuid
from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owned, OwnedQuerySet, unique_per_owner
from questions.bank.models.topics import Topic
from questions.scheduling.fsrs_memory import DEFAULT_RETENTION
from questions.scheduling.study_day import Calendar

MAX_MINUTES = 480
MIN_RETENTION, MAX_RETENTION = 0.7, 0.97


class Weight(models.IntegerChoices):
    """Weight of a topic in a study plan."""

    LITTLE = 1, _("A little")
    NORMAL = 2, _("Normal")
    MUCH = 3, _("A lot")


class ReminderFrequency(models.TextChoices):
    """How often the candidate is reminded by email."""

    OFF = "off", _("No email")
    DAILY = "daily", _("Every study day")
    WEEKLY = "weekly", _("Once a week, on the first study day")


class StudyPlanQuerySet(OwnedQuerySet):
    """Queryset of study plans."""

    def with_calendar(self, calendar_id: uuid.UUID) -> Self:
        """Filter by the calendar feed; leave out plans of disabled accounts."""
        return self.filter(calendar_id=calendar_id).exclude(user__is_active=False)

    def reminded(self) -> Self:
        """Filter by plans of active users who want reminders by email."""
        return self.exclude(reminders=ReminderFrequency.OFF).filter(user__is_active=True)


class StudyPlan(Owned):
    """An owner's study plan; each owner has at most one."""

    interview_on = models.DateField(_("interview date"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    minutes = models.PositiveSmallIntegerField(
        _("minutes a day"), default=20, validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES)]
    )
    weekdays_off: Any = models.JSONField(_("weekly days off"), default=list, blank=True)  # 0 is Monday
    dates_off: Any = models.JSONField(_("other days off"), default=list, blank=True)  # as 2026-12-24
    retention = models.FloatField(
        _("target recall"),
        default=DEFAULT_RETENTION,
        validators=[MinValueValidator(MIN_RETENTION), MaxValueValidator(MAX_RETENTION)],
    )
    mock_interviews = models.BooleanField(_("mock interviews"), default=True, db_default=True)
    begun_on = models.DateField(_("started on"))
    updated_at = models.DateTimeField(_("updated at"))
    # Part of the address of the calendar feed; null until the owner asks for an address.
    calendar_id = models.UUIDField(_("calendar feed"), null=True, blank=True, unique=True)
    reminders = models.CharField(
        _("email reminders"),
        max_length=10,
        choices=ReminderFrequency,
        default=ReminderFrequency.OFF,
        db_default=ReminderFrequency.OFF,
    )
    # Set with the reminders; empty for plans that chose them before there was more than one language.
    reminder_language = models.CharField(
        _("language of the reminders"), max_length=10, blank=True, default="", db_default=""
    )
    reminded_on = models.DateField(_("study day of the last reminder"), null=True, blank=True)

    objects = StudyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("study plan")
        verbose_name_plural = _("study plans")
        ordering = ["pk"]
        constraints = [
            *Owned.Meta.constraints,
            *unique_per_owner(name="one"),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, MAX_MINUTES)), name="studyplan_minutes_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(retention__range=(MIN_RETENTION, MAX_RETENTION)),
                name="studyplan_retention_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(reminders__in=ReminderFrequency.values), name="studyplan_reminders_known"
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(reminders=ReminderFrequency.OFF),
                name="studyplan_reminders_of_user",
            ),
        ]

    def calendar(self, day: date) -> Calendar:
        """Return the study days of the plan as seen on `day`. The deadline is None if the interview has no date or its
        date is not after `day`."""
        return Calendar(
            begin=self.begun_on,
            deadline=self.interview_on if self.interview_on and self.interview_on > day else None,
            weekdays_off=frozenset(self.weekdays_off),
            dates_off=frozenset(map(date.fromisoformat, self.dates_off)),
        )

    def __str__(self) -> str:
        return f"{self.owner.user_id or self.owner.visitor} · {self.interview_on or '–'}"


class PlanTopic(models.Model):
    """A topic that belongs to a plan, with its weight; topics without a row are not part of the plan."""

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="topics", verbose_name=_("plan"))
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", verbose_name=_("topic"))
    weight = models.PositiveSmallIntegerField(_("weight"), choices=Weight, default=Weight.NORMAL)

    class Meta:
        verbose_name = _("plan topic")
        verbose_name_plural = _("plan topics")
        ordering = ["topic__position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "topic"], name="plantopic_unique"),
            models.CheckConstraint(condition=models.Q(weight__in=Weight.values), name="plantopic_weight_known"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} · {self.get_weight_display()}"
