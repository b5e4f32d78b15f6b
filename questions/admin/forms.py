"""Forms, formsets, fields and widgets of the admin."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import CharField, F, Max, Model, QuerySet
from django.db.models.functions import Cast
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions import types
from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.enums import Status

PRIMARY_KEY = re.compile(r"\d{1,18}", re.ASCII)
MAX_POSITION = 9999


class PositionForm(forms.ModelForm):
    """Form of an object with a position among its siblings, which may be left blank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:  # users who may only view have no fields
            self.fields["position"].required = False
            self.fields["position"].widget.attrs.update({"min": 1, "max": MAX_POSITION})

    def clean_position(self) -> int | None:
        position = self.cleaned_data["position"]
        if position is not None and not 1 <= position <= MAX_POSITION:
            raise forms.ValidationError(_("Enter a position from 1 to %d.") % MAX_POSITION)
        return position

    def set_position(self, position: int) -> None:
        """Fill in the blank position, or add an error if it is above MAX_POSITION."""
        if position > MAX_POSITION:
            self.add_error("position", _("Enter a position from 1 to %d.") % MAX_POSITION)
        else:
            self.cleaned_data["position"] = self.instance.position = position


class StandalonePositionForm(PositionForm):
    """Form of an object on its own page; a blank position becomes the one after its last sibling."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("position", 0) is None:
            self.set_position(1 + (self._siblings().aggregate(last=Max("position"))["last"] or 0))
        return cleaned

    def _siblings(self) -> QuerySet[Any]:
        """Return the other objects of the same guide, or all others of a model without a guide."""
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        return others.filter(guide=self.cleaned_data.get("guide")) if "guide" in self.fields else others


class PositionedForm(PositionForm):
    """Form of an inline row; the formset checks that positions are unique."""

    def _get_validation_exclusions(self) -> set[str]:
        # A single form cannot know the new positions of its siblings.
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc]


class PositionedInlineFormSet(BaseInlineFormSet):
    """Rows with unique positions: blank ones go to the end, repeated ones are errors, and swaps can be saved."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:  # its column has no heading
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = _("Delete")

    def clean(self) -> None:
        super().clean()
        taken: set[int] = set()
        blank = []
        for form in self.remaining_forms():
            position = form.cleaned_data.get("position")
            if position is None:
                blank.append(form)
            elif position in taken:
                form.add_error("position", _("Position %d is used twice. Give each row its own position.") % position)
            else:
                taken.add(position)
        for position, form in enumerate(blank, max(taken, default=0) + 1):
            form.set_position(position)

    def remaining_forms(self) -> list[Any]:
        """Return the valid forms whose rows will exist after saving."""
        return [
            form
            for form in self.forms
            if form.is_valid()
            and not form.cleaned_data.get(DELETION_FIELD_NAME)
            and (form.instance.pk is not None or form.has_changed())
        ]

    def rows(self) -> list[Any]:
        """Return the rows as they will be after saving, ordered by position."""
        return sorted((form.instance for form in self.remaining_forms()), key=lambda row: row.position)

    def save(self, commit: bool = True) -> Any:
        """Save the rows.

        `clean` has checked the final state, but the database checks each statement. So delete rows first, and give
        rows that swap unique values temporary ones.
        """
        if commit:
            stored = self.get_queryset().model._default_manager.all()
            unique = self._temporary_values()
            deleted = [form.instance.pk for form in self.deleted_forms if form.instance.pk is not None]
            moving = [
                form.instance.pk
                for form in self.initial_forms
                if form.has_changed() and not unique.keys().isdisjoint(form.changed_data)
            ]
            stored.filter(pk__in=deleted).delete()
            stored.filter(pk__in=moving).update(**unique)
        return super().save(commit)

    def _temporary_values(self) -> dict[str, Any]:
        """Return {name of a unique field: value that no other row has}.

        A foreign key may be invalid until the end of the transaction.
        """
        model = self.get_queryset().model
        names = {name for check in model._meta.total_unique_constraints for name in check.fields} - {self.fk.name}
        negative = F("pk") * -1
        return {
            name: Cast(negative, CharField()) if isinstance(model._meta.get_field(name), CharField) else negative
            for name in names
        }


