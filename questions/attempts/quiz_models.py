"""Models for curated quizzes."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions.bank.models.base import NaturalKeyManager, Positioned
from questions.bank.models.questions import Question
from questions.enums import Mode, Status

MAX_MINUTES = 240


class QuizQuerySet(models.QuerySet["Quiz"]):
    """Queryset of curated quizzes."""

    def published(self) -> "QuizQuerySet":
        return self.filter(is_published=True)

    def with_counts(self) -> "QuizQuerySet":
        """Annotate `question_count`, the number of published questions in the quiz."""
        published = models.Q(items__question__status=Status.PUBLISHED)
        counted = self.annotate(question_count=models.Count("items", filter=published))
        return counted.order_by("position", "pk")  # Django drops the default order of a query that groups

    def about(self, topic: Any) -> "QuizQuerySet":
        """Filter quizzes with at least one question of the topic."""
        ids = QuizItem.objects.filter(question__topic=topic).values("quiz")
        return self.filter(pk__in=ids)


class Quiz(Positioned):
    """A curated quiz: a list of questions in an order that staff chose."""

    slug = models.SlugField(_("slug"), unique=True, help_text=_("Short ID for links and exports."))
    title = models.CharField(_("title"), max_length=120, help_text=_("As candidates see it."))
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    mode = models.CharField(
        _("mode"),
        max_length=20,
        choices=Mode,
        default=Mode.PRACTICE,
        help_text=_("Practice explains each answer at once; an exam does so at the end."),
    )
    time_limit = models.PositiveSmallIntegerField(
        _("time limit in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES)],
        help_text=_("Leave blank for no limit. When time is up, the answers so far are handed in."),
    )
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Whether candidates can see and start this quiz.")
    )

    question_count: int  # set by `QuizQuerySet.with_counts`

    natural_key_lookups = ("slug",)
    objects = NaturalKeyManager.from_queryset(QuizQuerySet)()

    class Meta(Positioned.Meta):
        verbose_name = _("curated quiz")
        verbose_name_plural = _("curated quizzes")
        constraints = [
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="quiz_mode_known"),
            models.CheckConstraint(
                condition=models.Q(time_limit__isnull=True) | models.Q(time_limit__range=(1, MAX_MINUTES)),
                name="quiz_time_limit_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[Any, ...]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.slug])


class QuizItem(Positioned):
    """A question in a curated quiz, at a position."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="items", verbose_name=_("quiz"))
    question = models.ForeignKey(
        Question,
        models.CASCADE,
        related_name="quiz_items",
        verbose_name=_("question"),
        help_text=_("Only published questions are asked."),
    )

    natural_key_lookups = ("quiz__slug", "position")
    objects = NaturalKeyManager()

    class Meta(Positioned.Meta):
        verbose_name = _("quiz question")
        verbose_name_plural = _("quiz questions")
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="quizitem_position_unique"),
            models.UniqueConstraint(fields=["quiz", "question"], name="quizitem_question_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question}"

    def natural_key(self) -> tuple[Any, ...]:
        return (*self.quiz.natural_key(), self.position)

    natural_key.dependencies = ["questions.quiz", "questions.question"]  # type: ignore[attr-defined]
