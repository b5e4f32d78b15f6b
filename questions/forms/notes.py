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
    """A note in the page's own form; on a page with several questions the fields' names end with `question`, an id."""

    def __init__(self, data: Any, question: int | None = None) -> None:
        self.suffix = "" if question is None else f"-{question}"
        super().__init__(data)

    def add_prefix(self, field_name: str) -> str:
        """Return the field's name on the page."""
        name = {"text": "note", "seen": "note_seen"}.get(field_name)
        return name + self.suffix if name else field_name


class BookmarkForm(forms.Form):
    """Whether to set or remove a bookmark."""

    marked = forms.ChoiceField(choices=[("on", _("On")), ("off", _("Off"))])
