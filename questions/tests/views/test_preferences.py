"""The preferences page and the theme switch."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db
URL = "/preferences/"


def test_preferences_are_saved_and_shown_again(client: Client) -> None:
    client.post(URL, {"theme": "dark", "language": "en", "keys": "off", "chosen_zone": "Asia/Tokyo"})
    page = client.get(URL)
    assert 'data-theme="dark"' in page.content.decode()
    assert 'data-keys="off"' in page.content.decode()
    assert page.context["form"].initial == {
        "theme": "dark",
        "language": "en",
        "keys": "off",
        "chosen_zone": "Asia/Tokyo",
    }


def test_theme_switch_redirects_back_and_keeps_other_preferences(client: Client) -> None:
    client.post(URL, {"keys": "off", "chosen_zone": "Asia/Tokyo"})
    response = client.post(URL, {"theme": "light", "next": "/topics/?x=1"})
    assert response.url == "/topics/?x=1"
    page = client.get("/topics/").content.decode()
    assert 'data-theme="light"' in page
    assert 'data-keys="off"' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_redirect_stays_on_the_site(client: Client, elsewhere: str) -> None:
    assert client.post(URL, {"theme": "dark", "next": elsewhere}).url == URL


def test_invalid_choice_is_reported(client: Client) -> None:
    response = client.post(URL, {"chosen_zone": "Moon/Base"})
    assert "chosen_zone" in response.context["form"].errors
    assert "chosen_zone" not in response.cookies


def test_guessed_zone_is_not_shown_as_a_choice(client: Client) -> None:
    client.cookies["zone"] = "Asia/Tokyo"
    page = client.get(URL)
    assert page.context["form"].initial["chosen_zone"] == ""
    assert page.context["form"].fields["chosen_zone"].choices[0] == ("", "Same as this browser")


def test_same_as_this_browser_clears_the_choice(client: Client) -> None:
    client.cookies["zone"] = "Asia/Tokyo"
    client.post(URL, {"chosen_zone": "Europe/Berlin"})
    assert client.get(URL).wsgi_request.preferences.zone.key == "Europe/Berlin"
    response = client.post(URL, {"chosen_zone": ""})
    assert response.cookies["chosen_zone"]["max-age"] == 0
    assert "zone" not in response.cookies
    client.cookies.pop("chosen_zone")  # as a browser does with the header above
    assert client.get(URL).wsgi_request.preferences.zone.key == "Asia/Tokyo"


def test_times_are_shown_in_the_visitor_zone(client: Client) -> None:
    visitor_attempt(client, make_question(), at=datetime(2026, 1, 2, 23, 30, tzinfo=UTC))
    assert "Jan. 2, 2026, 11:30 p.m." in client.get(reverse("history")).content.decode()
    client.cookies["zone"] = "Asia/Tokyo"
    assert "Jan. 3, 2026, 8:30 a.m." in client.get(reverse("history")).content.decode()
