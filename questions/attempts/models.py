"""Attempts at a quiz, and the responses given in them."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import functions
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owned, OwnedQuerySet, Owner
from questions.attempts.quiz_models import Quiz
from questions.bank.models.revisions import QuestionRevision
from questions.enums import EXPLAINED_AT_ONCE, AttemptMode, AttemptStatus, Confidence


class AttemptQuerySet(OwnedQuerySet):
    """Attempts by state."""

    def in_mode(self, mode: str) -> "AttemptQuerySet":
        """Those taken in that way."""
        return self.filter(mode=mode)

    def named(self, public_ids: Iterable[uuid.UUID]) -> "AttemptQuerySet":
        """Those with these public ids, whoever's they are."""
        return self.filter(public_id__in=list(public_ids))

    def in_progress(self) -> "AttemptQuerySet":
        """Those that can still be answered, if their time has not run out."""
        return self.filter(status=AttemptStatus.IN_PROGRESS)

    def open_at(self, at: datetime) -> "AttemptQuerySet":
        """Those that can still be answered at that time."""
        return self.in_progress().exclude(deadline_at__lte=at)

    def overdue(self, at: datetime) -> "AttemptQuerySet":
        """Those in progress whose deadline has passed."""
        return self.in_progress().filter(deadline_at__lte=at)

    def handed_in(self) -> "AttemptQuerySet":
        """Those that were handed in, be it because their time ran out."""
        return self.filter(status__in=[AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED])

    def before(self, attempt: "Attempt") -> "AttemptQuerySet":
        """Those started before it, the last one first."""
        return self.filter(started_at__lt=attempt.started_at).latest_first()

    def latest_first(self) -> "AttemptQuerySet":
        """The last one started first."""
        return self.order_by("-started_at", "-pk")

    def with_progress(self) -> "AttemptQuerySet":
        """Each with `question_count`, `answered_count`, `unmarked_count` (answers that wait for the candidate's own
        marks) and `fraction_sum` (None while nothing is graded)."""
        return self.annotate(
            question_count=models.Count("responses"),
            answered_count=models.Count("responses", filter=models.Q(responses__answered_at__isnull=False)),
            unmarked_count=models.Count(
                "responses",
                filter=models.Q(responses__answered_at__isnull=False, responses__fraction__isnull=True),
            ),
            fraction_sum=models.Sum("responses__fraction"),
        )

    def with_counts(self) -> "AttemptQuerySet":
        """Each with `question_count` and `answered_count`, counted only for the rows of a page: what a long list needs,
        where `with_progress` would count for all."""
        own = Response.objects.filter(attempt=models.OuterRef("pk")).order_by().values("attempt")
        number = own.annotate(number=models.Count("pk")).values("number")
        return self.annotate(
            question_count=functions.Coalesce(models.Subquery(number), 0),
            answered_count=functions.Coalesce(models.Subquery(number.filter(answered_at__isnull=False)), 0),
        )

    def with_regraded(self) -> "AttemptQuerySet":
        """Each with `is_regraded`: whether an answer in it was graded anew."""
        regraded = Response.objects.filter(attempt=models.OuterRef("pk"), regradings__isnull=False)
        return self.annotate(is_regraded=models.Exists(regraded))


