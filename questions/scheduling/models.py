"""Models of spaced repetition: cards with their memory state, and the reviews that it is computed from."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owned, OwnedQuerySet, Owner, unique_per_owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import Confidence, Status
from questions.scheduling.estimate_models import MissedRecall
from questions.scheduling.fsrs_memory import Memory, Rating
from questions.scheduling.readiness import MISSED_RECALL

if TYPE_CHECKING:
    from questions.attempts.models import Response


class SchedulerVersion(models.Model):
    """The algorithm and weights that card state was computed with; new weights create a new row."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    algorithm = models.CharField(_("algorithm"), max_length=20)
    weights: Any = models.JSONField(_("weights"))

    class Meta:
        verbose_name = _("scheduler version")
        verbose_name_plural = _("scheduler versions")
        ordering = ["digest"]

    def __str__(self) -> str:
        return f"{self.algorithm} · {self.digest[:8]}"


class CardStatus(models.TextChoices):
    """Whether the plan asks a question, or why it is set aside."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    KNOWN = "known", _("Known")
    LEECH = "leech", _("Set aside after many misses")


class CardQuerySet(OwnedQuerySet):
    """Queries for cards."""

    def to_published(self) -> "CardQuerySet":
        """Return the cards of published questions."""
        return self.filter(question__status=Status.PUBLISHED)

    def of_topics(self, topics: Iterable[Topic]) -> "CardQuerySet":
        """Return the cards of questions of these topics."""
        return self.filter(question__topic__in=list(topics))

    def to_questions(self, ids: Iterable[int]) -> "CardQuerySet":
        """Return the cards of the questions with these ids."""
        return self.filter(question__in=list(ids))

    def states(self) -> "models.QuerySet[Card, tuple[Any, ...]]":
        """Return a tuple for each card: question id, status, the day on which it is skipped, and the six fields of
        `Memory` in their order."""
        return self.values_list(
            "question", "status", "buried_on", "stability", "difficulty", "reviewed_on", "due_on", "state", "step"
        )

    def remembered(self) -> "CardQuerySet":
        """Return the cards that have a memory, because their question was reviewed."""
        return self.filter(reviewed_on__isnull=False)

    def with_missed_recall(self, owner: Owner) -> "CardQuerySet":
        """Annotate the owner's cards with `missed_share`, the site's estimate (see `readiness.missed_recall`), and with
        `missed_recall`: the same if the last review was rated Again, otherwise None."""
        last = (
            Review.objects.owned_by(owner)
            .counting()
            .filter(question=models.OuterRef("question"), day=models.OuterRef("reviewed_on"))
        )
        estimate = Coalesce(models.Subquery(MissedRecall.objects.values("share")[:1]), MISSED_RECALL)
        return self.annotate(
            missed_share=estimate,
            missed_recall=models.Case(models.When(models.Exists(last.filter(rating=Rating.AGAIN)), then=estimate)),
        )

    def with_review_before(self, day: date, owner: Owner) -> "CardQuerySet":
        """Annotate the owner's cards with `day_before` and `rating_before` of the last review before that day."""
        mine = Review.objects.owned_by(owner).counting().filter(question=models.OuterRef("question"), day__lt=day)
        last = mine.order_by("-day")
        return self.annotate(
            day_before=models.Subquery(last.values("day")[:1]), rating_before=models.Subquery(last.values("rating")[:1])
        )

    def with_status(self, status: str) -> "CardQuerySet":
        """Return the cards with that status."""
        return self.filter(status=status)

    def set_aside(self, day: date) -> "CardQuerySet":
        """Return the cards whose question the plan does not ask on that day: suspended, known, leeches and skipped."""
        return self.filter(~models.Q(status=CardStatus.ACTIVE) | models.Q(buried_on=day))

    def with_question(self) -> "CardQuerySet":
        """Join the question, its topic and the part of the guide that teaches it; leeches first, then by topic."""
        leeches_first = models.Case(models.When(status=CardStatus.LEECH, then=0), default=1)
        return self.select_related(
            "question__topic", "question__takeaway__guide__topic", "question__faq__guide__topic"
        ).order_by(leeches_first, "question__topic__position", "question_id")


