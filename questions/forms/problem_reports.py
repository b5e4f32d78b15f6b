"""Form to report a problem with a question."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.problem_reports.models import Reason


class ReportForm(forms.Form):
    """The reason for a problem report and a text, which is required for the reason "other"."""

    reason = forms.ChoiceField(label=gettext_lazy("What is wrong?"), choices=Reason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Details"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What you ran, what you read, or how you understood it."),
    )

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("reason") == Reason.OTHER and not self.cleaned_data.get("text"):
            self.add_error("text", _("Describe the problem."))
        return self.cleaned_data
