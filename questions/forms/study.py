"""Forms for the study plan and today's session."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.accounts.preferences import zone_named, zone_names
from questions.bank.models.topics import Topic
from questions.scheduling.plan_models import MAX_MINUTES, ReminderFrequency, StudyPlan, Weight

EXCLUDED = 0
MAX_DURATION = timedelta(days=2 * 366)
MAX_DATES_OFF = 200
RETENTIONS = [
    (0.8, gettext_lazy("80 %: fewer reviews")),
    (0.85, "85 %"),
    (0.9, gettext_lazy("90 %: usual choice")),
    (0.95, gettext_lazy("95 %: many reviews")),
]


class PlanForm(forms.Form):
    """The settings of a study plan for `study.services.save_plan`, with a weight field for each topic."""

    use_required_attribute = False  # a browser cannot point at an empty field that is folded away

    interview_on = forms.DateField(
        label=gettext_lazy("Interview date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave blank if you have no date yet. The plan then keeps what you know fresh."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes a day"), min_value=1, max_value=MAX_MINUTES)
    weekdays_off = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekly days off"),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    dates_off = forms.CharField(
        label=gettext_lazy("Other days off"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example 2026-12-24. Separate dates with spaces or line breaks."),
    )
    mock_interviews = forms.ChoiceField(
        label=gettext_lazy("Mock interviews"),
        required=False,
        choices=[("yes", gettext_lazy("Yes, plan some")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Half an hour each: in the middle of the plan, and in its last two weeks."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("For example Europe/Berlin. A study day ends at 4 a.m. in this time zone."),
    )
    retention = forms.TypedChoiceField(
        label=gettext_lazy("Target recall"),
        coerce=float,
        choices=RETENTIONS,
    )

    def __init__(self, plan: StudyPlan, topics: Iterable[Topic], data: Any = None, *, day: date, zone: str) -> None:
        self.topics, self.day = list(topics), day
        is_saved = plan.pk is not None
        weights = {row.topic_id: row.weight for row in plan.topics.all()} if is_saved else {}
        initial = {
            "interview_on": plan.interview_on,
            "minutes": plan.minutes,
            "weekdays_off": plan.weekdays_off,
            "dates_off": "\n".join(plan.dates_off),
            "zone": plan.zone if is_saved else zone,
            "mock_interviews": "yes" if plan.mock_interviews else "no",
            "retention": min((value for value, _label in RETENTIONS), key=lambda value: abs(value - plan.retention)),
            **{
                field_name(topic): weights.get(topic.pk, EXCLUDED if is_saved else Weight.NORMAL)
                for topic in self.topics
            },
        }
        super().__init__(data, initial=initial)
        for topic in self.topics:
            self.fields[field_name(topic)] = forms.TypedChoiceField(
                label=topic.title,
                coerce=int,
                choices=[(EXCLUDED, _("Not at all")), *Weight.choices],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean_interview_on(self) -> date | None:
        day = self.cleaned_data["interview_on"]
        if day and day <= self.day:
            raise forms.ValidationError(_("Choose a future date, or leave it blank."))
        if day and day > self.day + MAX_DURATION:
            raise forms.ValidationError(_("Choose a date within the next two years."))
        return day

    def clean_mock_interviews(self) -> bool:
        return bool(self.cleaned_data["mock_interviews"] != "no")

    def clean_zone(self) -> str:
        zone = zone_named(self.cleaned_data["zone"].strip().replace(" ", "_"))
        if zone is None:
            raise forms.ValidationError(_("Unknown time zone. Enter a name such as Europe/Berlin."))
        return zone.key

    def clean_dates_off(self) -> list[date]:
        words = re.split(r"[\s,;]+", self.cleaned_data["dates_off"].strip())
        dates = []
        for word in filter(None, words):
            try:
                dates.append(date.fromisoformat(word))
            except ValueError as error:
                text = _("“%s” is not a date. Write dates like 2026-12-24.")
                raise forms.ValidationError(text % word[:40]) from error
        if len(dates) > MAX_DATES_OFF:
            raise forms.ValidationError(_("Too many dates. Enter at most %d.") % MAX_DATES_OFF)
        return sorted(set(dates))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if len(set(cleaned.get("weekdays_off") or [])) == 7:
            self.add_error("weekdays_off", _("Leave at least one day of the week for studying."))
        if self.topics and not self.errors and not self.weights:
            self.add_error(None, _("Choose at least one topic."))
        return cleaned

    @property
    def weights(self) -> dict[int, int]:
        """{topic ID: weight} of the topics that are not excluded."""
        weights = {topic.pk: self.cleaned_data[field_name(topic)] for topic in self.topics}
        return {pk: weight for pk, weight in weights.items() if weight}

    @property
    def values(self) -> dict[str, Any]:
        """The keyword arguments for `save_plan`, without the owner and the time."""
        names = ["interview_on", "minutes", "weekdays_off", "dates_off", "mock_interviews", "zone", "retention"]
        return {name: self.cleaned_data[name] for name in names} | {"weights": self.weights}

    @property
    def first_day(self) -> date:
        """The first day that the interview can be on."""
        return self.day + timedelta(days=1)

    @property
    def advanced_fields(self) -> list[forms.BoundField]:
        """Everything but the day and the minutes."""
        return [field for field in self if field.name not in ("interview_on", "minutes")]

    @property
    def has_advanced_errors(self) -> bool:
        """Whether an error concerns anything but the day and the minutes."""
        return bool(self.non_field_errors()) or any(field.errors for field in self.advanced_fields)

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """The weight fields of the topics, in topic order."""
        return [self[field_name(topic)] for topic in self.topics]


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """Return the <option> elements of all time zones, for a datalist."""
    return format_html_join("", '<option value="{}"></option>', [(name,) for name in sorted(zone_names())])


def field_name(topic: Topic) -> str:
    return f"topic-{topic.pk}"


class ReminderForm(forms.Form):
    """How often to remind the candidate by email."""

    reminders = forms.ChoiceField(
        label=gettext_lazy("Email reminders"), choices=ReminderFrequency, widget=forms.RadioSelect
    )


class SetAsideForm(forms.Form):
    """How to set a question aside: skip it until tomorrow, suspend it, or mark it as known."""

    action = forms.ChoiceField(choices=[("bury", ""), ("suspended", ""), ("known", "")])


class ExtraMinutesForm(forms.Form):
    """Extra minutes for today's session; blank for the rest of the planned session."""

    minutes = forms.IntegerField(required=False, min_value=1, max_value=60)