class QuestionRowsFormSet(PositionedInlineFormSet):
    """Rows of a question, with the problems of a published question shown above them.

    The question's own form is validated first, so `instance` has the new content.
    """

    problem_field: str

    def clean(self) -> None:
        super().clean()
        question = self.instance
        if question.status != Status.PUBLISHED or question.type not in types.names() or any(self.errors):
            return
        item = question.item_with(**{str(self.fk.remote_field.related_name): self.rows()})
        found = [
            problem.message for problem in authoring.publishing_problems(item) if problem.field == self.problem_field
        ]
        if found:
            raise forms.ValidationError(found)


class ChoiceFormSet(QuestionRowsFormSet):
    """The options of a question."""

    problem_field = "options"


class RubricFormSet(QuestionRowsFormSet):
    """The rubric of a question."""

    problem_field = "criteria"


class PlainLinesField(forms.CharField):
    """A text field with `\\n` line ends; browsers send `\\r\\n`, which would change the text's digest."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class LinesField(forms.CharField):
    """A list of texts, one per line; accepts the arguments of a JSONField's form field."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "cols": 40}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator()(text)  # Django's own check would get the list
        return [line.strip() for line in text.splitlines()]


class ComparisonInGuideForm(PositionedForm):
    """A comparison on its guide's page, where its rows are not shown."""

    def clean_columns(self) -> list[str]:
        columns = self.cleaned_data["columns"]
        if self.instance.pk and "columns" in self.changed_data:
            uneven = sum(len(row.cells) != len(columns) for row in self.instance.rows.all())
            if uneven:
                text = ngettext(
                    "%(uneven)d row would no longer match the %(columns)d columns. Change columns and "
                    "cells together on the comparison's own page.",
                    "%(uneven)d rows would no longer match the %(columns)d columns. Change columns and "
                    "cells together on the comparison's own page.",
                    uneven,
                )
                raise forms.ValidationError(text % {"uneven": uneven, "columns": len(columns)})
        return columns


class QuizItemForm(PositionedForm):
    """A question of a quiz; its label is already loaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "question" in self.fields:
            self.fields["question"].widget.widget.selected = self.instance.question


class Autocomplete(AutocompleteSelect):
    """Autocomplete widget that ignores invalid primary keys; Django's fails when it renders them again."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if PRIMARY_KEY.fullmatch(str(key))], attr)


class PrefilledAutocomplete(Autocomplete):
    """Autocomplete widget with a loaded object, which saves a query per row for its label."""

    selected: Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        selected = self.selected
        if selected is None or not self.is_required or [str(key) for key in value] != [str(selected.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, selected.pk, str(selected), True, 0)], 0)]


class QuestionForm(forms.ModelForm):
    """A question's own fields and their problems; the formsets check its rows.

    `by` is the user. `hidden_parts` names the rows that the user may not see; their problems appear above the fields.
    """

    hidden_parts: Collection[str] = ()
    by: User | None = None

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 - staff edit everything

    def _post_clean(self) -> None:
        """Add the problems of a question to be published, after `instance` has been updated."""
        super()._post_clean()  # type: ignore[misc]
        question = self.instance
        self._check_status()
        if question.status != Status.PUBLISHED or question.type not in types.names():
            return
        item = question.item() if question.pk else question.item_with()
        for problem in authoring.publishing_problems(item):
            if problem.field in self.hidden_parts:
                self.add_error(None, problem.message)
            elif problem.field in self.fields and problem.field not in self.errors:
                self.add_error(problem.field, problem.message)

    def _check_status(self) -> None:
        """Add an error if the user may not give the question its new status."""
        question, by = self.instance, self.by
        if by is None or ("status" not in self.changed_data and question.pk):
            return
        if question.pk is None:
            question.author_id = by.pk
        if question.status == Status.PUBLISHED:
            reason = authoring.publish_refusal(question=question, by=by)
        else:
            may = question.status != Status.RETIRED or by.has_perm(authoring.PUBLISH)
            reason = "" if may else _("Only reviewers and editors can retire questions. Ask one of them.")
        if reason:
            self.add_error("status", reason)
