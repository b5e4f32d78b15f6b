"""Forms of the mock interview: to start one, and for the question at its end."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.bank.models.topics import Topic
from questions.forms.notes import PlainTextField
from questions.forms.quizzes import StartForm
from questions.interviews.closing import MAX_LENGTH
from questions.interviews.selection import SIZES


class ClosingForm(forms.Form):
    """What the candidate would ask the interviewer, and the stamp of the text that the page showed."""

    text = PlainTextField(
        label=gettext_lazy("Your question to the interviewer"),
        required=False,
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(
            attrs={"dir": "auto", "class": "form-control", "rows": 5, "aria-describedby": "closing-help"}
        ),
    )
    seen = forms.CharField(required=False, max_length=16)


class InterviewForm(StartForm):
    """Length in minutes and topics of a mock interview; no topic means all."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Length"),
        coerce=int,
        initial=min(SIZES),
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave blank for all."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics_by_slug = {topic.slug: topic for topic in Topic.objects.with_open_counts()}
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, _length_label(minutes)) for minutes in SIZES
        ]
        self.fields["topics"].choices = [  # type: ignore[attr-defined]
            (slug, topic.title if topic.open_count else _("%s (no open questions yet)") % topic.title)
            for slug, topic in self.topics_by_slug.items()
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "start_id", "minutes", "topics", Submit("start", _("Start interview"), css_class="btn-lg")
        )

    def clean(self) -> dict[str, Any] | None:
        if not self.errors and not any(topic.open_count for topic in self.selected_topics()):
            raise forms.ValidationError(
                _("These topics have no open questions, and an interview needs some. Choose more topics.")
            )
        return self.cleaned_data

    def selected_topics(self) -> list[Topic]:
        """Return the chosen topics, or all if none was chosen."""
        return [self.topics_by_slug[slug] for slug in self.cleaned_data["topics"] or self.topics_by_slug]

    def shortfall(self) -> str:
        """Return a message if there are too few open questions for the length or the topics, else an empty string."""
        needed = SIZES[self.cleaned_data["minutes"]].open
        available = sum(topic.open_count for topic in self.selected_topics())
        if available < needed:
            text = ngettext(
                "These topics have only %d open question, so there will be time left.",
                "These topics have only %d open questions, so there will be time left.",
                available,
            )
            return text % available
        chosen = [self.topics_by_slug[slug] for slug in self.cleaned_data["topics"]]
        without = [topic.title for topic in chosen if not topic.open_count]
        text = _("There are no open questions on %s yet, so you get only automatically graded questions there.")
        return text % get_text_list(without, _("and")) if without else ""


def _length_label(minutes: int) -> str:
    size = SIZES[minutes]
    return _("%(minutes)d minutes: %(open)d open questions and %(graded)d automatically graded ones") % {
        "minutes": minutes,
        "open": size.open,
        "graded": size.graded,
    }
