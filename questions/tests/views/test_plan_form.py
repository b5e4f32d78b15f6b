"""The form of the plan page: what comes first, and what is folded away."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from questions.tests.factories import make_question
from questions.tests.views.test_study import plan_fields

pytestmark = pytest.mark.django_db


def test_day_and_minutes_come_first_and_the_rest_is_folded(client: Client) -> None:
    make_question("single_choice")
    page = client.get(reverse("plan")).content.decode()
    first, folded, last = re.split(r'<details class="plan-advanced">|</details>\s*<button', page)
    assert 'name="interview_on"' in first and 'name="minutes"' in first
    for name in ("weekdays_off", "dates_off", "zone", "retention", "topic-"):
        assert f'name="{name}' in folded and f'name="{name}' not in first + last
    assert not re.search(r"<(input|select|textarea)[^>]* required", folded)


@pytest.mark.parametrize(
    ("changes", "is_open"), [({"minutes": "0"}, False), ({"zone": "Mars"}, True), ({"topic": "0"}, True)]
)
def test_error_in_an_advanced_field_unfolds_it(client: Client, changes, is_open) -> None:
    topic = make_question("single_choice").topic
    changes = {f"topic-{topic.pk}" if name == "topic" else name: value for name, value in changes.items()}
    page = client.post(reverse("plan"), plan_fields(topics=[topic.pk]) | changes).content.decode()
    assert ('<details class="plan-advanced" open>' in page) == is_open
