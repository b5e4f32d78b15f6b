"""What several pages of the admin have in common."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest

from questions.forms.admin import LinesField, PositionedForm, PositionedInlineFormSet

OVERRIDES: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 60})},
    models.URLField: {"assume_scheme": "https"},
    models.JSONField: {"form_class": LinesField},
}


class PositionedInline(admin.StackedInline):
    """Rows in their order; a position left blank goes to the end."""

    form = PositionedForm
    formset = PositionedInlineFormSet
    extra = 0
    formfield_overrides = OVERRIDES


class PositionedTabularInline(admin.TabularInline):
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
