"""The forms of a note and of a bookmark."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.notes.models import MAX_NOTE_LENGTH


class PlainText(forms.CharField):
    """A text with the line ends that it is stored with: browsers send two characters for each."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(str(value or "").replace("\r\n", "\n"))


class NoteForm(forms.Form):
    """A note's text, and the stamp of the note that the page showed."""

    text = PlainText(label=_("Your note"), required=False, max_length=MAX_NOTE_LENGTH)
    seen = forms.CharField(required=False, max_length=16)


class BookmarkForm(forms.Form):
    """Whether there is to be a bookmark."""

    marked = forms.ChoiceField(choices=[("on", _("On")), ("off", _("Off"))])
