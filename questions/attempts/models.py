"""Models for attempts at a quiz, an exam, a study session or an interview, and for the responses in them."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import functions
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions import secrecy
from questions.accounts.owners import Owned, OwnedQuerySet, Owner
from questions.attempts.quiz_models import Quiz
from questions.bank.models.revisions import QuestionRevision
from questions.enums import EXPLAINED_AT_ONCE, AttemptMode, AttemptStatus, Confidence


class AttemptQuerySet(OwnedQuerySet):
    """Queryset of attempts."""

    def in_mode(self, mode: str) -> "AttemptQuerySet":
        """Filter by mode."""
        return self.filter(mode=mode)

    def with_public_ids(self, public_ids: Iterable[uuid.UUID]) -> "AttemptQuerySet":
        """Filter by public id, for any owner."""
        return self.filter(public_id__in=list(public_ids))

    def in_progress(self) -> "AttemptQuerySet":
        """Filter attempts that have not ended; the deadline may have passed."""
        return self.filter(status=AttemptStatus.IN_PROGRESS)

    def open_at(self, at: datetime) -> "AttemptQuerySet":
        """Filter attempts with time left."""
        return self.in_progress().exclude(deadline_at__lte=at)

    def overdue(self, at: datetime) -> "AttemptQuerySet":
        """Filter attempts in progress whose deadline and grace period have passed."""
        return self.in_progress().filter(deadline_at__lte=at - settings.DEADLINE_GRACE)

    def handed_in(self) -> "AttemptQuerySet":
        """Filter attempts that were handed in by the candidate or at the deadline."""
        return self.filter(status__in=[AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED])

    def started_before(self, attempt: "Attempt") -> "AttemptQuerySet":
        """Filter attempts started before this one, the latest first."""
        return self.filter(started_at__lt=attempt.started_at).latest_first()

    def latest_first(self) -> "AttemptQuerySet":
        return self.order_by("-started_at", "-pk")

    def with_progress(self) -> "AttemptQuerySet":
        """Annotate `question_count` and `answered_count` and, of revealed responses alone, `revealed_count`,
        `unmarked_count` (answers that the candidate has still to mark) and `fraction_sum` (None if nothing is graded).
        """
        revealed = secrecy.revealed("responses__", attempt="")
        return self.annotate(
            question_count=models.Count("responses"),
            answered_count=models.Count("responses", filter=models.Q(responses__answered_at__isnull=False)),
            revealed_count=models.Count("responses", filter=revealed),
            unmarked_count=models.Count(
                "responses",
                filter=revealed & models.Q(responses__answered_at__isnull=False, responses__fraction__isnull=True),
            ),
            fraction_sum=models.Sum("responses__fraction", filter=revealed),
        )

    def with_counts(self) -> "AttemptQuerySet":
        """Annotate `question_count` and `answered_count` as `with_progress` does, but only for the rows of a page."""
        grouped = Response.objects.filter(attempt=models.OuterRef("pk")).order_by().values("attempt")
        number = grouped.annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            question_count=functions.Coalesce(models.Subquery(number), 0),
            answered_count=functions.Coalesce(models.Subquery(number.filter(answered_at__isnull=False)), 0),
        )

    def with_regraded(self) -> "AttemptQuerySet":
        """Annotate `is_regraded`: whether a regrade changed a response of the attempt."""
        regraded = Response.objects.filter(attempt=models.OuterRef("pk"), regradings__isnull=False)
        return self.annotate(is_regraded=models.Exists(regraded))


class Attempt(Owned):
    """One attempt at a list of questions, by one owner."""

    public_id = models.UUIDField(_("public ID"), unique=True, default=uuid.uuid4)
    quiz = models.ForeignKey(Quiz, models.SET_NULL, null=True, blank=True, verbose_name=_("quiz"))
    title = models.CharField(_("title"), max_length=200)
    mode = models.CharField(_("mode"), max_length=20, choices=AttemptMode, default=AttemptMode.PRACTICE)
    status = models.CharField(
        _("status"), max_length=20, choices=AttemptStatus, default=AttemptStatus.IN_PROGRESS, db_index=True
    )
    seed = models.PositiveBigIntegerField(_("seed"))
    started_at = models.DateTimeField(_("started at"))
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    imported_at = models.DateTimeField(
        _("imported at"),
        null=True,
        blank=True,
        help_text=_("When the candidate imported it. Imported attempts don't count in statistics."),
    )

    closing_question = models.TextField(_("question to the interviewer"), blank=True, default="", db_default="")

    # Set by `AttemptQuerySet.with_progress`.
    question_count: int
    answered_count: int
    revealed_count: int
    unmarked_count: int
    fraction_sum: float | None

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at", "-pk"]
        constraints = [
            *Owned.Meta.constraints,
            models.CheckConstraint(condition=models.Q(mode__in=AttemptMode.values), name="attempt_mode_known"),
            models.CheckConstraint(condition=models.Q(status__in=AttemptStatus.values), name="attempt_status_known"),
            models.CheckConstraint(
                condition=models.Q(status=AttemptStatus.IN_PROGRESS, submitted_at__isnull=True)
                | (~models.Q(status=AttemptStatus.IN_PROGRESS) & models.Q(submitted_at__isnull=False)),
                name="attempt_submitted_when_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline_at__isnull=True) | models.Q(deadline_at__gt=models.F("started_at")),
                name="attempt_deadline_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.started_at:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        return reverse("attempt", args=[self.public_id])

    @property
    def is_open(self) -> bool:
        """Return whether the attempt has not ended; `attempts.services.close_if_due` applies the deadline."""
        return self.status == AttemptStatus.IN_PROGRESS

    def is_time_up(self, at: datetime) -> bool:
        """Return whether the deadline has passed; saves that were sent before may arrive until `is_overdue`."""
        return self.deadline_at is not None and self.deadline_at <= at

    def is_overdue(self, at: datetime) -> bool:
        """Return whether the grace period after the deadline has passed as well."""
        return self.is_time_up(at - settings.DEADLINE_GRACE)

    @property
    def is_session(self) -> bool:
        """Return whether it is a session of the study plan, which can be stopped at any time."""
        return self.mode == AttemptMode.TODAY

    @property
    def is_interview(self) -> bool:
        return self.mode == AttemptMode.INTERVIEW

    @property
    def explains_at_once(self) -> bool:
        """Return whether each answer is explained as soon as it is saved, and therefore final."""
        return self.mode in EXPLAINED_AT_ONCE


class ResponseQuerySet(models.QuerySet["Response"]):
    """Queryset of responses."""

    def with_question(self) -> "ResponseQuerySet":
        """Join the revision, the question, the topic and the parts of the guide that teach the question."""
        return self.select_related(
            "revision__question__topic",
            "revision__question__takeaway__guide__topic",
            "revision__question__faq__guide__topic",
        )

    def for_page(self) -> "ResponseQuerySet":
        """Join as `with_question` does, plus the attempt; load only the columns of the question page."""
        columns = ("attempt", "position", "option_order", "answer", "fraction", "confidence", "flagged", "answered_at")
        saves = ("duration", "saved_from", "save_number")
        topics = ("topic__slug", "takeaway__guide__topic__slug", "faq__guide__topic__slug")
        names = ("slug", "topic__title", "takeaway__slug", "faq__slug", "faq__question", *topics)
        content = ("revision__content", "revision__digest")
        question = tuple(f"revision__question__{name}" for name in names)
        return self.with_question().select_related("attempt").only(*columns, *saves, *content, *question)

    def of_attempts(self, attempts: Iterable[Attempt]) -> "ResponseQuerySet":
        """Filter by attempt."""
        return self.filter(attempt__in=list(attempts))

    def owned_by(self, owner: Owner) -> "ResponseQuerySet":
        """Filter by owner of the attempt."""
        if owner.user_id is not None:
            return self.filter(attempt__user=owner.user_id)
        return self.filter(attempt__visitor=owner.visitor) if owner.visitor else self.none()

    def revealed(self) -> "ResponseQuerySet":
        """Responses whose key, grade and outcome may be shown now, as `Response.is_revealed` says of one."""
        return self.filter(secrecy.revealed())

    def answered(self) -> "ResponseQuerySet":
        return self.filter(answered_at__isnull=False)

    def unanswered(self) -> "ResponseQuerySet":
        return self.filter(answered_at__isnull=True)

    def undoable_since(self, at: datetime) -> "ResponseQuerySet":
        """Filter revealed answers since then that feed the schedule, or will once marked, and were not undone."""
        reviewed = models.Q(review__isnull=False, review__undone_at__isnull=True)
        unmarked = models.Q(review__isnull=True, fraction__isnull=True)
        running = models.Q(attempt__status=AttemptStatus.IN_PROGRESS)  # few attempts, so that few answers are read
        recent = self.filter(running | models.Q(attempt__submitted_at__gte=at), answered_at__gte=at)
        return recent.revealed().filter(reviewed | unmarked)

    def graded(self) -> "ResponseQuerySet":
        """Filter responses with a fraction, which may be 0."""
        return self.filter(fraction__isnull=False)

    def to_question(self, question: Any) -> "ResponseQuerySet":
        """Filter responses to any revision of the question."""
        return self.filter(revision__question=question)

    def running(self) -> "ResponseQuerySet":
        """Filter responses in attempts that have not ended."""
        return self.filter(attempt__status=AttemptStatus.IN_PROGRESS)

    def ended(self) -> "ResponseQuerySet":
        return self.exclude(attempt__status=AttemptStatus.IN_PROGRESS)

    def with_regradings(self) -> "ResponseQuerySet":
        """Prefetch the regrades of each response, the oldest first."""
        return self.prefetch_related("regradings__regrade")

    def last_of_each_question(self, owner: Owner) -> "ResponseQuerySet":
        """Filter the owner's latest revealed answer to each published question."""
        age = models.Window(
            functions.RowNumber(),
            partition_by=models.F("revision__question"),
            order_by=[models.F("answered_at").desc(), models.F("pk").desc()],
        )
        mine = self.owned_by(owner).revealed().answered()
        return mine.filter(revision__question__status="published").annotate(age=age).filter(age=1)


