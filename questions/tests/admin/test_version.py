"""The version of the site stands in one place and is shown to staff."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_version_is_that_of_the_project() -> None:
    assert f'version = "{settings.VERSION}"' in (settings.BASE_DIR / "pyproject.toml").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+)?", settings.VERSION)


@pytest.mark.parametrize("name", ["admin:index", "admin:questions_question_changelist"])
def test_every_page_of_the_admin_shows_the_version(staff: Client, name: str) -> None:
    assert f"Quizsite {settings.VERSION}</p>" in staff.get(reverse(name)).content.decode()
