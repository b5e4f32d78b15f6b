"""Versions: what other pages hold for a question, beside what one page shows."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.clock import clock
from questions.attempts.draft_models import Draft
from questions.content.markdown import plain_text
from questions.types import AnswerForm


@dataclass(frozen=True, slots=True)
class Version:
    """An answer or the candidate's own marks, as another page holds them; `pk` is the draft's, None for the saved
    answer."""

    pk: int | None
    saved_at: datetime | None  # None if it could not be saved
    text: str
    number: int = 0  # of the draft's save
    is_marks: bool = False

    @property
    def time(self) -> str:
        return clock(self.saved_at) if self.saved_at else ""


def versions(asked: AskedQuestion, page: uuid.UUID | None = None, *, with_answer: bool = False) -> list[Version]:
    """Return what other pages hold for the question, the last first; with the saved answer if that is asked for.

    What the page holds itself is left out: without a page, the drafts that the question's page shows.
    """
    found = _answers(asked, page) + _marks(asked, page) if asked.drafts else []
    if with_answer and asked.response.answered_at:
        found.insert(0, Version(None, asked.response.answered_at, asked.saved_text))
    return found


def _answers(asked: AskedQuestion, page: uuid.UUID | None) -> list[Version]:
    own = _of_page(asked, Draft.Part.ANSWER, page) if page else asked.draft
    return [
        Version(draft.pk, draft.saved_at, _as_text(asked, form), draft.number)
        for draft in _others(asked, Draft.Part.ANSWER, own)
        if not draft.is_blank and not asked.is_saved(form := asked.form(draft.data))
    ]


def _marks(asked: AskedQuestion, page: uuid.UUID | None) -> list[Version]:
    if asked.assessment() is None:
        return []
    own = _of_page(asked, Draft.Part.MARKS, page) if page else asked.marks_draft
    saved = [str(index + 1) for index in asked.response.answer.get("met", [])]
    return [
        Version(draft.pk, draft.saved_at, _criteria(asked, draft.fields["met"]), draft.number, is_marks=True)
        for draft in _others(asked, Draft.Part.MARKS, own)
        if draft.fields["met"] != saved
    ]


def _of_page(asked: AskedQuestion, part: str, page: uuid.UUID) -> Draft | None:
    return next((draft for draft in asked.drafts if draft.part == part and draft.page == page), None)


def _others(asked: AskedQuestion, part: str, own: Draft | None) -> Iterable[Draft]:
    """Return the drafts of other pages, each content once."""
    seen = [own.fields] if own else []
    for draft in asked.drafts:
        if draft.part == part and draft.fields not in seen:
            seen.append(draft.fields)
            yield draft


def _as_text(asked: AskedQuestion, form: AnswerForm) -> str:
    """Return what the bound form holds in words, valid or not."""
    answer = form.answer() if form.is_valid() else None
    if answer is not None:
        return asked.question_type.as_text(asked.item, answer)
    return "\n".join(value for values in form.typed().values() for value in values if value.strip())


def _criteria(asked: AskedQuestion, ticked: list[str]) -> str:
    """Return the criteria that are ticked, one a line."""
    found = [criterion.text for number, criterion in enumerate(asked.item.criteria, 1) if str(number) in ticked]
    return "\n".join(map(plain_text, found)) or _("No points ticked")
