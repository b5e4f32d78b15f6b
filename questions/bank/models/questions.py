"""The Question model and its queries."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions import types
from questions.bank.models.base import NaturalKeyManager, natural_key_method
from questions.bank.models.question_pictures import ShowsPictures, ShowsPicturesQuerySet
from questions.bank.models.topics import FAQ, Takeaway, Topic
from questions.content.item import Item, Source
from questions.enums import Difficulty, Seniority, Status, Task
from questions.secrecy import revealed

if TYPE_CHECKING:
    from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion


MIN_ANSWERS = 30  # sample size from which discrimination is conclusive
# Signs in the item statistics that a question may be faulty.
FLAGS = {
    "negative": models.Q(discrimination__lt=0),
    "distractor": models.Q(weakest_distractor__lt=0.05),
    "sure": models.Q(sure_but_wrong__gt=0.2, answers__gte=MIN_ANSWERS),
}


class QuestionQuerySet(ShowsPicturesQuerySet, models.QuerySet["Question"]):
    """Queries for questions."""

    def published(self) -> "QuestionQuerySet":
        """Return the questions that candidates may be asked."""
        return self.filter(status=Status.PUBLISHED)

    def with_status(self, status: str) -> "QuestionQuerySet":
        """Return the questions with that status."""
        return self.filter(status=status)

    def in_review(self) -> "QuestionQuerySet":
        """Return the questions in editorial review."""
        return self.filter(status=Status.IN_REVIEW)

    def applying_to(self, claims: Iterable[str]) -> "QuestionQuerySet":
        """Return the questions whose field `holds_for` is exactly one of these texts."""
        return self.filter(holds_for__in=list(claims))

    def in_topics(self, slugs: Iterable[str]) -> "QuestionQuerySet":
        """Return the questions of the topics with these slugs; all questions if there are none."""
        wanted = list(slugs)
        return self.filter(topic__slug__in=wanted) if wanted else self

    def of_topics(self, ids: Iterable[int]) -> "QuestionQuerySet":
        """Return the questions of the topics with these ids."""
        return self.filter(topic__in=list(ids))

    def of_difficulty(self, difficulties: Iterable[str]) -> "QuestionQuerySet":
        """Return the questions with one of these difficulties; all questions if there are none."""
        wanted = list(difficulties)
        return self.filter(difficulty__in=wanted) if wanted else self

    def of_type(self, names: Iterable[str]) -> "QuestionQuerySet":
        """Return the questions of one of these types; all questions if there are none."""
        wanted = list(names)
        return self.filter(type__in=wanted) if wanted else self

    def in_quiz(self, quiz: Any) -> "QuestionQuerySet":
        """Return the questions of the curated quiz, in its order."""
        return self.filter(quiz_items__quiz=quiz).order_by("quiz_items__position")

    def missed_in(self, attempt: Any) -> "QuestionQuerySet":
        """Return the questions that are revealed in the attempt and did not earn full credit, in its order.

        In an attempt that has ended these include unanswered questions.
        """
        short = models.Q(revisions__responses__fraction__lt=1) | models.Q(revisions__responses__fraction__isnull=True)
        missed = short & revealed("revisions__responses__")
        return self.filter(missed, revisions__responses__attempt=attempt).order_by("revisions__responses__position")

    def open_questions(self) -> "QuestionQuerySet":
        """Return the open questions, which no machine grades."""
        return self.filter(type__in=types.names(machine_graded=False)).order_by("pk")

    def with_teaching(self) -> "QuestionQuerySet":
        """Join the topic and the part of the guide that teaches the question."""
        return self.select_related("topic", "takeaway__guide__topic", "faq__guide__topic")

    def with_statistics(self) -> "QuestionQuerySet":
        """Annotate each question with `answers`, `facility`, `sure_but_wrong` and, from MIN_ANSWERS answers,
        `discrimination` and `weakest_distractor`, over all its revisions; None if nobody has answered it."""
        over_all = models.Q(statistics__revision__isnull=True)
        return self.annotate(
            overall=models.FilteredRelation("statistics", condition=over_all),
            answers=models.F("overall__n"),
            facility=models.F("overall__facility"),
            discrimination=models.Case(
                models.When(overall__n__gte=MIN_ANSWERS, then=models.F("overall__discrimination")), default=None
            ),
            sure_but_wrong=models.F("overall__sure_but_wrong"),
            weakest_distractor=models.Case(
                models.When(overall__n__gte=MIN_ANSWERS, then=models.F("overall__weakest_distractor")), default=None
            ),
        )

    def with_flag(self, kind: str) -> "QuestionQuerySet":
        """Return the questions that may be faulty in this way, one of FLAGS; call it after `with_statistics`."""
        return self.filter(FLAGS[kind])

    def flagged(self) -> "QuestionQuerySet":
        """Return the questions that may be faulty in any way; call it after `with_statistics`."""
        return self.filter(FLAGS["negative"] | FLAGS["distractor"] | FLAGS["sure"])

    def ids(self) -> range:
        """Return the range from the lowest to the highest id; some of the ids in it may not exist."""
        pks = self.order_by("pk").values_list("pk", flat=True)
        return range(pks.first() or 1, (pks.last() or 0) + 1)

    def with_content(self) -> "QuestionQuerySet":
        """Prefetch everything that `Question.item` reads, in five queries, and one more if a text shows a picture."""
        return self.prefetch_related("choices", "criteria", "follow_ups", "references").with_pictures()


class Question(ShowsPictures, models.Model):
    """A question as staff write and correct it."""

    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="questions",
        verbose_name=_("topic"),
        help_text=_("The question's slug must be unique within the topic."),
    )
    slug = models.SlugField(_("slug"), max_length=80, help_text=_("Short ID for links and exports."))
    type = models.CharField(
        _("type"),
        max_length=20,
        choices=types.labels,
        help_text=_("How candidates answer the question and how it is graded. Save to see the fields for this type."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        db_index=True,
        help_text=_("Candidates see only published questions. Authors can't publish their own questions."),
    )
    difficulty = models.CharField(
        _("difficulty"),
        max_length=10,
        choices=Difficulty,
        default=Difficulty.MEDIUM,
        help_text=_("Difficulty at this seniority level. Aim for about 30 % easy, 45 % medium, 25 % hard per topic."),
    )
    task = models.CharField(
        _("task"),
        max_length=10,
        choices=Task,
        blank=True,
        help_text=_("What the candidate has to do. Leave blank for open questions."),
    )
    seniority = models.CharField(
        _("seniority"),
        max_length=10,
        choices=Seniority,
        default=Seniority.MID,
        help_text=_("The level of candidate that an interviewer would ask."),
    )
    stem = models.TextField(
        _("stem"), help_text=_("The question itself. It must make sense without the options. Markdown.")
    )
    code = models.TextField(_("code"), blank=True, help_text=_("Shown beneath the stem."))
    code_language = models.CharField(
        _("code language"), max_length=40, blank=True, help_text=_("The name of a Pygments lexer, such as python.")
    )
    holds_for = models.CharField(
        _("applies to"), max_length=200, blank=True, help_text=_("The versions that the answer depends on.")
    )
    explanation = models.TextField(
        _("explanation"), blank=True, help_text=_("Shown after the answer: 2 to 6 sentences that teach. Markdown.")
    )
    model_answer = models.TextField(
        _("model answer"),
        blank=True,
        help_text=_("Open questions: what a strong candidate would say in two minutes. Markdown."),
    )
    case_sensitive = models.BooleanField(
        _("case matters"), default=False, help_text=_("Short answers: upper and lower case must match.")
    )
    units = models.CharField(
        _("units"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Number questions: units that answers may use. Options use the first unit; define "
            "the others by it, for example: ms, milliseconds = ms, s = 1000 ms."
        ),
    )
    takeaway = models.ForeignKey(
        Takeaway,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="taught_questions",
        verbose_name=_("takeaway"),
        help_text=_("Part of the guide that teaches this."),
    )
    faq = models.ForeignKey(
        FAQ,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="taught_questions",
        verbose_name=_("FAQ"),
        help_text=_("Part of the guide that teaches this."),
    )

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
        help_text=_("The user who wrote it here and can't publish it. Blank if it came from a file."),
    )

    natural_key_lookups = ("topic__slug", "slug")
    objects = NaturalKeyManager.from_queryset(QuestionQuerySet)()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["topic__position", "pk"]
        # A covering index: topics count their questions without reading the rows.
        indexes = [models.Index(fields=["topic", "status", "type"], name="question_topic_status_type")]
        permissions = [("publish_question", "Can publish and retire questions, and change published ones")]
        constraints = [
            models.UniqueConstraint(fields=["topic", "slug"], name="question_slug_unique"),
            models.CheckConstraint(condition=models.Q(type__in=types.names()), name="question_type_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="question_status_known"),
            models.CheckConstraint(
                condition=models.Q(difficulty__in=Difficulty.values), name="question_difficulty_known"
            ),
            models.CheckConstraint(condition=models.Q(task__in=["", *Task.values]), name="question_task_known"),
            models.CheckConstraint(condition=models.Q(seniority__in=Seniority.values), name="question_seniority_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    natural_key = natural_key_method("questions.topic", "questions.takeaway", "questions.faq")

    def get_absolute_url(self) -> str:
        """Return the staff preview; candidates see a question only in an attempt."""
        return reverse("question-preview", args=[self.pk])

    def item(self) -> Item:
        """Return the current content. It reads four related sets and pictures: fetch them with `with_content`."""
        return self.item_with(
            choices=self.choices.all(),
            criteria=self.criteria.all(),
            follow_ups=self.follow_ups.all(),
            references=self.references.all(),
        )

    def item_with(
        self,
        *,
        choices: "Iterable[Choice]" = (),
        criteria: "Iterable[RubricCriterion]" = (),
        follow_ups: "Iterable[FollowUp]" = (),
        references: "Iterable[Reference]" = (),
    ) -> Item:
        """Return the content with these related rows, saved or not, each list in its order."""
        item = Item(
            type=self.type,
            stem=self.stem,
            code=self.code,
            code_language=self.code_language,
            holds_for=self.holds_for,
            difficulty=self.difficulty,
            seniority=self.seniority,
            explanation=self.explanation,
            model_answer=self.model_answer,
            case_sensitive=self.case_sensitive,
            units=self.units,
            options=tuple(choice.option() for choice in choices),
            criteria=tuple(criterion.criterion() for criterion in criteria),
            follow_ups=tuple(follow_up.follow_up() for follow_up in follow_ups),
            sources=tuple(Source(title=source.title, url=source.url) for source in references),
        )
        return self.with_pictures(item)
