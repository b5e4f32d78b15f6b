"""Topics and their guides: sections, code listings, takeaways and FAQs."""

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions import types
from questions.bank.models.base import NaturalKeyManager, Positioned, natural_key_method

MARKDOWN = _("Markdown.")
WORDS_PER_MINUTE = 200  # of technical text, read with attention


def _question_count(**wanted: object) -> models.Subquery:
    """Return a subquery that counts a topic's questions with these values from an index alone; a join would read every
    question."""
    questions = apps.get_model("questions", "Question")._default_manager.filter(topic=models.OuterRef("pk"), **wanted)
    # `Count` would add a GROUP BY.
    number = models.Func(models.F("pk"), function="COUNT", output_field=models.IntegerField())
    return models.Subquery(questions.order_by().annotate(number=number).values("number"))


class TopicQuerySet(models.QuerySet["Topic"]):
    """Queries for topics."""

    def with_counts(self) -> "TopicQuerySet":
        """Annotate each topic with `published_count`, its number of published questions; in reading order."""
        return self.annotate(published_count=_question_count(status="published")).order_by("position")

    def with_open_counts(self) -> "TopicQuerySet":
        """Annotate each topic with `open_count`, its number of published open questions; in reading order."""
        open_types = types.names(machine_graded=False)
        return self.annotate(open_count=_question_count(status="published", type__in=open_types)).order_by("position")

    def with_guide(self) -> "TopicQuerySet":
        """Prefetch everything that the page of the guide shows, in a fixed number of queries."""
        return self.select_related("guide").prefetch_related(
            "guide__sections__listings", "guide__comparisons__rows", "guide__takeaways", "guide__faqs"
        )

    def after(self, topic: "Topic") -> "TopicQuerySet":
        """Return the topics after this one, the next one first."""
        return self.filter(position__gt=topic.position).order_by("position")

    def before(self, topic: "Topic") -> "TopicQuerySet":
        """Return the topics before this one, the nearest first."""
        return self.filter(position__lt=topic.position).order_by("-position")


class Topic(Positioned):
    """A subject that candidates prepare for."""

    slug = models.SlugField(_("slug"), unique=True, help_text=_("Short ID for links and exports."))
    title = models.CharField(_("title"), max_length=120, help_text=_("As candidates see it."))
    summary = models.CharField(_("summary"), max_length=300, help_text=_("One sentence."))

    published_count: int  # set by `TopicQuerySet.with_counts`
    open_count: int  # set by `TopicQuerySet.with_open_counts`

    natural_key_lookups = ("slug",)
    objects = NaturalKeyManager.from_queryset(TopicQuerySet)()

    class Meta(Positioned.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["position"], name="topic_position_unique")]

    def __str__(self) -> str:
        return self.title

    natural_key = natural_key_method()

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class Guide(models.Model):
    """The text that teaches a topic."""

    topic = models.OneToOneField(
        Topic, models.CASCADE, related_name="guide", verbose_name=_("topic"), help_text=_("Each topic has one guide.")
    )
    title = models.CharField(_("title"), max_length=120, help_text=_("Heading of the guide."))
    quick_answer = models.TextField(_("quick answer"), help_text=_("The whole topic in one paragraph. Markdown."))
    holds_for = models.CharField(
        _("applies to"), max_length=200, blank=True, help_text=_("The versions the text was checked against.")
    )

    natural_key_lookups = ("topic__slug",)
    objects = NaturalKeyManager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ["topic__position"]

    def __str__(self) -> str:
        return self.title

    natural_key = natural_key_method("questions.topic")

    def get_absolute_url(self) -> str:
        return self.topic.get_absolute_url()

    @property
    def reading_minutes(self) -> int:
        """Return the minutes that it takes to read the sections, their listings and the takeaways; at least one."""
        texts = [self.quick_answer, *(takeaway.text for takeaway in self.takeaways.all())]
        for section in self.sections.all():
            texts += [section.body, *(listing.code for listing in section.listings.all())]
        return max(1, round(sum(len(text.split()) for text in texts) / WORDS_PER_MINUTE))


