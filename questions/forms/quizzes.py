"""Forms to start attempts: practice quizzes, exams, curated quizzes and focused practice."""

import uuid
from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions import types
from questions.attempts.quiz_models import MAX_MINUTES
from questions.bank.models.questions import Question, QuestionQuerySet
from questions.bank.models.topics import Topic
from questions.enums import Difficulty, Mode
from questions.practice.focus import Focus

MAX_QUESTIONS = 50
DEFAULT_QUESTIONS = 10


class StartForm(forms.Form):
    """Base form of every start button: an ID for the request, so that a double click starts only one attempt."""

    start_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_id"].initial = uuid.uuid4

    @property
    def public_id(self) -> uuid.UUID | None:
        """The public ID for the attempt, or None if the page sent none."""
        return self.cleaned_data.get("start_id")


class FocusForm(StartForm):
    """A focus to practise, such as missed questions, optionally within one topic."""

    focus = forms.TypedChoiceField(choices=Focus.choices, coerce=Focus)
    topic = forms.ModelChoiceField(Topic.objects.all(), to_field_name="slug", required=False)

    @property
    def public_id(self) -> uuid.UUID | None:
        """A different ID for each button, since all buttons of a page send the same `start_id`."""
        start_id, topic = super().public_id, self.cleaned_data["topic"]
        name = f"{self.cleaned_data['focus']} {topic.slug if topic else ''}"
        return uuid.uuid5(start_id, name) if start_id else None


class SelectedForm(StartForm):
    """Published questions to practise, by id."""

    question = forms.ModelMultipleChoiceField(Question.objects.published())

    def clean_question(self) -> list[Question]:
        """Return the questions in the order in which they were sent."""
        sent = [str(pk) for pk in self["question"].data]
        found = sorted(self.cleaned_data["question"], key=lambda question: sent.index(str(question.pk)))
        if len(found) > MAX_QUESTIONS:
            raise forms.ValidationError(_("Choose fewer questions."))
        return found


class PracticeForm(StartForm):
    """The quiz builder: topics, number, difficulty, types, mode and time limit; blank filters match everything."""

    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave blank for all."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Number of questions"), min_value=1, max_value=MAX_QUESTIONS, initial=DEFAULT_QUESTIONS
    )
    difficulty = forms.MultipleChoiceField(
        label=gettext_lazy("Difficulty"),
        choices=Difficulty.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave blank for all."),
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Question types"),
        choices=types.labels,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave blank for all."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        choices=Mode.choices,
        initial=Mode.PRACTICE,
        widget=forms.RadioSelect,
    )
    time_limit = forms.IntegerField(
        label=gettext_lazy("Time limit in minutes"),
        min_value=1,
        max_value=MAX_MINUTES,
        required=False,
        help_text=gettext_lazy("Leave blank for no limit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = dict(Topic.objects.values_list("slug", "title"))
        self.fields["topics"].choices = list(self.titles.items())  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "start_id",
            "topics",
            Div(Field("number", wrapper_class="col-sm"), Field("time_limit", wrapper_class="col-sm"), css_class="row"),
            "mode",
            HTML('<div class="two-columns">'),
            "difficulty",
            "types",
            HTML("</div>"),
            Submit("start", _("Start"), css_class="btn-lg"),
        )

    def clean(self) -> dict[str, Any] | None:
        if not self.errors and not self.questions().exists():
            raise forms.ValidationError(
                _("No questions match these filters. Choose more topics, difficulties or types, or leave them blank.")
            )
        return self.cleaned_data

    def questions(self) -> QuestionQuerySet:
        """Return the published questions that match the filters."""
        return (
            Question.objects.published()
            .in_topics(self.cleaned_data["topics"])
            .of_difficulty(self.cleaned_data["difficulty"])
            .of_type(self.cleaned_data["types"])
        )

    @property
    def limit(self) -> timedelta | None:
        minutes = self.cleaned_data["time_limit"]
        return timedelta(minutes=minutes) if minutes else None

    @property
    def title(self) -> str:
        """A title for the attempt: its topics, or its mode if none was chosen."""
        titles = [self.titles[slug] for slug in self.cleaned_data["topics"]]
        if not titles:
            return _("Practice: all topics") if self.cleaned_data["mode"] == Mode.PRACTICE else _("Exam")
        more = len(titles) - 1
        if not more:
            return titles[0]
        return ngettext("%(first)s and %(more)d more", "%(first)s and %(more)d more", more) % {
            "first": titles[0],
            "more": more,
        }
