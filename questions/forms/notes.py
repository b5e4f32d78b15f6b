"""Forms for notes and bookmarks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.notes.models import MAX_NOTE_LENGTH


class PlainTextField(forms.CharField):
    """A text field with `\\n` line ends, as stored; browsers send `\\r\\n`."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(str(value or "").replace("\r\n", "\n"))


class NoteForm(forms.Form):
    """A note's text, and the stamp of the version that the page showed, to detect concurrent edits."""

    text = PlainTextField(label=_("Your note"), required=False, max_length=MAX_NOTE_LENGTH)
    seen = forms.CharField(required=False, max_length=16)


class PageNoteForm(NoteForm):
    """The note on a question page, which is a part of the page's form."""

    def add_prefix(self, field_name: str) -> str:
        """Return the field's name on the page."""
        return {"text": "note", "seen": "note_seen"}.get(field_name, field_name)


class BookmarkForm(forms.Form):
    """Whether to set or remove a bookmark."""

    marked = forms.ChoiceField(choices=[("on", _("On")), ("off", _("Off"))])
