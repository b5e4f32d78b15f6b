"""What several pages of the admin have in common."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from questions.admin.forms import Autocomplete, LinesField, PlainLinesField, PositionedForm, PositionedInlineFormSet
from questions.bank.models.questions import Question

OVERRIDES: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 60})},
    models.URLField: {"assume_scheme": "https"},
    models.JSONField: {"form_class": LinesField},
}


MARKDOWN = {
    *("stem", "explanation", "model_answer", "text", "feedback"),
    *("quick_answer", "body", "answer", "note", "feature", "summary"),
}


class Autocompleted:
    """Has `autocomplete_fields` use our widget."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The form field."""
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class MarkdownFields:
    """Adds a live preview to fields that are shown as Markdown; texts keep the line ends that they have in files."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The form field; a text in Markdown tells the page's script where to have it rendered."""
        if isinstance(db_field, models.TextField):
            kwargs["form_class"] = PlainLinesField
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(db_field, models.TextField) and db_field.name in MARKDOWN:
            field.widget.attrs["data-rendered-by"] = reverse("admin:questions_question_rendered")
        return field


class PositionedInline(MarkdownFields, admin.StackedInline):
    """Rows in their order; a position left blank goes to the end."""

    form = PositionedForm
    formset = PositionedInlineFormSet
    extra = 0
    formfield_overrides = OVERRIDES


class Labelled:
    """Names each field of a table's row for those who cannot see its heading."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The form field, with its name as the label."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field:
            field.widget.attrs["aria-label"] = str(field.label).capitalize()
        return field


class PositionedTabularInline(Labelled, Autocompleted, MarkdownFields, admin.TabularInline):
    """The same as a table, for rows of few fields."""

    form = PositionedForm
    formset = PositionedInlineFormSet
    extra = 0
    formfield_overrides = OVERRIDES


class ReadOnly:
    """What can be looked at but neither made, changed nor deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


def statistics_of(question: Question) -> SafeString:
    """The statistics of each revision and of all together, in words."""
    lines = question.statistics.select_related("revision").order_by("revision__number") if question.pk else ()
    told = format_html_join("", "<p>{}</p>", ((line.summary(),) for line in lines))
    return told or format_html("{}", _("Nobody has answered it."))


def page_context(model_admin: Any, request: HttpRequest, row: models.Model | None, title: str) -> dict[str, Any]:
    """What a page of ours about one row needs to look like Django's."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": row,
        "title": title,
        "media": model_admin.media,
    }
