"""Mixins, base inlines and helpers shared by the admin's pages."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from questions.admin.forms import Autocomplete, LinesField, PlainLinesField, PositionedForm, PositionedInlineFormSet
from questions.bank import pictures
from questions.bank.models.questions import Question

FORMFIELD_OVERRIDES: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 60})},
    models.URLField: {"assume_scheme": "https"},
    models.JSONField: {"form_class": LinesField},
}

# Names of the text fields with a Markdown preview.
MARKDOWN_FIELDS = {
    *("stem", "explanation", "model_answer", "text", "feedback"),
    *("quick_answer", "body", "answer", "note", "feature", "summary", "description"),
}


class AutocompleteMixin:
    """Makes `autocomplete_fields` use our `Autocomplete` widget."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def _check_pictures(value: str | list[str]) -> None:
    """Raise ValidationError if the Markdown shows a picture that does not exist."""
    if found := pictures.problem([value] if isinstance(value, str) else value):
        raise ValidationError(found)


class MarkdownPreviewMixin:
    """Adds a live preview to Markdown fields, refuses names of unknown pictures, and keeps `\\n` line ends in all
    texts."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.TextField):
            kwargs["form_class"] = PlainLinesField
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(db_field, models.TextField) and db_field.name in MARKDOWN_FIELDS:
            field.widget.attrs["data-rendered-by"] = reverse("admin:questions_question_rendered")
        if field and db_field.name in pictures.MARKDOWN_FIELDS.get(str(db_field.model._meta.model_name), ()):
            field.validators = [*field.validators, _check_pictures]
        return field


class PositionedInline(MarkdownPreviewMixin, admin.StackedInline):
    """Stacked rows ordered by position; rows with a blank position go to the end."""

    form = PositionedForm
    formset = PositionedInlineFormSet
    extra = 0
    formfield_overrides = FORMFIELD_OVERRIDES


class LabelledFieldsMixin:
    """Labels the fields of tabular rows for screen readers, which do not read the column headings."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field:
            field.widget.attrs["aria-label"] = str(field.label).capitalize()
        return field


class PositionedTabularInline(LabelledFieldsMixin, AutocompleteMixin, MarkdownPreviewMixin, admin.TabularInline):
    """Tabular rows ordered by position, for rows with few fields."""

    form = PositionedForm
    formset = PositionedInlineFormSet
    extra = 0
    formfield_overrides = FORMFIELD_OVERRIDES


class ReadOnlyMixin:
    """Lets staff view objects, but not add, change or delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def statistics_of(question: Question) -> SafeString:
    """Return the statistics of each revision and of all revisions together, as HTML paragraphs."""
    lines = question.statistics.select_related("revision").order_by("revision__number") if question.pk else ()
    summaries = format_html_join("", "<p>{}</p>", ((line.summary(),) for line in lines))
    return summaries or format_html("{}", _("No answers yet."))


def page_context(model_admin: Any, request: HttpRequest, row: models.Model | None, title: str) -> dict[str, Any]:
    """Return the template context that makes our own page about an object look like Django's pages."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": row,
        "title": title,
        "media": model_admin.media,
    }
