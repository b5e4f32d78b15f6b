"""Forms and formsets of the admin."""

from typing import Any

from django import forms
from django.db.models import F
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from questions.models import Comparison, ComparisonRow, Question, Status
from questions.services import authoring


class PositionedForm(forms.ModelForm):
    """A row whose position may stay blank; the formset sees to it that positions are unique."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].widget.attrs.update({"min": 1, "class": "positive-integer"})

    def _get_validation_exclusions(self) -> set[str]:
        """One form cannot know where its siblings are about to move."""
        return super()._get_validation_exclusions() | {"position"}  # type: ignore[misc]


class PositionedInlineFormSet(BaseInlineFormSet):
    """Rows with a unique position: blanks go to the end, two of the same number are told, swaps are saved."""

    def clean(self) -> None:
        super().clean()
        taken: dict[int, forms.ModelForm] = {}
        blank = []
        for form in self.kept_forms():
            position = form.cleaned_data.get("position")
            if position is None:
                blank.append(form)
            elif position in taken:
                form.add_error("position", _("Number %d is given twice: give each row its own.") % position)
            elif position < 1:
                form.add_error("position", _("Positions count from 1."))
            taken.setdefault(position or 0, form)
        for position, form in enumerate(blank, max(taken, default=0) + 1):
            form.cleaned_data["position"] = form.instance.position = position

    def kept_forms(self) -> list[forms.ModelForm]:
        """The valid forms whose rows will be there once this is saved."""
        return [
            form
            for form in self.forms
            if form.is_valid()
            and form not in self.deleted_forms
            and (form.instance.pk is not None or form.has_changed())
        ]

    def rows(self) -> list[Any]:
        """The rows as they will be once this is saved, in order."""
        return sorted((form.instance for form in self.kept_forms()), key=lambda row: row.position)

    def save(self, commit: bool = True) -> Any:
        """Saves; rows that move or go first make room, since the database checks each row by itself."""
        if commit:
            moving = [
                form.instance.pk
                for form in self.initial_forms
                if form in self.deleted_forms or "position" in form.changed_data
            ]
            self.get_queryset().model.objects.filter(pk__in=moving).update(position=F("pk") * -1)
        return super().save(commit)


class QuestionRowsFormSet(PositionedInlineFormSet):
    """Rows of a question; what they would get wrong in a published one is told above them.

    The question's own form is validated first, so `instance` holds what it is about to say.
    """

    problem_field: str

    def clean(self) -> None:
        super().clean()
        if self.instance.status != Status.PUBLISHED or any(self.errors):
            return
        item = self.instance.item_with(**{str(self.fk.remote_field.related_name): self.rows()})
        found = [problem.message for problem in authoring.problems_of(item) if problem.field == self.problem_field]
        if found:
            raise forms.ValidationError(found)


class ChoiceFormSet(QuestionRowsFormSet):
    """The options of a question."""

    problem_field = "options"


class RubricFormSet(QuestionRowsFormSet):
    """The rubric of a question."""

    problem_field = "criteria"


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "cols": 40}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list."""
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").strip().splitlines()]


class ComparisonForm(PositionedForm):
    """A table, its column headings one a line."""

    columns = LinesField(help_text=Comparison._meta.get_field("columns").help_text)

    class Meta:
        model = Comparison
        fields = "__all__"  # noqa: DJ007 - staff edit everything


class ComparisonRowForm(PositionedForm):
    """A row of a table, its cells one a line."""

    cells = LinesField(help_text=ComparisonRow._meta.get_field("cells").help_text)

    class Meta:
        model = ComparisonRow
        fields = "__all__"  # noqa: DJ007 - staff edit everything


class QuestionForm(forms.ModelForm):
    """A question; what only its own fields can get wrong is told here, the rest by the formsets of its rows."""

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 - staff edit everything

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("status") == Status.PUBLISHED and cleaned.get("type"):
            question = Question(**{name: cleaned[name] for name in self._texts() if name in cleaned})
            for problem in authoring.problems_of(question.item_with()):
                if problem.field in self.fields:
                    self.add_error(problem.field, problem.message)
        return cleaned

    def _texts(self) -> list[str]:
        """The fields that are part of an item."""
        return ["type", "stem", "explanation", "model_answer"]
