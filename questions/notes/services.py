"""Services for saved items: set bookmarks, write and merge notes, and claim a visitor's items."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.accounts.owners import Owner
from questions.notes.models import MAX_NOTE_LENGTH, Bookmark, Note, stamp

SEPARATOR = "\n\n* * *\n\n"


class NoteResult(StrEnum):
    """What happened to a submitted note."""

    SAVED = "saved"
    DELETED = "deleted"
    KEPT = "kept"  # the note was changed on another page; the submitted text was empty or unchanged
    JOINED = "joined"  # the note was changed on another page; it now has both texts


class NoteTooLong(Exception):
    """The note was changed on another page, and both texts together exceed MAX_NOTE_LENGTH."""


def set_bookmark(*, owner: Owner, kind: str, pk: int, marked: bool, at: datetime) -> None:
    """Set or remove the owner's bookmark; repeating the call changes nothing."""
    if marked:
        Bookmark.objects.get_or_create(**owner.fields, **{f"{kind}_id": pk}, defaults={"marked_at": at})
    else:
        Bookmark.objects.owned_by(owner).on(kind, pk).delete()


@transaction.atomic
def write_note(*, owner: Owner, kind: str, pk: int, text: str, at: datetime, seen: str = "") -> NoteResult:
    """Save the text as the owner's note, or delete the note if the text is empty; repeating the call changes nothing.

    `seen` is the stamp of the note that the page showed. If the note has changed since then, no text is lost: two texts
    are joined, and an empty or unchanged submission leaves the stored note. Raise NoteTooLong if the joined text is too
    long for one note.
    """
    text = text.strip()
    place = {**owner.fields, f"{kind}_id": pk}
    if not text:
        note, made = Note.objects.select_for_update().filter(**place).first(), False
    else:
        note, made = Note.objects.select_for_update().get_or_create(**place, defaults={"text": text, "written_at": at})
    if made:
        return NoteResult.SAVED
    if note is None:
        return NoteResult.DELETED
    if note.text == text or stamp(note.text) == seen:
        return _replace(note, text, at)
    if not text or stamp(text) == seen:
        return NoteResult.KEPT
    both = join_texts([note.text, text])
    if len(both) > MAX_NOTE_LENGTH and both != note.text:
        raise NoteTooLong
    _replace(note, both, at)
    return NoteResult.JOINED


def _replace(note: Note, text: str, at: datetime) -> NoteResult:
    """Set the note's text, or delete the note if the text is empty."""
    if not text:
        note.delete()
        return NoteResult.DELETED
    if note.text != text:
        note.text, note.written_at = text, at
        note.save(update_fields=["text", "written_at"])
    return NoteResult.SAVED


def join_texts(texts: Iterable[str]) -> str:
    """Return the texts joined with SEPARATOR, without those that the result already contains as a whole."""
    both = ""
    for text in texts:
        if f"{SEPARATOR}{text}{SEPARATOR}" not in f"{SEPARATOR}{both}{SEPARATOR}":
            both = f"{both}{SEPARATOR}{text}" if both else text
    return both


@transaction.atomic
def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Give the visitor's bookmarks and notes to the user. If both have a note on the same target, the texts are joined,
    the older first; of two bookmarks the user's stays."""
    theirs, mine = Owner(visitor=visitor), Owner(user_id=user.pk)
    for bookmark, _own in _on_same_target(Bookmark, theirs, mine):
        bookmark.delete()
    for note, own in _on_same_target(Note, theirs, mine):
        older, newer = sorted((own, note), key=lambda each: each.written_at)
        own.text, own.written_at = join_texts([older.text, newer.text]), newer.written_at
        own.save(update_fields=["text", "written_at"])
        note.delete()
    for model in (Bookmark, Note):
        model.objects.owned_by(theirs).update(user=user, visitor=None)


def _on_same_target(model: type[Bookmark] | type[Note], theirs: Owner, mine: Owner) -> list[tuple[Any, Any]]:
    """Return (their row, my row) for each target that both owners have a row on; all rows are locked."""
    known = {row.key: row for row in model.objects.owned_by(mine).select_for_update()}
    return [(row, known[row.key]) for row in model.objects.owned_by(theirs).select_for_update() if row.key in known]
