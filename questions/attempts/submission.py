"""What a request changes in a response. Without the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from questions import types
from questions.attempts.draft_models import PageSave
from questions.attempts.models import Attempt, Response
from questions.enums import Confidence
from questions.types import UNKNOWN, Answer

# The fields that a submission can change.
RESPONSE_FIELDS = (
    *("answer", "fraction", "confidence", "flagged", "answered_at", "duration", "saved_from", "save_number"),
)


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer, a flag or both, as `attempts.services.record_response` gets them."""

    answer: Answer | None = None
    confidence: str = ""
    duration: timedelta | None = None
    flagged: bool | None = None
    page: PageSave | None = None

    def changes(self, response: Response, attempt: Attempt, at: datetime) -> tuple[dict[str, Any], bool]:
        """Return the fields that change, and whether the answer is refused because an earlier one is final."""
        changed: dict[str, Any] = {} if self.flagged in (None, response.flagged) else {"flagged": self.flagged}
        if self.answer is None or self._is_overtaken(response):
            return changed, False
        if not self.answer:
            return changed | self._removal(response, attempt), response.is_answered and attempt.explains_at_once
        item = response.revision.item()
        question_type = types.get(item.type)
        answer = question_type.merge(response.answer, self.answer)
        confidence = self.confidence if self.confidence in Confidence.values else response.confidence
        if answer == UNKNOWN:  # nobody is asked how sure they are of that
            confidence = ""
        if response.is_answered:
            if response.answer == answer and response.confidence == confidence:
                return changed | (self._source() if answer == UNKNOWN else {}), False
            if attempt.explains_at_once:
                return changed, True
        changed |= {
            "answer": answer,
            "fraction": question_type.grade(item, answer).fraction,
            "confidence": confidence,
            "answered_at": at,
            "duration": self._duration(response, at),
            **self._source(),
        }
        return changed, False

    def _duration(self, response: Response, at: datetime) -> timedelta | None:
        """Return the time spent on the question; of a page that saved before, only the time since then is added."""
        spent = self.duration
        if not spent:
            return response.duration
        if self.page and self.page.page and self.page.page == response.saved_from and response.answered_at:
            spent = min(spent, max(at - response.answered_at, timedelta()))
        return (response.duration or timedelta()) + spent

    def _is_overtaken(self, response: Response) -> bool:
        """Return whether a later save of the same page has arrived before this one."""
        page = self.page
        if page is None or page.page != response.saved_from:
            return False
        return page.number < response.save_number or (self.answer != UNKNOWN and has_said_unknown(response, page))

    def _removal(self, response: Response, attempt: Attempt) -> dict[str, Any]:
        """Return the fields of a response without its answer, which may still be changed."""
        if not response.is_answered or attempt.explains_at_once:
            return {}
        return {"answer": None, "fraction": None, "confidence": "", "answered_at": None, **self._source()}

    def _source(self) -> dict[str, Any]:
        if self.page is None:
            return {"saved_from": None, "save_number": 0}
        return {"saved_from": self.page.page, "save_number": self.page.number}


def has_said_unknown(response: Response, page: PageSave) -> bool:
    """Return whether the page gave the answer "I don't know" with this save or a later one.

    What it held then is a draft, and a copy that the browser sends once more must not make it the answer.
    """
    is_source = page.page is not None and page.page == response.saved_from
    return is_source and page.number <= response.save_number and response.answer == UNKNOWN
