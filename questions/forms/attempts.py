"""Form of the question page, apart from the answer itself."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.attempts.models import Response
from questions.enums import Confidence

MAX_DURATION = timedelta(hours=4)


class SubmissionForm(forms.Form):
    """Form for what the question page submits besides the answer.

    `go` is the button: "check" and "save" stay on the question; "next", "previous", "finish" or a position leave it.
    `shown_at` is when the page was rendered, in seconds since the epoch; `seen` is the stamp of the answer on it.
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
        """Return the form for a page rendered at this time."""
        return cls(initial=initial_values(response, at))

    @property
    def shown(self) -> dict[str, Any]:
        """Return the values that the fields show, by name."""
        return {name: self[name].value() for name in ("confidence", "flagged", "shown_at", "seen")}

    @property
    def moves_on(self) -> bool:
        """Return whether the button leads to another page."""
        return self.cleaned_data.get("go", "") not in ("", "check", "save")

    def values(self, at: datetime) -> dict[str, Any]:
        """Return the arguments of `attempts.services.record_response` besides the answer."""
        return {
            "confidence": self.cleaned_data.get("confidence", ""),
            "duration": self._duration(at),
            "flagged": bool(self.cleaned_data.get("flagged")),
        }

    def target(self, position: int) -> int | None:
        """Return the position to show next when sent from `position`; None for the end of the quiz."""
        go = self.cleaned_data.get("go", "")
        if go == "finish":
            return None
        return int(go) if go.isdecimal() else position + {"next": 1, "previous": -1}.get(go, 0)

    def is_outdated(self, response: Response) -> bool:
        """Return whether another page has changed the answer since this one was rendered."""
        return self.cleaned_data.get("seen", "") != answer_stamp(response)

    def _duration(self, at: datetime) -> timedelta | None:
        """Return the time since the page was rendered; None if it is unknown or implausible."""
        shown_at = self.cleaned_data.get("shown_at")
        spent = timedelta(seconds=at.timestamp() - shown_at) if shown_at else None
        return spent if spent is not None and timedelta() <= spent <= MAX_DURATION else None


def initial_values(response: Response, at: datetime) -> dict[str, Any]:
    """Return the initial values of the form for a page rendered at this time, by name."""
    return {
        "confidence": response.confidence,
        "flagged": response.flagged,
        "shown_at": int(at.timestamp()),
        "seen": answer_stamp(response),
    }


def answer_stamp(response: Response) -> str:
    """Return a stamp that changes whenever the answer is saved; empty without an answer."""
    return response.answered_at.isoformat() if response.answered_at else ""
