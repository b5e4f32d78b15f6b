"""Keep what a page holds whenever it is sent, without grading it before the candidate asks for that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from questions.attempts import drafts
from questions.attempts import services as attempts
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft, PageSave, is_blank, stamp_of_marks
from questions.attempts.submission import has_said_unknown
from questions.enums import AttemptMode
from questions.types import UNKNOWN, Answer, AnswerForm, AssessmentForm


class Kept(StrEnum):
    """How something was kept."""

    SAVED = "saved"  # it is the answer, or there was nothing to save
    DRAFT = "draft"
    BESIDE = "beside"  # as a draft beside an answer that another page has saved meanwhile
    FINAL = "final"  # as a draft beside an answer that is final
    LATE = "late"  # as a draft in an attempt that has ended


def keep(
    *,
    asked: AskedQuestion,
    form: AnswerForm,
    page: PageSave,
    is_outdated: bool,
    at: datetime,
    confidence: str = "",
    flagged: bool | None = None,
    duration: timedelta | None = None,
) -> Kept:
    """Keep what the bound form holds, and the flag, and return how.

    In an exam a valid answer becomes the answer, and empty fields remove it. Everywhere else, and if it is invalid or
    another page has changed the answer meanwhile, it becomes the draft of its page. Raises drafts.TooMuch.
    """
    response, attempt = asked.response, asked.response.attempt
    if has_said_unknown(response, page):
        return Kept.SAVED
    is_late = not attempt.is_open or attempt.is_overdue(at)
    is_exam = attempt.mode == AttemptMode.EXAM
    answer = answer_of(asked, form, page) if is_exam and not is_outdated else None
    if not is_late:
        try:
            attempts.record_response(
                response=response,
                answer=answer,
                confidence=confidence,
                flagged=flagged,
                duration=duration if answer else None,
                page=page,
                at=at,
            )
        except attempts.AttemptClosed:
            is_late = True
    is_recorded = bool(answer) and not is_late
    if is_recorded or _is_kept(asked, form, page, confidence):
        forget(asked, page)
        return Kept.SAVED
    fields = form.typed() | ({"confidence": [confidence]} if confidence else {})
    drafts.save(response=response, page=page, fields=fields, at=at)
    if is_late:
        return Kept.LATE
    if response.is_revealed:
        return Kept.FINAL
    return Kept.BESIDE if is_outdated else Kept.DRAFT


def _is_kept(asked: AskedQuestion, form: AnswerForm, page: PageSave, confidence: str) -> bool:
    """Return whether the page holds nothing that is not in the answer, or that it has not saved since."""
    response = asked.response
    if page.page is not None and page.page == response.saved_from and page.number < response.save_number:
        return True
    if is_blank(form.typed()):
        if page.page is None:
            return True
        if confidence and not response.is_revealed:  # ticked before anything else
            return False
    return asked.is_saved(form)


def answer_of(asked: AskedQuestion, form: AnswerForm, page: PageSave) -> Answer | None:
    """Return the answer to record: `{}` if the fields of a whole page were emptied, None if there is no valid one.

    Empty fields leave "I don't know" as it is.
    """
    if is_blank(form.typed()):
        if asked.is_unknown:
            return UNKNOWN
        return {} if page.page and asked.response.is_answered and not asked.response.is_revealed else None
    return form.answer() if form.is_valid() else None


def keep_unknown(*, asked: AskedQuestion, form: AnswerForm, page: PageSave, at: datetime) -> None:
    """Keep what the page holds as a draft, before its button gives the answer "I don't know". Raises drafts.TooMuch."""
    if not is_blank(form.typed()):
        response: Any = asked.response
        drafts.save(response=response, page=page, fields=form.typed(), at=at)
        response.has_drafts = True


def forget(asked: AskedQuestion, page: PageSave) -> None:
    """Delete the drafts whose text the page has saved as the answer."""
    response: Any = asked.response
    if getattr(response, "has_drafts", True):  # which `views.question_page.query` reads with it
        drafts.discard(response=response, page=page)


def keep_marks(*, asked: AskedQuestion, data: Mapping[str, str], page: PageSave, at: datetime) -> None:
    """Keep the ticks at the criteria of an open question as a draft, unless they are the marks that are saved."""
    form = AssessmentForm(asked.item, asked.response.position, data=data)
    if not asked.response.is_revealed or asked.assessment() is None or not form.is_valid():
        return
    if form.met() == asked.response.answer.get("met", []):
        drafts.discard(response=asked.response, page=page, part=Draft.Part.MARKS)
    else:
        fields = {"met": form.cleaned_data["met"]}
        page = replace(page, seen=stamp_of_marks(asked.response))
        drafts.save(response=asked.response, page=page, fields=fields, at=at, part=Draft.Part.MARKS)
