"""Form of the types whose answer is a choice from a list for each line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.text import Truncator

from questions.content.markdown import plain_text
from questions.types.base import AnswerForm, UntamperedChoiceField

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MAX_LINE_LENGTH = 40  # of a line that a message quotes


class SelectsForm(AnswerForm):
    """A form with one select for each label, named row-1, row-2, …. The `offered` texts are numbered from 1; `numbers`
    are the saved choices.

    The messages say which rows are blank: all of them, the `line`, or the `line` and `count` more.
    """

    all_missing: ClassVar["StrPromise"]
    one_missing: ClassVar["StrPromise"]
    more_missing: ClassVar["StrPromise"]

    def __init__(
        self,
        labels: Sequence[str],
        offered: Sequence[str],
        numbers: Sequence[int | None],
        data: Mapping[str, Any] | None,
    ) -> None:
        super().__init__(data)
        choices = [("", "—"), *((str(number), text) for number, text in enumerate(offered, 1))]
        for row, (label, number) in enumerate(zip(labels, numbers, strict=True), 1):
            self.fields[f"row-{row}"] = UntamperedChoiceField(
                label=label,
                choices=choices,
                initial="" if number is None else str(number),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def chosen(self) -> list[int | None]:
        """Return the number chosen in each row, or None."""
        return [int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in self.fields]

    def missing(self) -> str:
        """Return which rows are blank; empty if none is, or if the form has errors, which come first."""
        if self.errors:
            return ""
        blank = [field for field, number in zip(self.fields.values(), self.chosen(), strict=True) if number is None]
        if len(blank) in (0, len(self.fields)):
            return str(self.all_missing) if blank else ""
        label = str(blank[0].label)
        line = Truncator(plain_text(label) or label).chars(MAX_LINE_LENGTH)
        if len(blank) == 1:
            return str(self.one_missing) % {"line": line}
        return self.more_missing % {"line": line, "count": len(blank) - 1}