class Attempt(Owned):
    """One go at a list of questions, by one person."""

    public_id = models.UUIDField(_("public id"), unique=True, default=uuid.uuid4)
    quiz = models.ForeignKey(Quiz, models.SET_NULL, null=True, blank=True, verbose_name=_("quiz"))
    title = models.CharField(_("title"), max_length=200)
    mode = models.CharField(_("mode"), max_length=20, choices=AttemptMode, default=AttemptMode.PRACTICE)
    status = models.CharField(
        _("status"), max_length=20, choices=AttemptStatus, default=AttemptStatus.IN_PROGRESS, db_index=True
    )
    seed = models.PositiveBigIntegerField(_("seed"))
    started_at = models.DateTimeField(_("started at"))
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    imported_at = models.DateTimeField(
        _("imported at"),
        null=True,
        blank=True,
        help_text=_("When its owner brought it from another site; it is left out of statistics."),
    )

    # Set by `AttemptQuerySet.with_progress`.
    question_count: int
    answered_count: int
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
        """Whether it can still be answered; `attempts.services.close_if_due` keeps this true to the clock."""
        return self.status == AttemptStatus.IN_PROGRESS

    @property
    def is_session(self) -> bool:
        """Whether it is a session of the plan, which can be stopped at any time."""
        return self.mode == AttemptMode.TODAY

    @property
    def is_interview(self) -> bool:
        """Whether it is asked and discussed as an interviewer does."""
        return self.mode == AttemptMode.INTERVIEW

    @property
    def explains_at_once(self) -> bool:
        """Whether an answer is graded, shown and final as soon as it is in."""
        return self.mode in EXPLAINED_AT_ONCE


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses with what pages show of them."""

    def with_question(self) -> "ResponseQuerySet":
        """Each joined with its revision, question, topic and the parts of the guide that teach it."""
        return self.select_related(
            "revision__question__topic",
            "revision__question__takeaway__guide__topic",
            "revision__question__faq__guide__topic",
        )

    def for_page(self) -> "ResponseQuerySet":
        """As `with_question` and with the attempt, but only with what tells the question's content, and with names."""
        own = ("attempt", "position", "option_order", "answer", "fraction", "confidence", "flagged", "answered_at")
        topics = ("topic__slug", "takeaway__guide__topic__slug", "faq__guide__topic__slug")
        names = ("slug", "topic__title", "takeaway__slug", "faq__slug", "faq__question", *topics)
        asked = ("revision__content", "revision__digest", *(f"revision__question__{name}" for name in names))
        return self.with_question().select_related("attempt").only(*own, "duration", *asked)

    def of_attempts(self, attempts: Iterable[Attempt]) -> "ResponseQuerySet":
        """Those in the attempts."""
        return self.filter(attempt__in=list(attempts))

    def owned_by(self, owner: Owner) -> "ResponseQuerySet":
        """Those in the owner's attempts."""
        return self.filter(attempt__in=Attempt.objects.owned_by(owner))

    def explained(self) -> "ResponseQuerySet":
        """Those of which what is right may be shown, as `Response.may_be_explained` tells of one."""
        final = models.Q(attempt__mode__in=EXPLAINED_AT_ONCE, answered_at__isnull=False)
        return self.filter(~models.Q(attempt__status=AttemptStatus.IN_PROGRESS) | final)

    def answered(self) -> "ResponseQuerySet":
        """Those that hold an answer."""
        return self.filter(answered_at__isnull=False)

    def unanswered(self) -> "ResponseQuerySet":
        """Those that wait for an answer."""
        return self.filter(answered_at__isnull=True)

    def graded(self) -> "ResponseQuerySet":
        """Those that earned a fraction, if only 0."""
        return self.filter(fraction__isnull=False)

    def to_question(self, question: Any) -> "ResponseQuerySet":
        """Those to any revision of the question."""
        return self.filter(revision__question=question)

    def running(self) -> "ResponseQuerySet":
        """Those in attempts that still go on."""
        return self.filter(attempt__status=AttemptStatus.IN_PROGRESS)

    def ended(self) -> "ResponseQuerySet":
        """Those in attempts that have ended."""
        return self.exclude(attempt__status=AttemptStatus.IN_PROGRESS)

    def with_regradings(self) -> "ResponseQuerySet":
        """Each with how its grade was changed, the oldest change first."""
        return self.prefetch_related("regradings__regrade")

    def last_of_each_question(self, owner: Owner) -> "ResponseQuerySet":
        """The owner's last answer to each question that is still published."""
        age = models.Window(
            functions.RowNumber(),
            partition_by=models.F("revision__question"),
            order_by=[models.F("answered_at").desc(), models.F("pk").desc()],
        )
        mine = self.answered().filter(attempt__in=Attempt.objects.owned_by(owner))
        return mine.filter(revision__question__status="published").annotate(age=age).filter(age=1)

    def last_asked(self, owner: Owner) -> dict[int, datetime]:
        """When the owner was last asked a question, by its id, in whatever mode and answered or not."""
        mine = self.filter(attempt__in=Attempt.objects.owned_by(owner)).order_by()
        return dict(mine.values_list("revision__question").annotate(models.Max("attempt__started_at")))

    def outline(self) -> "ResponseQuerySet":
        """Only what tells how far the attempt has come, in order."""
        return self.only("attempt_id", "position", "answered_at", "flagged", "fraction")


class Response(models.Model):
    """A question's place in an attempt, and the answer given there."""

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
    def may_be_explained(self) -> bool:
        """Whether what is right may be shown: when the answer is final."""
        return not self.attempt.is_open or (self.attempt.explains_at_once and self.is_answered)

    @property
    def is_answered(self) -> bool:
        """Whether an answer is in."""
        return self.answered_at is not None
