"""Verbs on what a candidate keeps: bookmarks and notes."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.models import Bookmark, Note, Owner
from questions.models.notes import LONGEST_NOTE, stamp

BETWEEN = "\n\n* * *\n\n"


class Written(StrEnum):
    """What became of a text that was sent."""

    SAVED = "saved"
    DELETED = "deleted"
    KEPT = "kept"  # what is stored stays: the text says nothing that is not there
    JOINED = "joined"  # the note was changed elsewhere, and both texts are in it now


class TooLong(Exception):
    """The note was changed elsewhere, and both texts together are too long; `args[0]` is the one that is stored."""


def set_bookmark(*, owner: Owner, kind: str, pk: int, marked: bool, at: datetime) -> None:
    """Sets or takes away the owner's bookmark; doing so twice changes nothing."""
    if marked:
        Bookmark.objects.get_or_create(**owner.fields, **{f"{kind}_id": pk}, defaults={"marked_at": at})
    else:
        Bookmark.objects.owned_by(owner).on(kind, pk).delete()


@transaction.atomic
def write_note(*, owner: Owner, kind: str, pk: int, text: str, at: datetime, seen: str = "") -> Written:
    """Makes the text the owner's note, or deletes the note where the text is empty; doing so twice changes nothing.

    `seen` is the stamp of the note that the page showed. Where the note says something else by now, both texts are
    kept: joined, or, where there is only one, that one. Raises TooLong where they do not fit into one note.
    """
    text = text.strip()
    place = {**owner.fields, f"{kind}_id": pk}
    if not text:
        note, made = Note.objects.select_for_update().filter(**place).first(), False
    else:
        note, made = Note.objects.select_for_update().get_or_create(**place, defaults={"text": text, "written_at": at})
    if made:
        return Written.SAVED
    if note is None or note.text == text:
        return Written.KEPT
    if stamp(note.text) == seen:
        return _replace(note, text, at)
    if not text or stamp(text) == seen:
        return Written.KEPT
    both = joined([note.text, text])
    if both == note.text:
        return Written.KEPT
    if len(both) > LONGEST_NOTE:
        raise TooLong(note.text)
    _replace(note, both, at)
    return Written.JOINED


def _replace(note: Note, text: str, at: datetime) -> Written:
    """Gives the note that text, or takes it away."""
    if not text:
        note.delete()
        return Written.DELETED
    note.text, note.written_at = text, at
    note.save(update_fields=["text", "written_at"])
    return Written.SAVED


def joined(texts: Iterable[str]) -> str:
    """The texts one after the other, each once: none that already stands as a whole in those before it."""
    both = ""
    for text in texts:
        if f"{BETWEEN}{text}{BETWEEN}" not in f"{BETWEEN}{both}{BETWEEN}":
            both = f"{both}{BETWEEN}{text}" if both else text
    return both


@transaction.atomic
def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Gives the visitor's bookmarks and notes to the user. Where both have a note on the same thing, the texts are
    joined, the older first; of two bookmarks the user's stays."""
    theirs, mine = Owner(visitor=visitor), Owner(user_id=user.pk)
    _move_bookmarks(theirs, mine)
    _move_notes(theirs, mine)


def _move_bookmarks(theirs: Owner, mine: Owner) -> None:
    known = {bookmark.place for bookmark in Bookmark.objects.owned_by(mine)}
    for bookmark in Bookmark.objects.owned_by(theirs).select_for_update():
        _move(bookmark, mine, keep=bookmark.place not in known)


def _move_notes(theirs: Owner, mine: Owner) -> None:
    known = {note.place: note for note in Note.objects.owned_by(mine).select_for_update()}
    for note in Note.objects.owned_by(theirs).select_for_update():
        other = known.get(note.place)
        if other:
            older, newer = sorted((other, note), key=lambda each: each.written_at)
            other.text, other.written_at = joined([older.text, newer.text]), newer.written_at
            other.save(update_fields=["text", "written_at"])
        _move(note, mine, keep=other is None)


def _move(row: Any, owner: Owner, *, keep: bool) -> None:
    """Gives the row to the owner, or takes it away."""
    if keep:
        row.user_id, row.visitor = owner.user_id, owner.visitor
        row.save(update_fields=["user", "visitor"])
    else:
        row.delete()
