"""Queries of the question page: the response with everything on its page, and the outline of the attempt."""

import uuid
from typing import Any

from django.db.models import BigAutoField, Exists, IntegerField, OuterRef, QuerySet, Subquery, UUIDField

from questions.accounts.owners import Owner
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.notes.models import Bookmark, Note
from questions.notes.saved_items import SavedItem
from questions.performance.compiled_queries import CompiledOwnerQuery, CompiledQuery, Parameter

MAX_POSITION = 2**15 - 1  # the largest value of the column


def _response(owner: str, value: Parameter) -> QuerySet[Response]:
    """Return the query for a response with everything on its page, bookmark and note included."""
    mine = {owner: OuterRef(f"attempt__{owner}"), "question": OuterRef("revision__question")}
    public_id, position = Parameter("public_id", UUIDField()), Parameter("position", IntegerField())
    found = Response.objects.filter(attempt__public_id=public_id, position=position, **{f"attempt__{owner}": value})
    return found.for_page().annotate(
        is_bookmarked=Exists(Bookmark.objects.filter(**mine)),
        note=Subquery(Note.objects.filter(**mine).values("text")),
        has_drafts=Exists(Draft.objects.filter(response=OuterRef("pk"))),
    )


_RESPONSE = CompiledOwnerQuery(_response)
_OUTLINE = CompiledQuery(
    lambda: Response.objects.filter(attempt=Parameter("attempt", BigAutoField())).only(
        "attempt_id", "position", "answered_at", "flagged"
    )
)


def response_at(owner: Owner, public_id: uuid.UUID, position: int) -> Response | None:
    """Return the owner's response at the position; None if there is none or it belongs to somebody else."""
    if position > MAX_POSITION:
        return None
    found: list[Any] = _RESPONSE(owner, public_id=public_id, position=position)
    return found[0] if found else None


def asked_at(owner: Owner, public_id: uuid.UUID, position: int) -> AskedQuestion | None:
    """Return the owner's question at the position with its drafts, if it has any; None as `response_at` does."""
    response: Any = response_at(owner, public_id, position)
    if response is None:
        return None
    return AskedQuestion(response, drafts=list(response.drafts.all()) if response.has_drafts else [])


def reread(asked: AskedQuestion) -> AskedQuestion:
    """Return the question with the drafts that it has now; its response is up to date already."""
    response: Any = asked.response
    return AskedQuestion(response, drafts=list(response.drafts.all()) if response.has_drafts else [])


def saved_with(response: Any) -> SavedItem:
    """Return the bookmark and note on the question; the response must come from `response_at`."""
    return SavedItem("question", response.revision.question_id, response.is_bookmarked, response.note or "")


def reread_note(response: Any) -> None:
    """Update the note of a response that comes from `response_at`."""
    note = Note.objects.owned_by(response.attempt.owner).filter(question=response.revision.question_id).first()
    response.note = note.text if note else ""


def outline(attempt: Attempt) -> list[Response]:
    """Return the attempt's responses in order, with only the columns of the outline."""
    return _OUTLINE(attempt=attempt.pk)
