"""Rows that belong to a question: choices, rubric criteria, follow-up questions and references."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.bank.models.base import NaturalKeyManager, Positioned, natural_key_method
from questions.bank.models.questions import Question
from questions.bank.models.topics import MARKDOWN
from questions.content.item import Criterion, FollowUpQuestion, Option


class QuestionPart(Positioned):
    """A row of a question that is identified by its position."""

    natural_key_lookups = ("question__topic__slug", "question__slug", "position")
    objects = NaturalKeyManager()
    question: models.ForeignKey[Question, Question]

    class Meta(Positioned.Meta):
        abstract = True

    natural_key = natural_key_method("questions.question")


class Choice(QuestionPart):
    """An option of a question: to pick, to accept as a typed answer, to put in order or to match."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="choices", verbose_name=_("question"))
    text = models.TextField(
        _("text"),
        blank=True,
        help_text=_(
            "Markdown, or plain text for typed answers. Matching: leave blank to offer the match as a distractor. "
            "Find the lines: a line number such as 7, or a range such as 7-8."
        ),
    )
    weight = models.DecimalField(
        _("weight"),
        max_digits=6,
        decimal_places=5,
        default=0,
        validators=[MinValueValidator(-1), MaxValueValidator(1)],
        help_text=_("Share of the credit: 1 if right, 0 if wrong. Not used for ordering and matching."),
    )
    match = models.CharField(_("match"), max_length=200, blank=True, help_text=_("Matching: what it pairs with."))
    tolerance = models.CharField(
        _("tolerance"),
        max_length=20,
        blank=True,
        help_text=_("Number questions: an absolute value such as 0.5, or a percentage such as 2%."),
    )
    feedback = models.TextField(
        _("feedback"),
        blank=True,
        help_text=_("The misconception behind it, what really happens, and when it would be right."),
    )

    class Meta(QuestionPart.Meta):
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="choice_position_unique"),
            models.CheckConstraint(condition=models.Q(weight__range=(-1, 1)), name="choice_weight_in_range"),
        ]

    def __str__(self) -> str:
        return self.text or self.match

    def option(self) -> Option:
        """Return the choice as part of an Item."""
        return Option(
            text=self.text,
            weight=float(self.weight),
            match=self.match,
            tolerance=self.tolerance,
            feedback=self.feedback,
        )


class RubricCriterion(QuestionPart):
    """Something that can be observed in a good answer to an open question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="criteria", verbose_name=_("question"))
    text = models.TextField(_("text"), help_text=_("What can be observed in the answer. Markdown."))
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("From 1 for a detail to 3 for a core point, relative to the other criteria."),
    )
    essential = models.BooleanField(
        _("essential"), default=False, help_text=_("Without it, an answer earns at most half the credit.")
    )

    class Meta(QuestionPart.Meta):
        verbose_name = _("rubric criterion")
        verbose_name_plural = _("rubric criteria")
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="rubriccriterion_position_unique"),
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="rubriccriterion_weight_positive"),
        ]

    def __str__(self) -> str:
        return self.text

    def criterion(self) -> Criterion:
        """Return the criterion as part of an Item."""
        return Criterion(text=self.text, weight=float(self.weight), essential=self.essential)


class FollowUp(QuestionPart):
    """A follow-up question that an interviewer might ask."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="follow_ups", verbose_name=_("question"))
    text = models.TextField(_("text"), help_text=MARKDOWN)
    model_answer = models.TextField(
        _("model answer"),
        blank=True,
        default="",
        db_default="",
        help_text=_("What a strong candidate would say in a minute. Shown after the answer. Markdown."),
    )

    class Meta(QuestionPart.Meta):
        verbose_name = _("follow-up question")
        verbose_name_plural = _("follow-up questions")
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="followup_position_unique")]

    def __str__(self) -> str:
        return self.text

    def follow_up(self) -> FollowUpQuestion:
        """Return the follow-up question as part of an Item."""
        return FollowUpQuestion(text=self.text, model_answer=self.model_answer)


class Reference(QuestionPart):
    """A source for the answer: a section of the documentation."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="references", verbose_name=_("question"))
    title = models.CharField(_("title"), max_length=200, help_text=_("The documentation's name and the section."))
    url = models.URLField(_("address"), blank=True, help_text=_("Link to that section, if it is online."))

    class Meta(QuestionPart.Meta):
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        constraints = [models.UniqueConstraint(fields=["question", "position"], name="reference_position_unique")]

    def __str__(self) -> str:
        return self.title
