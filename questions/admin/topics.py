"""Admin of topics, guides and their parts."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.admin.base import (
    FORMFIELD_OVERRIDES,
    AutocompleteMixin,
    MarkdownPreviewMixin,
    PositionedInline,
    PositionedTabularInline,
)
from questions.admin.forms import ComparisonInGuideForm, StandalonePositionForm
from questions.bank.models.comparisons import Comparison, ComparisonRow
from questions.bank.models.topics import FAQ, CodeListing, Guide, Section, Takeaway, Topic


class GuideInline(MarkdownPreviewMixin, admin.StackedInline):
    """The guide's own texts; its parts have their inlines on the guide's page."""

    model = Guide
    extra = 0
    show_change_link = True


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """Topics in reading order."""

    form = StandalonePositionForm
    list_display = ["title", "slug", "position", "published"]
    list_display_links = ["title"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [GuideInline]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        return Topic.objects.with_counts().order_by("position")

    @admin.display(description=_("published questions"), ordering="published_count")
    def published(self, topic: Topic) -> int:
        return topic.published_count


class SectionInline(PositionedInline):
    """Sections; their code listings are on the section's page."""

    model = Section
    show_change_link = True
    prepopulated_fields = {"slug": ["title"]}


class ComparisonInline(PositionedInline):
    """Comparisons; their rows are on the comparison's page."""

    model = Comparison
    form = ComparisonInGuideForm
    show_change_link = True
    prepopulated_fields = {"slug": ["title"]}


class TakeawayInline(PositionedTabularInline):
    """Takeaways."""

    model = Takeaway


class FAQInline(PositionedInline):
    """Frequently asked questions."""

    model = FAQ
    prepopulated_fields = {"slug": ["question"]}


@admin.register(Guide)
class GuideAdmin(AutocompleteMixin, MarkdownPreviewMixin, admin.ModelAdmin):
    """A guide with its sections, comparisons, takeaways and FAQs."""

    list_display = ["title", "topic", "holds_for"]
    list_select_related = ["topic"]
    search_fields = ["title", "topic__title", "quick_answer"]
    autocomplete_fields = ["topic"]
    inlines = [SectionInline, ComparisonInline, TakeawayInline, FAQInline]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]


class CodeListingInline(PositionedInline):
    """Listings of a section."""

    model = CodeListing
    prepopulated_fields = {"slug": ["title"]}


class GuidePartAdmin(AutocompleteMixin, MarkdownPreviewMixin, admin.ModelAdmin):
    """Base of the admins for a part of a guide on its own page."""

    form = StandalonePositionForm
    formfield_overrides = FORMFIELD_OVERRIDES
    list_display = ["__str__", "guide", "position"]
    list_select_related = ["guide"]
    list_filter = ["guide"]
    autocomplete_fields = ["guide"]
    ordering = ["guide", "position"]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/admin.js"]


@admin.register(Section)
class SectionAdmin(GuidePartAdmin):
    """A section with its code listings."""

    search_fields = ["title", "slug", "body"]
    inlines = [CodeListingInline]


class ComparisonRowInline(PositionedTabularInline):
    """Rows of a comparison."""

    model = ComparisonRow


@admin.register(Comparison)
class ComparisonAdmin(GuidePartAdmin):
    """A comparison with its rows."""

    search_fields = ["title", "slug"]
    inlines = [ComparisonRowInline]


@admin.register(Takeaway)
class TakeawayAdmin(GuidePartAdmin):
    """Takeaways, registered so that questions can link to them."""

    search_fields = ["slug", "text"]


@admin.register(FAQ)
class FAQAdmin(GuidePartAdmin):
    """FAQs, registered so that questions can link to them."""

    search_fields = ["slug", "question"]
