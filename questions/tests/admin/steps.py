"""Helpers that fill in and submit the admin's forms as a browser does."""

from typing import Any

from django.test import Client
from django.urls import reverse

from questions.bank.models.questions import Question


def page_of(row: Any) -> str:
    return reverse(f"admin:questions_{row._meta.model_name}_change", args=[row.pk])


def form_data(client: Client, url: str) -> dict[str, Any]:
    """Return what a browser would submit from the unchanged page."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def save(client: Client, row: Any, changes: dict[str, Any]):
    url = page_of(row)
    return client.post(url, form_data(client, url) | changes)


def positions(question: Question) -> dict[str, int]:
    return dict(question.choices.values_list("text", "position"))
