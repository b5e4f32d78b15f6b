"""Forms and formsets of the admin."""

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

KEY = re.compile(r"\d{1,18}", re.ASCII)

LAST_POSITION = 9999


class PositionForm(forms.ModelForm):
    """Something with a place among its siblings that may be left blank."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:  # there are none for those who may only look
            self.fields["position"].required = False
            self.fields["position"].widget.attrs.update({"min": 1, "max": LAST_POSITION})

    def clean_position(self) -> int | None:
        position = self.cleaned_data["position"]
        if position is not None and not 1 <= position <= LAST_POSITION:
            raise forms.ValidationError(_("Positions count from 1 to %d.") % LAST_POSITION)
        return position

    def place_at(self, position: int) -> None:
        """Gives a place to what was left blank, or tells that there is none left."""
        if position > LAST_POSITION:
            self.add_error("position", _("Positions count from 1 to %d.") % LAST_POSITION)
        else:
            self.cleaned_data["position"] = self.instance.position = position


class LonePositionForm(PositionForm):
    """One of a kind on a page of its own; left blank, its position is the one after its last sibling's."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("position", 0) is None:
            self.place_at(1 + (self._siblings().aggregate(last=Max("position"))["last"] or 0))
        return cleaned

    def _siblings(self) -> QuerySet[Any]:
        """The other rows with the same guide, or all others where there is none to share."""
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        return others.filter(guide=self.cleaned_data.get("guide")) if "guide" in self.fields else others


class PositionedForm(PositionForm):
    """A row among others; the formset sees to it that positions are unique."""

    def _get_validation_exclusions(self) -> set[str]:
        """One form cannot know where its siblings are about to move."""
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc]


class PositionedInlineFormSet(BaseInlineFormSet):
    """Rows with a unique position: blanks go to the end, two of the same number are told, swaps are saved."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Names the box that deletes a row, which stands in a column without a label."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = _("Delete")

    def clean(self) -> None:
        super().clean()
        taken: set[int] = set()
        blank = []
        for form in self.kept_forms():
            position = form.cleaned_data.get("position")
            if position is None:
                blank.append(form)
            elif position in taken:
                form.add_error("position", _("Number %d is given twice: give each row its own.") % position)
            else:
                taken.add(position)
        for position, form in enumerate(blank, max(taken, default=0) + 1):
            form.place_at(position)

    def kept_forms(self) -> list[Any]:
        """The valid forms whose rows will be there once this is saved."""
        return [
            form
            for form in self.forms
            if form.is_valid()
            and not form.cleaned_data.get(DELETION_FIELD_NAME)
            and (form.instance.pk is not None or form.has_changed())
        ]

    def rows(self) -> list[Any]:
        """The rows as they will be once this is saved, in order."""
        return sorted((form.instance for form in self.kept_forms()), key=lambda row: row.position)

    def save(self, commit: bool = True) -> Any:
        """Saves. `clean` has seen that the rows agree in the end; since the database looks at each by itself, those
        that go leave first, and those that swap something unique make room for each other."""
        if commit:
            stored = self.get_queryset().model._default_manager.all()
            unique = self._unique_fields()
            gone = [form.instance.pk for form in self.deleted_forms if form.instance.pk is not None]
            moving = [
                form.instance.pk
                for form in self.initial_forms
                if form.has_changed() and not unique.keys().isdisjoint(form.changed_data)
            ]
            stored.filter(pk__in=gone).delete()
            stored.filter(pk__in=moving).update(**unique)
        return super().save(commit)

    def _unique_fields(self) -> dict[str, Any]:
        """The fields that are unique among the rows, each with a value that no other row can have; a foreign key may
        point nowhere until the transaction ends."""
        model = self.get_queryset().model
        names = {name for check in model._meta.total_unique_constraints for name in check.fields} - {self.fk.name}
        nowhere = F("pk") * -1
        return {
            name: Cast(nowhere, CharField()) if isinstance(model._meta.get_field(name), CharField) else nowhere
            for name in names
        }


class QuestionRowsFormSet(PositionedInlineFormSet):
    """Rows of a question; what they would get wrong in a published one is told above them.

    The question's own form is validated first, so `instance` holds what it is about to say.
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
    """A text whose lines end as in a file: browsers send other line ends, which would make it another text."""

    def to_python(self, value: Any) -> Any:
        """The text with plain line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class LinesField(forms.CharField):
    """A list of texts, one a line; takes what Django passes to the form field of a JSONField."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "cols": 40}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list."""
        if isinstance(value, list):
            return value
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator()(text)  # Django's own check would look at the list
        return [line.strip() for line in text.splitlines()]


class ComparisonInGuideForm(PositionedForm):
    """A table on its guide's page, where its rows are out of sight."""

    def clean_columns(self) -> list[str]:
        columns = self.cleaned_data["columns"]
        if self.instance.pk and "columns" in self.changed_data:
            uneven = sum(len(row.cells) != len(columns) for row in self.instance.rows.all())
            if uneven:
                text = ngettext(
                    "%(uneven)d row would not fit %(columns)d columns: change columns and cells together, on the"
                    " table's own page.",
                    "%(uneven)d rows would not fit %(columns)d columns: change columns and cells together, on the"
                    " table's own page.",
                    uneven,
                )
                raise forms.ValidationError(text % {"uneven": uneven, "columns": len(columns)})
        return columns


class QuizItemForm(PositionedForm):
    """A question of a quiz, whose label is at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "question" in self.fields:
            self.fields["question"].widget.widget.known = self.instance.question


class Autocomplete(AutocompleteSelect):
    """Looks rows up while one types; Django's own fails to show a form again that was sent with what is no key."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if KEY.fullmatch(str(key))], attr)


class KnownSelect(Autocomplete):
    """An autocomplete field that need not look up the label of the object it knows, which for each row would cost a
    query."""

    known: Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if self.known is None or not self.is_required or [str(one) for one in value] != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.known.pk, str(self.known), True, 0)], 0)]


class QuestionForm(forms.ModelForm):
    """A question; what only its own fields can get wrong is told here, the rest by the formsets of its rows.

    `by` is who fills it in. `unseen` names those rows that the page does not show, since not everyone may see them:
    what they get wrong is then told above the fields.
    """

    unseen: Collection[str] = ()
    by: User | None = None

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 - staff edit everything

    def _post_clean(self) -> None:
        """Looks at the question as it would be published, once `instance` says what was typed."""
        super()._post_clean()  # type: ignore[misc]
        question = self.instance
        self._check_status()
        if question.status != Status.PUBLISHED or question.type not in types.names():
            return
        item = question.item() if question.pk else question.item_with()
        for problem in authoring.publishing_problems(item):
            if problem.field in self.unseen:
                self.add_error(None, problem.message)
            elif problem.field in self.fields and problem.field not in self.errors:
                self.add_error(problem.field, problem.message)

    def _check_status(self) -> None:
        """Tells those who may not publish or retire the question that they may not."""
        question, by = self.instance, self.by
        if by is None or ("status" not in self.changed_data and question.pk):
            return
        if question.pk is None:
            question.author_id = by.pk
        if question.status == Status.PUBLISHED:
            reason = authoring.publish_refusal(question=question, by=by)
        else:
            may = question.status != Status.RETIRED or by.has_perm(authoring.PUBLISH)
            reason = "" if may else _("Retiring takes a reviewer or an editor.")
        if reason:
            self.add_error("status", reason)