class GuidePart(Positioned):
    """A part of a guide with a slug, so that links can point to it."""

    slug = models.SlugField(_("slug"), help_text=_("Short ID for links and exports."))

    natural_key_lookups: tuple[str, ...] = ("guide__topic__slug", "slug")
    objects = NaturalKeyManager()

    class Meta(Positioned.Meta):
        abstract = True


class Section(GuidePart):
    """A section of a guide."""

    guide = models.ForeignKey(
        Guide,
        models.CASCADE,
        related_name="sections",
        verbose_name=_("guide"),
        help_text=_("The guide it belongs to."),
    )
    title = models.CharField(
        _("title"), max_length=120, help_text=_("Heading of the section, also shown in the contents.")
    )
    body = models.TextField(_("body"), help_text=MARKDOWN)

    class Meta(GuidePart.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(fields=["guide", "slug"], name="section_slug_unique"),
            models.UniqueConstraint(fields=["guide", "position"], name="section_position_unique"),
        ]

    def __str__(self) -> str:
        return self.title

    natural_key = natural_key_method("questions.guide")


class CodeListing(GuidePart):
    """A program in a section, with its output."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="listings", verbose_name=_("section"))
    title = models.CharField(
        _("title"), max_length=120, help_text=_("What the program shows, in a few words; the label of its tab.")
    )
    language = models.CharField(
        _("language"), max_length=40, default="python", help_text=_("The name of a Pygments lexer.")
    )
    code = models.TextField(_("code"), help_text=_("The complete program, ready to run."))
    output = models.TextField(_("output"), blank=True, help_text=_("The program's exact output or response."))
    note = models.TextField(_("note"), blank=True, help_text=MARKDOWN)

    natural_key_lookups = ("section__guide__topic__slug", "section__slug", "slug")

    class Meta(GuidePart.Meta):
        verbose_name = _("code listing")
        verbose_name_plural = _("code listings")
        constraints = [
            models.UniqueConstraint(fields=["section", "slug"], name="codelisting_slug_unique"),
            models.UniqueConstraint(fields=["section", "position"], name="codelisting_position_unique"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Return the title up to its colon, which is enough to tell the listings of one section apart."""
        return self.title.partition(":")[0]

    natural_key = natural_key_method("questions.section")


class Takeaway(GuidePart):
    """A sentence or two of a guide to remember."""

    guide = models.ForeignKey(
        Guide,
        models.CASCADE,
        related_name="takeaways",
        verbose_name=_("guide"),
        help_text=_("The guide it belongs to."),
    )
    text = models.TextField(_("text"), help_text=MARKDOWN)

    class Meta(GuidePart.Meta):
        verbose_name = _("takeaway")
        verbose_name_plural = _("takeaways")
        constraints = [
            models.UniqueConstraint(fields=["guide", "slug"], name="takeaway_slug_unique"),
            models.UniqueConstraint(fields=["guide", "position"], name="takeaway_position_unique"),
        ]

    def __str__(self) -> str:
        return self.slug

    natural_key = natural_key_method("questions.guide")


class FAQ(GuidePart):
    """A question that readers ask, with its answer."""

    guide = models.ForeignKey(
        Guide,
        models.CASCADE,
        related_name="faqs",
        verbose_name=_("guide"),
        help_text=_("The guide it belongs to."),
    )
    question = models.CharField(_("question"), max_length=200, help_text=_("As a reader would ask it."))
    answer = models.TextField(_("answer"), help_text=MARKDOWN)

    class Meta(GuidePart.Meta):
        verbose_name = _("FAQ")
        verbose_name_plural = _("FAQs")
        constraints = [
            models.UniqueConstraint(fields=["guide", "slug"], name="faq_slug_unique"),
            models.UniqueConstraint(fields=["guide", "position"], name="faq_position_unique"),
        ]

    def __str__(self) -> str:
        return self.question

    natural_key = natural_key_method("questions.guide")
