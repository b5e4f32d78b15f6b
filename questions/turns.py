"""What a question's page is made of, in two queries that are compiled once."""

import uuid
from typing import Any

from django.db.models import BigAutoField, Exists, IntegerField, OuterRef, Subquery, UUIDField

from questions.kept import Kept
from questions.models import Attempt, Bookmark, Note, Owner, Response
from questions.prepared import Parameter, Prepared

MOST = 2**15 - 1  # places of an attempt, as its column holds them
OWN = {"user": OuterRef("attempt__user"), "visitor": OuterRef("attempt__visitor")}


def _asked(owner: str, field: "BigAutoField[int, int] | UUIDField[uuid.UUID, uuid.UUID]") -> Prepared[Response]:
    """The place in an attempt of that kind of owner, with all that its page shows except the content of the question,
    and with the owner's bookmark and note."""
    mine = {owner: OWN[owner], "question": OuterRef("revision__question")}
    return Prepared(
        lambda: (
            Response.objects.filter(
                **{f"attempt__{owner}": Parameter("owner", field)},
                attempt__public_id=Parameter("public_id", UUIDField()),
                position=Parameter("position", IntegerField()),
            )
            .for_page()
            .annotate(
                is_bookmarked=Exists(Bookmark.objects.filter(**mine)),
                note=Subquery(Note.objects.filter(**mine).values("text")),
            )
        )
    )


_BY_USER, _BY_VISITOR = _asked("user", BigAutoField()), _asked("visitor", UUIDField())
_PLACES = Prepared(lambda: Response.objects.filter(attempt=Parameter("attempt", BigAutoField())).outline())


def asked(owner: Owner, public_id: uuid.UUID, position: int) -> tuple[Response, Kept] | None:
    """The owner's response at that position, and what the owner keeps of its question; None where there is none, or
    where it is somebody else's."""
    if owner == Owner() or position > MOST:
        return None
    query = _BY_USER if owner.user_id is not None else _BY_VISITOR
    found: list[Any] = query(owner=owner.user_id or owner.visitor, public_id=public_id, position=position)
    if not found:
        return None
    response = found[0]
    return response, Kept("question", response.revision.question_id, response.is_bookmarked, response.note or "")


def places(attempt: Attempt) -> list[Response]:
    """How far the attempt has come, place by place."""
    return _PLACES(attempt=attempt.pk)
