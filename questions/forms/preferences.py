"""Form for the preferences: theme, language, single-letter keys and time zone."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from questions.accounts.preferences import CHOSEN_ZONE, THEMES, zone_names


class PreferencesForm(forms.Form):
    """Theme, language, keys and time zone; fields that are not sent keep their values, as with the theme switch."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=THEMES.items(),
        required=False,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("Same as this browser")), *settings.LANGUAGES],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Questions and guides keep the language they were written in."),
    )
    keys = forms.ChoiceField(
        label=_("Single-letter shortcuts"),
        choices=[("on", _("On")), ("off", _("Off"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("For example, N for the next question. Turn them off if you use voice control."),
    )
    chosen_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(zone_names())]
        self.fields[CHOSEN_ZONE].choices = [("", _("Same as this browser")), *zones]  # type: ignore[attr-defined]