class Card(Owned):
    """State of one question for one owner. The memory is computed from the reviews and can be rebuilt from them (see
    `reviews.rebuild_cards`); it is empty if the question was set aside before any review."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="cards", verbose_name=_("question"))
    status = models.CharField(_("status"), max_length=10, choices=CardStatus, default=CardStatus.ACTIVE)
    buried_on = models.DateField(_("skipped on"), null=True, blank=True)
    taken_up_at = models.DateTimeField(_("resumed at"), null=True, blank=True)
    misses = models.PositiveSmallIntegerField(_("misses"), default=0)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    stability = models.FloatField(_("stability"), null=True, blank=True)
    difficulty = models.FloatField(_("difficulty"), null=True, blank=True)
    state = models.PositiveSmallIntegerField(_("state"), null=True, blank=True)
    step = models.PositiveSmallIntegerField(_("step"), null=True, blank=True)
    scheduler = models.ForeignKey(
        SchedulerVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scheduler")
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["pk"]
        constraints = [
            *Owned.Meta.constraints,
            *unique_per_owner("question", name="question"),
            models.CheckConstraint(condition=models.Q(status__in=CardStatus.values), name="card_status_known"),
            models.CheckConstraint(
                condition=models.Q(
                    reviewed_on__isnull=True,
                    due_on__isnull=True,
                    stability__isnull=True,
                    difficulty__isnull=True,
                    state__isnull=True,
                )
                | models.Q(
                    reviewed_on__isnull=False,
                    due_on__isnull=False,
                    stability__isnull=False,
                    difficulty__isnull=False,
                    state__isnull=False,
                ),
                name="card_memory_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.get_status_display()}"

    @property
    def memory(self) -> Memory | None:
        """Return the memory, or None if the question was never reviewed."""
        if self.reviewed_on is None:
            return None
        return Memory(self.stability, self.difficulty, self.reviewed_on, self.due_on, self.state, self.step)  # type: ignore[arg-type]

    @memory.setter
    def memory(self, memory: Memory | None) -> None:
        self.stability = memory.stability if memory else None
        self.difficulty = memory.difficulty if memory else None
        self.reviewed_on = memory.reviewed if memory else None
        self.due_on = memory.due if memory else None
        self.state = memory.state if memory else None
        self.step = memory.step if memory else None


class ReviewQuerySet(OwnedQuerySet):
    """Queries for reviews."""

    def counting(self) -> "ReviewQuerySet":
        """Return the reviews that were not undone."""
        return self.filter(undone_at__isnull=True)

    def since(self, day: date) -> "ReviewQuerySet":
        """Return the reviews on or after that study day."""
        return self.filter(day__gte=day)

    def first_answers(self) -> "ReviewQuerySet":
        """Return the reviews that were the first of their question."""
        return self.filter(predicted__isnull=True)

    def of_responses(self, responses: "Iterable[Response]") -> "ReviewQuerySet":
        """Return the reviews that these responses created."""
        return self.filter(response__in=list(responses))

    def without_response(self) -> "ReviewQuerySet":
        """Return the reviews whose response is missing."""
        return self.filter(response__isnull=True)

    def remembered(self) -> "ReviewQuerySet":
        """Return the reviews that were rated better than Again."""
        return self.filter(rating__gt=Rating.AGAIN)

    def with_confidence(self) -> "ReviewQuerySet":
        """Return the reviews for which the candidate stated a confidence."""
        return self.filter(confidence__gt="")

    def predicted_from(self, low: float, high: float | None) -> "ReviewQuerySet":
        """Return the reviews with a predicted recall of at least `low` and, if `high` is given, less than `high`."""
        above = self.filter(predicted__gte=low)
        return above if high is None else above.filter(predicted__lt=high)

    def of_questions(self, ids: Iterable[int]) -> "ReviewQuerySet":
        """Return the reviews of the questions with these ids, the oldest first."""
        return self.filter(question__in=list(ids)).order_by("day", "pk")

    def latest_first(self) -> "ReviewQuerySet":
        """Order by time, the latest first."""
        return self.order_by("-at", "-pk")

    def sure_but_wrong(self, owner: Owner) -> "ReviewQuerySet":
        """Return the owner's latest reviews of published questions that were sure but not right, the latest first."""
        mine = self.owned_by(owner).counting()
        later = mine.filter(question=models.OuterRef("question"), day__gt=models.OuterRef("day"))
        wrong = mine.filter(confidence=Confidence.SURE, fraction__lt=1, question__status=Status.PUBLISHED)
        return wrong.exclude(models.Exists(later)).order_by("-day", "-pk")

    def with_question(self) -> "ReviewQuerySet":
        """Join the question, its topic and the part of the guide that teaches it."""
        return self.select_related("question__topic", "question__takeaway__guide__topic", "question__faq__guide__topic")


class Review(Owned):
    """The first answer of a study day to a question, which updates the card. A review that was undone stays as a
    record."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("question"))
    response = models.OneToOneField(
        "questions.Response", models.SET_NULL, null=True, blank=True, related_name="review", verbose_name=_("response")
    )
    day = models.DateField(_("study day"))
    at = models.DateTimeField(_("at"))
    rating = models.PositiveSmallIntegerField(_("rating"))
    fraction = models.FloatField(_("fraction"))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    duration = models.DurationField(_("time taken"), null=True, blank=True)
    predicted = models.FloatField(_("predicted recall"), null=True, blank=True)  # null for the first review
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["day", "pk"]
        constraints = [
            *Owned.Meta.constraints,
            *unique_per_owner("question", "day", name="day", condition=models.Q(undone_at__isnull=True)),
            models.CheckConstraint(condition=models.Q(rating__in=list(Rating)), name="review_rating_known"),
            models.CheckConstraint(condition=models.Q(fraction__range=(0, 1)), name="review_fraction_in_range"),
            models.CheckConstraint(
                condition=models.Q(predicted__isnull=True) | models.Q(predicted__range=(0, 1)),
                name="review_predicted_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__in=["", *Confidence.values]), name="review_confidence_known"
            ),
        ]
        # Covering indexes for the progress page: 50,000 reviews are summed without reading their rows.
        indexes = [
            *(
                models.Index(fields=[kind, "day", "undone_at", "duration"], name=f"review_{kind}_day")
                for kind in ("user", "visitor")
            ),
            *(
                models.Index(
                    fields=[kind, *fields], name=f"review_{kind}_{name}", condition=models.Q(undone_at__isnull=True)
                )
                for name, fields in (
                    ("forecast", ["predicted", "rating"]),
                    ("sure", ["confidence", "day", "fraction"]),
                )
                for kind in ("user", "visitor")
            ),
            models.Index(fields=["user", "at"], name="review_user_at"),
            models.Index(fields=["visitor", "at"], name="review_visitor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.day}"
