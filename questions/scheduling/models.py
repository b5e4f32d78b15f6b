"""What a candidate remembers of each question, and the reviews that tell."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owned, OwnedQuerySet, Owner, unique_per_owner
from questions.bank.models.questions import Question
from questions.enums import Confidence, Status
from questions.scheduling.fsrs_memory import Memory, Rating

if TYPE_CHECKING:
    from questions.attempts.models import Response


class SchedulerVersion(models.Model):
    """The algorithm and the weights by which memories were computed; new weights make a new row."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    algorithm = models.CharField(_("algorithm"), max_length=20)
    weights: Any = models.JSONField(_("weights"))

    class Meta:
        verbose_name = _("version of the scheduler")
        verbose_name_plural = _("versions of the scheduler")
        ordering = ["digest"]

    def __str__(self) -> str:
        return f"{self.algorithm} · {self.digest[:8]}"


class CardStatus(models.TextChoices):
    """Whether a question is asked by the plan, or why not."""

    ACTIVE = "active", _("Asked")
    SUSPENDED = "suspended", _("Suspended")
    KNOWN = "known", _("Known")
    LEECH = "leech", _("Set aside after many misses")


class CardQuerySet(OwnedQuerySet):
    """Cards by what may be done with them."""

    def to_published(self) -> "CardQuerySet":
        """Those to questions that candidates may be asked."""
        return self.filter(question__status=Status.PUBLISHED)

    def to_questions(self, ids: Iterable[int]) -> "CardQuerySet":
        """Those to the questions with these ids."""
        return self.filter(question__in=list(ids))

    def states(self) -> "models.QuerySet[Card, tuple[Any, ...]]":
        """Of each: question id, status, the day it is left out on, and the six values of its memory in their order."""
        return self.values_list(
            "question", "status", "buried_on", "stability", "difficulty", "reviewed_on", "due_on", "state", "step"
        )

    def remembered(self) -> "CardQuerySet":
        """Those with a memory."""
        return self.filter(reviewed_on__isnull=False)

    def having(self, status: str) -> "CardQuerySet":
        """Those of that status."""
        return self.filter(status=status)

    def set_aside(self) -> "CardQuerySet":
        """Those that the plan does not ask, with what they are about."""
        return self.exclude(status=CardStatus.ACTIVE)

    def with_question(self) -> "CardQuerySet":
        """Each joined with its question, topic and what of the guide teaches it; leeches first, then by topic."""
        leeches_first = models.Case(models.When(status=CardStatus.LEECH, then=0), default=1)
        return self.select_related(
            "question__topic", "question__takeaway__guide__topic", "question__faq__guide__topic"
        ).order_by(leeches_first, "question__topic__position", "question_id")


class Card(Owned):
    """What an owner remembers of a question. The memory is made from the reviews by `scheduling.reviews`, and can be made
    from them anew; it is empty for a question that was only put aside."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="cards", verbose_name=_("question"))
    status = models.CharField(_("status"), max_length=10, choices=CardStatus, default=CardStatus.ACTIVE)
    buried_on = models.DateField(_("left out on"), null=True, blank=True)
    taken_up_at = models.DateTimeField(_("taken up again at"), null=True, blank=True)
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
        """What is remembered; None for what was never answered."""
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
    """Reviews by owner and time."""

    def counting(self) -> "ReviewQuerySet":
        """Those that were not undone."""
        return self.filter(undone_at__isnull=True)

    def since(self, day: date) -> "ReviewQuerySet":
        """Those of that study day and later ones."""
        return self.filter(day__gte=day)

    def days(self) -> set[date]:
        """The study days on which there was one."""
        return set(self.order_by().values_list("day", flat=True).distinct())

    def of_responses(self, responses: "Iterable[Response]") -> "ReviewQuerySet":
        """Those that the responses were."""
        return self.filter(response__in=list(responses))

    def without_response(self) -> "ReviewQuerySet":
        """Those whose response is not there."""
        return self.filter(response__isnull=True)

    def remembered(self) -> "ReviewQuerySet":
        """Those of something that was still known."""
        return self.filter(rating__gt=Rating.AGAIN)

    def with_confidence(self) -> "ReviewQuerySet":
        """Those of which the candidate said how sure they were."""
        return self.filter(confidence__gt="")

    def predicted_from(self, low: float, high: float | None) -> "ReviewQuerySet":
        """Those of which recall was predicted to be at least `low` and less than `high`, if that is given."""
        above = self.filter(predicted__gte=low)
        return above if high is None else above.filter(predicted__lt=high)

    def of_questions(self, ids: Iterable[int]) -> "ReviewQuerySet":
        """Those of the questions, the oldest first."""
        return self.filter(question__in=list(ids)).order_by("day", "pk")

    def latest_first(self) -> "ReviewQuerySet":
        """The last one first."""
        return self.order_by("-at", "-pk")

    def sure_but_wrong(self, owner: Owner) -> "ReviewQuerySet":
        """The owner's last reviews of published questions where those were sure and not right, the last one first."""
        mine = self.owned_by(owner).counting()
        later = mine.filter(question=models.OuterRef("question"), day__gt=models.OuterRef("day"))
        wrong = mine.filter(confidence=Confidence.SURE, fraction__lt=1, question__status=Status.PUBLISHED)
        return wrong.exclude(models.Exists(later)).order_by("-day", "-pk")

    def with_question(self) -> "ReviewQuerySet":
        """Each joined with its question, topic and the parts of the guide that teach it."""
        return self.select_related("question__topic", "question__takeaway__guide__topic", "question__faq__guide__topic")


class Review(Owned):
    """The first answer of a study day to a question: what feeds the schedule. One that was undone stays as a record."""

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
    predicted = models.FloatField(_("predicted recall"), null=True, blank=True)  # none before the first review
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
        # Each holds all that a question of the progress page reads, so that 50,000 reviews are told without their rows.
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
