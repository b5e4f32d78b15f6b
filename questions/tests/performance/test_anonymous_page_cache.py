"""Anonymous visitors share cached pages; everybody else gets a fresh one, and nobody gets anybody's data."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from questions.accounts.preferences import Preferences
from questions.attempts.models import Attempt
from questions.notes import services as notes
from questions.tests.factories import GuideFactory, UserFactory, make_question
from questions.tests.taking import visitor_attempt
from questions.views.topics import home

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
    """Addresses of the cached pages, on a site with a guide and a question."""
    guide = GuideFactory(title="Queues")
    make_question("single_choice", topic=guide.topic)
    return ["/", reverse("topics"), guide.get_absolute_url()]


def test_a_cached_page_equals_a_fresh_one(addresses: list[str]) -> None:
    for address in addresses:
        pages = []
        for seconds in (1, 2, 3):
            pages.append(OWN.sub("", Client().get(address).content.decode()))
            if seconds == 2:
                caches["content"].clear()
        assert pages[0] == pages[1] == pages[2]


def test_each_visitor_has_own_tokens_and_start_ids(addresses: list[str]) -> None:
    for address in addresses:
        first, second = (OWN.findall(Client().get(address).content.decode()) for _ in range(2))
        assert first
        assert not set(first) & set(second)


def test_every_start_button_of_a_page_has_its_own_id(addresses: list[str]) -> None:
    Client().get("/")
    for address in addresses:
        ids = re.findall('name="start_id" value="([^"]+)"', Client().get(address).content.decode())
        assert len(ids) == len(set(ids)) >= 1


def test_a_quiz_can_be_started_from_a_cached_page() -> None:
    make_question("single_choice")
    Client().get("/")
    client = Client(enforce_csrf_checks=True)
    page = client.get("/").content.decode()
    form = page[page.index('class="hero"') : page.index("</form>", page.index('class="hero"'))]
    sent = dict(re.findall('name="([a-z_]+)" value="([^"]*)"', form))
    assert client.post(reverse("practice"), sent).status_code == 302
    assert Attempt.objects.get().public_id.hex == sent["start_id"].replace("-", "")


def test_personal_pages_are_not_cached(addresses: list[str]) -> None:
    """Whoever has a session gets a fresh page, and nothing on it reaches an anonymous visitor."""
    member, visitor, with_message = Client(), Client(), Client()
    member.force_login(UserFactory(is_staff=True))
    attempt = visitor_attempt(visitor, make_question("true_false"))
    guide = attempt.responses.get().revision.question.topic
    with_message.cookies["messages"] = "anything"
    for address in [*addresses, guide.get_absolute_url()]:
        for client in (member, visitor, with_message):
            client.get(address)
        shared = Client().get(address).content.decode()
        for own in ("Admin", "Some quiz", reverse("account"), str(attempt.public_id)):
            assert own not in shared
        Client().get(address)
        assert reverse("account") in member.get(address).content.decode()
    assert "Continue where you left off" in visitor.get("/").content.decode()


def test_notes_are_not_cached() -> None:
    client, guide = Client(), GuideFactory()
    attempt = visitor_attempt(client, make_question("true_false", topic=guide.topic))
    notes.write_note(owner=attempt.owner, kind="guide", pk=guide.pk, text="Only mine", at=timezone.now())
    address = guide.get_absolute_url()
    assert "Only mine" in client.get(address).content.decode()
    for _ in range(2):
        assert "Only mine" not in Client().get(address).content.decode()
    assert "Only mine" in client.get(address).content.decode()


def test_pages_with_a_query_string_are_not_cached() -> None:
    assert "?a=1" in Client().get("/?a=1").content.decode()
    assert "?a=1" not in Client().get("/").content.decode()


def test_each_theme_has_its_own_page() -> None:
    Client().get("/")
    dark = Client()
    dark.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in dark.get("/").content.decode()
    assert 'data-theme="auto"' in Client().get("/").content.decode()


def test_only_anonymous_visitors_may_see_an_old_page() -> None:
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


def test_an_unchanged_page_is_not_sent_again() -> None:
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


def test_shared_caches_may_not_keep_the_page() -> None:
    response = Client().get("/")
    assert "private" in response.headers["Cache-Control"]
    assert "no-cache" in response.headers["Cache-Control"]
    assert "Cookie" in response.headers["Vary"]


def test_a_server_may_leave_out_an_empty_query_string() -> None:
    request = RequestFactory().get("/")
    del request.META["QUERY_STRING"]
    request.preferences = Preferences()
    request.session = {}
    request.user = AnonymousUser()
    assert home(request).status_code == 200
