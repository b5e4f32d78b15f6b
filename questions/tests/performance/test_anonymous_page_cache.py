"""Page cache for anonymous visitors: correct pages, fresh ones for everybody else, and no personal data."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import deactivate

from questions.accounts.preferences import Preferences
from questions.attempts.models import Attempt
from questions.notes import services as notes
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import GuideFactory, UserFactory, make_question
from questions.views.home import home

pytestmark = pytest.mark.django_db

OWN = re.compile('name="(?:csrfmiddlewaretoken|start_id)" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _clear_cache(settings):
    settings.ANONYMOUS_PAGE_SECONDS = 60
    caches["content"].clear()
    yield
    caches["content"].clear()


@pytest.fixture
def addresses() -> list[str]:
    """URLs of cached pages on a site with content."""
    guide = GuideFactory(title="Queues")
    make_question("single_choice", topic=guide.topic)
    return ["/", reverse("topics"), guide.get_absolute_url()]


def test_cached_page_equals_a_fresh_page(addresses: list[str]) -> None:
    for address in addresses:
        pages = []
        for seconds in (1, 2, 3):
            pages.append(OWN.sub("", Client().get(address).content.decode()))
            if seconds == 2:
                caches["content"].clear()
        assert pages[0] == pages[1] == pages[2]


def test_each_language_has_its_own_page(addresses: list[str]) -> None:
    for language in ("de", "en", "de"):
        page = Client(headers={"Accept-Language": language}).get(addresses[1]).content.decode()
        assert f'<html lang="{language}"' in page
    deactivate()


def test_each_anonymous_visitor_has_own_tokens_and_ids(addresses: list[str]) -> None:
    for address in addresses:
        first, second = (OWN.findall(Client().get(address).content.decode()) for _ in range(2))
        assert first
        assert not set(first) & set(second)


def test_each_button_has_its_own_id(addresses: list[str]) -> None:
    Client().get("/")
    for address in addresses:
        ids = re.findall('name="start_id" value="([^"]+)"', Client().get(address).content.decode())
        assert len(ids) == len(set(ids)) >= 1


def test_visitor_can_start_from_a_page_cached_for_another() -> None:
    make_question("single_choice")
    Client().get("/")
    client = Client(enforce_csrf_checks=True)
    page = client.get("/").content.decode()
    form = page[page.index('class="hero"') : page.index("</form>", page.index('class="hero"'))]
    sent = dict(re.findall('name="([a-z_]+)" value="([^"]*)"', form))
    assert client.post(reverse("practice"), sent).status_code == 302
    assert Attempt.objects.get().public_id.hex == sent["start_id"].replace("-", "")


def test_personal_page_is_not_cached(addresses: list[str]) -> None:
    """Visitors with a session get fresh pages, which anonymous visitors never see."""
    member, visitor, with_message = Client(), Client(), Client()
    member.force_login(UserFactory(is_staff=True))
    attempt = visitor_attempt(visitor, make_question("true_false"))
    guide = attempt.responses.get().revision.question.topic
    with_message.cookies["messages"] = "anything"
    for address in [*addresses, guide.get_absolute_url()]:
        for client in (member, visitor, with_message):
            client.get(address)
        shared = Client().get(address).content.decode()
        for own in ("Admin", "Some quiz", "Account settings", str(attempt.public_id)):
            assert own not in shared
        Client().get(address)
        assert "Account settings" in member.get(address).content.decode()
    assert attempt.get_absolute_url() in visitor.get("/").content.decode()


def test_notes_do_not_reach_anonymous_visitors() -> None:
    client, guide = Client(), GuideFactory()
    attempt = visitor_attempt(client, make_question("true_false", topic=guide.topic))
    notes.write_note(owner=attempt.owner, kind="guide", pk=guide.pk, text="Only mine", at=timezone.now())
    address = guide.get_absolute_url()
    assert "Only mine" in client.get(address).content.decode()
    for _ in range(2):
        assert "Only mine" not in Client().get(address).content.decode()
    assert "Only mine" in client.get(address).content.decode()


def test_page_with_a_query_string_is_not_cached() -> None:
    assert "?a=1" in Client().get("/?a=1").content.decode()
    assert "?a=1" not in Client().get("/").content.decode()


def test_theme_and_zone_have_separate_cache_entries() -> None:
    Client().get("/")
    dark = Client()
    dark.cookies.load({"theme": "dark", "zone": "Asia/Tokyo", "chosen_zone": "Europe/Berlin"})
    assert 'data-theme="dark"' in dark.get("/").content.decode()
    assert 'data-theme="auto"' in Client().get("/").content.decode()


def test_preferences_do_not_prevent_caching() -> None:
    guide, visitor = GuideFactory(title="Before"), Client()
    visitor.cookies.load({"theme": "dark", "keys": "off", "zone": "Asia/Tokyo", "chosen_zone": "Europe/Berlin"})
    visitor.get(guide.get_absolute_url())
    guide.title = "After"
    guide.save()
    assert "Before" in visitor.get(guide.get_absolute_url()).content.decode()


def test_only_anonymous_visitors_get_stale_pages() -> None:
    guide = GuideFactory(title="Before")
    address = guide.get_absolute_url()
    Client().get(address)
    guide.title = "After"
    guide.save()
    member = Client()
    member.force_login(UserFactory())
    assert "After" in member.get(address).content.decode()
    assert "Before" in Client().get(address).content.decode()
    caches["content"].clear()
    assert "After" in Client().get(address).content.decode()


def test_unchanged_page_gets_304() -> None:
    client = Client()
    client.get("/")
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = Client()
    other.get("/")
    assert other.get("/", headers={"If-None-Match": tag}).status_code == 200
    make_question("single_choice")
    caches["content"].clear()
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_copies_are_private() -> None:
    response = Client().get("/")
    assert "private" in response.headers["Cache-Control"]
    assert "no-cache" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_missing_query_string_is_accepted() -> None:
    request = RequestFactory().get("/")
    del request.META["QUERY_STRING"]
    request.preferences = Preferences()
    request.session = {}
    request.user = AnonymousUser()
    assert home(request).status_code == 200