class Response(models.Model):
    """A question asked in an attempt, and the answer to it."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses", verbose_name=_("attempt"))
    position = models.PositiveSmallIntegerField(_("position"))
    revision = models.ForeignKey(QuestionRevision, models.PROTECT, related_name="responses", verbose_name=_("revision"))
    option_order = models.JSONField(_("order of the options"), default=list)
    answer: Any = models.JSONField(_("answer"), null=True, blank=True)
    fraction = models.FloatField(_("fraction"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    flagged = models.BooleanField(_("flagged"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    duration = models.DurationField(_("time taken"), null=True, blank=True)
    saved_from = models.UUIDField(_("page that saved the answer"), null=True, blank=True)  # see `PageSave`
    save_number = models.PositiveIntegerField(_("save number"), default=0, db_default=0)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_unique"),
            models.CheckConstraint(
                condition=models.Q(fraction__isnull=True) | models.Q(fraction__range=(0, 1)),
                name="response_fraction_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__in=["", *Confidence.values]), name="response_confidence_known"
            ),
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True, answered_at__isnull=True, fraction__isnull=True)
                | models.Q(answer__isnull=False, answered_at__isnull=False),
                name="response_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.position}"

    @property
    def is_revealed(self) -> bool:
        """Whether its key, grade and outcome may be shown now."""
        attempt = self.attempt
        return secrecy.is_revealed(status=attempt.status, mode=attempt.mode, answered_at=self.answered_at)

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
