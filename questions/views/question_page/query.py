"""Queries of the question page: the response with everything on its page, the outline of the attempt, and what a page
that is sent back needs."""

import uuid
from typing import Any

from django.db.models import (
    BigAutoField,
    BooleanField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)

from questions.accounts.owners import Owner
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response, ResponseQuerySet
from questions.attempts.submission import RESPONSE_FIELDS
from questions.notes.models import Bookmark, Note
from questions.notes.saved_items import SavedItem
from questions.performance.compiled_queries import CompiledOwnerQuery, CompiledQuery, Parameter
from questions.types import UNKNOWN

MAX_POSITION = 2**15 - 1  # the largest value of the column
NO_PAGE = uuid.UUID(int=0)


def _response(owner: str, value: Parameter) -> QuerySet[Response]:
    """Return the query for a response with everything on its page, bookmark and note included."""
    return _with_own(_at(owner, value).for_page(), owner)


def _response_to_save(owner: str, value: Parameter) -> QuerySet[Response]:
    """Return the query for a response with what its page needs to be saved, and whether other pages have drafts."""
    found = _at(owner, value).select_related("attempt", "revision").only(*_FIELDS_TO_SAVE)
    others = _DRAFTS.exclude(page=Parameter("page", UUIDField()))
    return _with_own(found, owner).annotate(has_drafts_of_others=Exists(others))


def _with_own(responses: ResponseQuerySet, owner: str) -> QuerySet[Response]:
    """Annotate the owner's bookmark and note on the question, and whether there are drafts."""
    mine = {owner: OuterRef(f"attempt__{owner}"), "question": OuterRef("revision__question")}
    return responses.annotate(
        is_bookmarked=Exists(Bookmark.objects.filter(**mine)),
        note=Subquery(Note.objects.filter(**mine).values("text")),
        has_drafts=Exists(_DRAFTS),
    )


def _at(owner: str, value: Parameter) -> ResponseQuerySet:
    """Return the query for the owner's response at a position."""
    public_id, position = Parameter("public_id", UUIDField()), Parameter("position", IntegerField())
    return Response.objects.filter(attempt__public_id=public_id, position=position, **{f"attempt__{owner}": value})


_DRAFTS = Draft.objects.filter(response=OuterRef("pk"))
_FIELDS_TO_SAVE = (
    *("position", "option_order", *RESPONSE_FIELDS, "revision__question", "revision__content"),
    *(f"attempt__{name}" for name in ("user", "visitor", "mode", "status", "seed", "deadline_at")),
)
_RESPONSE = CompiledOwnerQuery(_response)
_RESPONSE_TO_SAVE = CompiledOwnerQuery(_response_to_save)
_SAYS_UNKNOWN = ExpressionWrapper(Q(answer=UNKNOWN), BooleanField())
_OUTLINE = CompiledQuery(
    lambda: (
        Response.objects.filter(attempt=Parameter("attempt", BigAutoField()))
        .only("attempt_id", "position", "answered_at", "flagged", "fraction")
        .annotate(says_unknown=_SAYS_UNKNOWN)
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


def asked_for_saving(owner: Owner, public_id: uuid.UUID, position: int, page: uuid.UUID | None) -> AskedQuestion | None:
    """Return what `asked_at` does, read faster: without what only the question's page shows, and without drafts unless
    pages other than `page` have any."""
    if position > MAX_POSITION:
        return None
    found: list[Any] = _RESPONSE_TO_SAVE(owner, public_id=public_id, position=position, page=page or NO_PAGE)
    if not found:
        return None
    (response,) = found
    return AskedQuestion(response, drafts=list(response.drafts.all()) if response.has_drafts_of_others else [])


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
    """Return the attempt's responses in order, with only the columns of the outline, and `says_unknown`: whether the
    answer is "I don't know"."""
    found: list[Any] = _OUTLINE(attempt=attempt.pk)
    return found
