"""Form of the question page, apart from the answer itself."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import PageSave, stamp_of
from questions.attempts.drafts import MAX_VERSIONS
from questions.attempts.models import Response
from questions.enums import Confidence

MAX_DURATION = timedelta(hours=4)
MAX_NUMBER = 2**31 - 1  # the largest value of the column


class SubmissionForm(forms.Form):
    """Form for what the question page submits besides the answer.

    `go` is the button: "check" and "save" stay on the question; "next", "previous", "finish" or a position leave it;
    "report" leads to the form for a problem; "use-" and "discard-" with its id take up or delete a draft of another
    page; "over" is sent at the deadline.
    `shown_at` is when the page was rendered, in seconds since the epoch; `page`, `number`, `seen` and `based_on` are
    those of `PageSave`.
    """

    go = forms.RegexField(
        "check|save|next|previous|finish|over|report|[0-9]{1,4}|(use|discard)-[0-9]{1,18}", required=False, strip=True
    )
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
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, min_value=0, max_value=MAX_NUMBER, widget=forms.HiddenInput)
    based_on = forms.CharField(required=False, max_length=1_000, widget=forms.HiddenInput)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "SubmissionForm":
        """Return the form with the data, validated; a value that no page of this site sends counts as missing."""
        form = cls(data)
        form.is_valid()
        return form

    @property
    def go_to(self) -> str:
        """Return the button that was pressed; empty if it is unknown."""
        return self.cleaned_data.get("go", "")

    @property
    def sent(self) -> dict[str, Any]:
        """Return what the page shows again if its answer is rejected, by name."""
        page = self.page_save()
        values = {name: self[name].value() for name in ("confidence", "flagged")}
        return values | {"based_on": f"{page.page}:{page.number}" if page.page else ""}

    @property
    def moves_on(self) -> bool:
        """Return whether the button leads to another page."""
        return self.go_to in ("next", "previous", "finish", "report") or self.go_to.isdecimal()

    @property
    def other_version(self) -> tuple[str, int] | None:
        """Return what to do with a draft of another page, "use" or "discard", and the draft's id."""
        action, _dash, pk = self.go_to.partition("-")
        return (action, int(pk)) if pk else None

    def page_save(self) -> PageSave:
        """Return which page was submitted, and what it was based on."""
        data = self.cleaned_data
        return PageSave(
            page=data.get("page"),
            number=data.get("number") or 0,
            seen=data.get("seen") or "",
            based_on=_bases(data.get("based_on") or ""),
        )

    def marks_save(self, position: int) -> PageSave:
        """Return which page the ticks at the criteria of that question come from, and the draft they were based on."""
        return replace(self.page_save(), based_on=_bases(self.data.get(f"marks-{position}", "")))

    def values(self, at: datetime) -> dict[str, Any]:
        """Return the arguments of `attempts.services.record_response` besides the answer."""
        return {
            "confidence": self.cleaned_data.get("confidence", ""),
            "duration": self._duration(at),
            "flagged": bool(self.cleaned_data.get("flagged")),
            "page": self.page_save(),
        }

    def target(self, position: int) -> int | None:
        """Return the position to show next when sent from `position`; None for the end of the quiz."""
        go = self.go_to
        if go == "finish":
            return None
        return int(go) if go.isdecimal() else position + {"next": 1, "previous": -1}.get(go, 0)

    def is_outdated(self, response: Response) -> bool:
        """Return whether another page has changed the answer since this one was rendered."""
        page = self.page_save()
        own = {page.page} | {base for base, number in page.based_on if number >= response.save_number}
        is_own = response.saved_from is not None and response.saved_from in own
        return "seen" in self.data and page.seen != stamp_of(response) and not is_own

    def _duration(self, at: datetime) -> timedelta | None:
        """Return the time since the page was rendered; None if it is unknown or implausible."""
        shown_at = self.cleaned_data.get("shown_at")
        spent = timedelta(seconds=at.timestamp() - shown_at) if shown_at else None
        return spent if spent is not None and timedelta() <= spent <= MAX_DURATION else None


def _bases(value: str) -> tuple[tuple[uuid.UUID, int], ...]:
    """Return the drafts that a page was based on; none if the page was tampered with."""
    try:
        pairs = [base.split(":") for base in value.split(",") if base]
        return tuple((uuid.UUID(page), min(int(number), MAX_NUMBER)) for page, number in pairs[:MAX_VERSIONS])
    except ValueError:
        return ()


def initial_values(asked: AskedQuestion, at: datetime) -> dict[str, Any]:
    """Return the initial values of the form for a page rendered at this time, by name."""
    response, draft = asked.response, asked.draft
    confidence = draft.fields.get("confidence", [""]) if draft else [response.confidence]
    return {
        "confidence": next(iter(confidence), ""),
        "flagged": response.flagged,
        "shown_at": int(at.timestamp()),
        "seen": stamp_of(response),
        "page": str(uuid.uuid4()),
        "based_on": draft.base if draft else "",
    }
