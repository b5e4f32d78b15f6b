"""What the question page holds and sends, apart from the answer itself."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
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
LAST_SECOND = 2**40
MAX_BASES = 1_000  # characters
GO = re.compile(
    "check|save|unknown|next|previous|finish|over|report|[0-9]{1,4}|use-[0-9]{1,18}|discard-[0-9]{1,18}-[0-9]{1,10}"
)
DIGITS = re.compile("[0-9]{1,13}")
STAMP = re.compile("[0-9T:.+-]{1,40}")


class SubmissionForm(forms.Form):
    """Fields of the question page besides the answer, as the page shows them."""

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


class SubmittedPage:
    """What the question page submits besides the answer; a value that no page of this site sends counts as missing.

    The page sends this whenever it saves, so it is read without a Django form, which takes much longer.

    `go` is the button: "check", "save" and "unknown", which says "I don't know", stay on the question; "next",
    "previous", "finish" or a position leave it; "report" leads to the form for a problem; "use-" with its id takes up a
    draft of another page, and "discard-" with its id and number deletes it; "over" is sent at the deadline.
    `shown_at` is when the page was rendered, in seconds since the epoch; `page`, `number`, `seen` and `based_on` are
    those of `PageSave`.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @property
    def go_to(self) -> str:
        """Return the button that was pressed; empty if it is unknown."""
        go = self._sent("go").strip()
        return go if GO.fullmatch(go) else ""

    @property
    def confidence(self) -> str:
        """Return how sure the candidate is; empty if that was not said."""
        confidence = self._sent("confidence")
        return confidence if confidence in Confidence.values else ""

    @property
    def flagged(self) -> bool:
        """Return whether the question is flagged."""
        return self._sent("flagged").lower() not in ("", "false", "0")

    @property
    def sent(self) -> dict[str, Any]:
        """Return what the page shows again if its answer is rejected, by name."""
        page = self.page_save
        based_on = f"{page.page}:{page.number}" if page.page else ""
        return {"confidence": self.confidence, "flagged": self.flagged, "based_on": based_on}

    @property
    def moves_on(self) -> bool:
        """Return whether the button leads to another page."""
        return self.go_to in ("next", "previous", "finish", "report") or self.go_to.isdecimal()

    @property
    def used(self) -> int | None:
        """Return the id of another page's draft that is to be put into the fields."""
        action, _dash, pk = self.go_to.partition("-")
        return int(pk) if action == "use" else None

    @property
    def discarded(self) -> tuple[int, int] | None:
        """Return the id of another page's draft that is to be deleted, and the number of its save."""
        action, *values = self.go_to.split("-")
        return (int(values[0]), int(values[1])) if action == "discard" else None

    @cached_property
    def page_save(self) -> PageSave:
        """Return which page was submitted, and what it was based on."""
        seen = self._sent("seen")
        return PageSave(
            page=_uuid(self._sent("page")),
            number=_number(self._sent("number"), MAX_NUMBER) or 0,
            seen=seen if STAMP.fullmatch(seen) else "",
            based_on=_bases(self._sent("based_on")),
        )

    def marks_save(self, position: int) -> PageSave:
        """Return which page the ticks at the criteria of that question come from, and the draft they were based on."""
        return replace(self.page_save, based_on=_bases(self._sent(f"marks-{position}")))

    def values(self, at: datetime) -> dict[str, Any]:
        """Return the arguments of `attempts.services.record_response` besides the answer."""
        return {
            "confidence": self.confidence,
            "duration": self._duration(at),
            "flagged": self.flagged,
            "page": self.page_save,
        }

    def target(self, position: int) -> int | None:
        """Return the position to show next when sent from `position`; None for the end of the quiz."""
        go = self.go_to
        if go == "finish":
            return None
        return int(go) if go.isdecimal() else position + {"next": 1, "previous": -1}.get(go, 0)

    def is_outdated(self, response: Response) -> bool:
        """Return whether another page has changed the answer since this one was rendered."""
        page = self.page_save
        own = {page.page} | {base for base, number in page.based_on if number >= response.save_number}
        is_own = response.saved_from is not None and response.saved_from in own
        return "seen" in self.data and page.seen != stamp_of(response) and not is_own

    def _duration(self, at: datetime) -> timedelta | None:
        """Return the time since the page was rendered; None if it is unknown or implausible."""
        shown_at = _number(self._sent("shown_at"), LAST_SECOND)
        spent = timedelta(seconds=at.timestamp() - shown_at) if shown_at else None
        return spent if spent is not None and timedelta() <= spent <= MAX_DURATION else None

    def _sent(self, name: str) -> str:
        return str(self.data.get(name, ""))


def _uuid(value: str) -> uuid.UUID | None:
    """Return the UUID; None if the value is not one."""
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _number(value: str, largest: int) -> int | None:
    """Return the whole number; None if the value is not one, or too large."""
    number = int(value) if DIGITS.fullmatch(value) else None
    return None if number is None or number > largest else number


def _bases(value: str) -> tuple[tuple[uuid.UUID, int], ...]:
    """Return the drafts that a page was based on; none if the page was tampered with."""
    try:
        pairs = [base.split(":") for base in value[:MAX_BASES].split(",") if base]
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
