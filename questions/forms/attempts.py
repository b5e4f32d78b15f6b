"""What comes with an answer beside the answer itself."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.attempts.models import Response
from questions.enums import Confidence

LONGEST_STAY = timedelta(hours=4)


class SubmissionForm(forms.Form):
    """One submission of the question page: which button, how sure, flagged, and what the page knew when it was made.

    `go` is "check" or "save", or where to go instead: "next", "previous", "finish", or a question's number.
    `shown_at` is the second since the epoch at which the page was rendered, `seen` the stamp of the answer it showed.
    """

    go = forms.RegexField("check|save|next|previous|finish|[0-9]{1,4}", required=False)
    confidence = forms.ChoiceField(
        required=False,
        label=_("How sure are you?"),
        choices=Confidence.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    flagged = forms.BooleanField(
        required=False,
        label=_("Flag for later"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    shown_at = forms.IntegerField(required=False, min_value=0, max_value=2**40, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @classmethod
    def for_page(cls, response: Response, at: datetime) -> "SubmissionForm":
        """The form as a page rendered at that time holds it."""
        return cls(initial=initial(response, at))

    @property
    def shown(self) -> dict[str, Any]:
        """What its fields show, by their names."""
        return {name: self[name].value() for name in ("confidence", "flagged", "shown_at", "seen")}

    @property
    def moves_on(self) -> bool:
        """Whether the button only leads elsewhere."""
        return self.cleaned_data.get("go", "") not in ("", "check", "save")

    def target(self, position: int) -> int | None:
        """The position to show next when sent from `position`; None for the end of the quiz."""
        go = self.cleaned_data.get("go", "")
        if go == "finish":
            return None
        return int(go) if go.isdecimal() else position + {"next": 1, "previous": -1}.get(go, 0)

    def is_outdated(self, response: Response) -> bool:
        """Whether the answer was changed elsewhere after this page was made."""
        return self.cleaned_data.get("seen", "") != stamp(response)

    def duration(self, at: datetime) -> timedelta | None:
        """Time since the page was shown; None where that is unknown or makes no sense."""
        shown_at = self.cleaned_data.get("shown_at")
        spent = timedelta(seconds=at.timestamp() - shown_at) if shown_at else None
        return spent if spent is not None and timedelta() <= spent <= LONGEST_STAY else None


def initial(response: Response, at: datetime) -> dict[str, Any]:
    """What the fields of a page rendered at that time show, by their names."""
    return {
        "confidence": response.confidence,
        "flagged": response.flagged,
        "shown_at": int(at.timestamp()),
        "seen": stamp(response),
    }


def stamp(response: Response) -> str:
    """What tells one saved answer from the next."""
    return response.answered_at.isoformat() if response.answered_at else ""
