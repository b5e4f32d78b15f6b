"""The plan: a date, the time there is, and what is to be known."""

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
from questions.scheduling.plan_models import MAX_MINUTES, Weight
from questions.study.agenda import Agenda

LEFT_OUT = 0
LONGEST = timedelta(days=2 * 366)
MOST_DATES = 200
RETENTIONS = [
    (0.8, gettext_lazy("80 %: fewer reviews")),
    (0.85, "85 %"),
    (0.9, gettext_lazy("90 %: as most people choose")),
    (0.95, gettext_lazy("95 %: many reviews")),
]


class PlanForm(forms.Form):
    """What `services.plans.save_plan` takes; a field for each topic tells how much it counts."""

    interview_on = forms.DateField(
        label=gettext_lazy("Day of the interview"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty if there is none yet: what you have learned is then kept."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes a day"), min_value=1, max_value=MAX_MINUTES)
    weekdays_off = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days off, every week"),
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
        help_text=gettext_lazy("Such as 2026-12-24; several with spaces or on lines of their own."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Such as Europe/Berlin. A study day ends at 4 in the morning there."),
    )
    retention = forms.TypedChoiceField(
        label=gettext_lazy("Without a date, ask again when the chance to know it falls to"),
        coerce=float,
        choices=RETENTIONS,
    )

    def __init__(self, agenda: Agenda, topics: Iterable[Topic], data: Any = None, *, zone: str) -> None:
        self.topics, self.day = list(topics), agenda.day
        plan = agenda.plan
        kept = {row.topic_id: row.weight for row in plan.topics.all()} if agenda.is_saved else {}
        initial = {
            "interview_on": plan.interview_on,
            "minutes": plan.minutes,
            "weekdays_off": plan.weekdays_off,
            "dates_off": "\n".join(plan.dates_off),
            "zone": plan.zone if agenda.is_saved else zone,
            "retention": min((value for value, _label in RETENTIONS), key=lambda one: abs(one - plan.retention)),
            **{
                name_of(topic): kept.get(topic.pk, LEFT_OUT if agenda.is_saved else Weight.NORMAL)
                for topic in self.topics
            },
        }
        super().__init__(data, initial=initial)
        for topic in self.topics:
            self.fields[name_of(topic)] = forms.TypedChoiceField(
                label=topic.title,
                coerce=int,
                choices=[(LEFT_OUT, _("not at all")), *Weight.choices],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean_interview_on(self) -> date | None:
        day = self.cleaned_data["interview_on"]
        if day and day <= self.day:
            raise forms.ValidationError(_("Choose a day that lies ahead, or none."))
        if day and day > self.day + LONGEST:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return day

    def clean_zone(self) -> str:
        zone = zone_named(self.cleaned_data["zone"].strip().replace(" ", "_"))
        if zone is None:
            raise forms.ValidationError(_("No time zone has that name. Write it as Europe/Berlin."))
        return zone.key

    def clean_dates_off(self) -> list[date]:
        words = re.split(r"[\s,;]+", self.cleaned_data["dates_off"].strip())
        found = []
        for word in filter(None, words):
            try:
                found.append(date.fromisoformat(word))
            except ValueError as error:
                text = _("“%s” is no date. Write dates as 2026-12-24.")
                raise forms.ValidationError(text % word[:40]) from error
        if len(found) > MOST_DATES:
            raise forms.ValidationError(_("That is too many: %d dates at most.") % MOST_DATES)
        return sorted(set(found))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if len(set(cleaned.get("weekdays_off") or [])) == 7:
            self.add_error("weekdays_off", _("One day of the week has to be left to study."))
        if self.topics and not self.errors and not self.weights:
            self.add_error(None, _("Choose at least one topic."))
        return cleaned

    @property
    def weights(self) -> dict[int, int]:
        """How much each topic counts that is not left out."""
        given = {topic.pk: self.cleaned_data[name_of(topic)] for topic in self.topics}
        return {pk: weight for pk, weight in given.items() if weight}

    @property
    def values(self) -> dict[str, Any]:
        """What the plan is saved with."""
        names = ["interview_on", "minutes", "weekdays_off", "dates_off", "zone", "retention"]
        return {name: self.cleaned_data[name] for name in names} | {"weights": self.weights}

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """The fields of the topics."""
        return [self[name_of(topic)] for topic in self.topics]


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """The options of a list of all time zones."""
    return format_html_join("", '<option value="{}"></option>', [(name,) for name in sorted(zone_names())])


def name_of(topic: Topic) -> str:
    """The name of a topic's field."""
    return f"topic-{topic.pk}"


class AsideForm(forms.Form):
    """What becomes of a question on the page: left out until tomorrow, suspended, or known."""

    action = forms.ChoiceField(choices=[("bury", ""), ("suspended", ""), ("known", "")])


class MoreForm(forms.Form):
    """How many minutes more than the plan has for today; none for what the plan has left."""

    minutes = forms.IntegerField(required=False, min_value=1, max_value=60)
