"""Access control: no URL gives access to the data of others."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data_factories import MARK, fill, make_bank
from questions.tests.security.fuzz import PLACES, is_local
from questions.tests.security.steps import PASSWORD, log_in, with_app

pytestmark = pytest.mark.django_db
OF_ATTEMPTS = [place.template for place in PLACES if "public_id" in place.gaps]
OF_STAFF = [place.template for place in PLACES if place.template.startswith(reverse("admin:index"))]
FILLED = {gap: "1" for place in PLACES for gap in place.gaps} | {"public_id": uuid.uuid4()}
ELSEWHERE = [
    *("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:///evil.example"),
    *("javascript:alert(1)", "data:text/html,x", " //evil.example", "https:evil.example", "//testserver@evil.example"),
    *("///evil.example", "\t//evil.example", "/%09/evil.example", "home", "a b"),
]


@pytest.fixture
def ada() -> Owner:
    """Owner with data of every kind."""
    owner = Owner(user_id=UserFactory(username="ada").pk)
    fill(owner, make_bank())
    return owner


@pytest.fixture(params=["anonymous visitor", "a candidate", "staff"])
def other_client(request) -> Client:
    """Another owner, with data of their own."""
    client = Client()
    visitor_attempt(client, make_question("true_false"))
    if request.param != "anonymous visitor":
        client.force_login(UserFactory(is_staff=request.param == "staff", is_superuser=request.param == "staff"))
    return client


def test_list_has_every_url_of_an_attempt() -> None:
    assert len(OF_ATTEMPTS) > 10


def test_attempts_are_found_by_their_owner_only(ada: Owner, other_client: Client) -> None:
    attempts = list(Attempt.objects.owned_by(ada))
    before = list(Attempt.objects.owned_by(ada).values())
    for attempt in attempts:
        for template in OF_ATTEMPTS:
            address = template % {"public_id": attempt.public_id, "position": 1}
            assert other_client.get(address).status_code in (404, 405), address
            assert other_client.post(address, {"go": "save", "choice": "1", "reason": "typo"}).status_code in (404, 405)
    assert list(Attempt.objects.owned_by(ada).values()) == before


def test_lists_and_downloads_show_only_own_data(ada: Owner, other_client: Client) -> None:
    names = ["reports", "notes", "history", "progress", "plan", "today", "aside", "data", "data-download"]
    for name in names:
        response = other_client.get(reverse(name))
        shown = response.getvalue() if response.streaming else response.content
        assert MARK.encode() not in shown, name
    assert MARK not in other_client.get(reverse("search"), {"q": MARK.lower()}).content.decode().replace(
        MARK.lower(), ""
    )
    assert QuestionReport.objects.by_owner(ada).exists()


def test_cards_are_resumed_by_their_owner_only(ada: Owner, other_client: Client) -> None:
    card = Card.objects.owned_by(ada).filter(status="known").first()
    other_client.post(reverse("take-up", args=[card.pk]))
    card.refresh_from_db()
    assert card.status == "known"


@pytest.mark.parametrize("is_member", [False, True])
def test_admin_is_closed_to_others(client: Client, is_member: bool) -> None:
    if is_member:
        client.force_login(UserFactory())
    open_to_all = {reverse("admin:login"), reverse("admin:logout"), reverse("admin:jsi18n")}
    for template in set(OF_STAFF) - open_to_all:
        address = template % FILLED
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response.url.startswith(reverse("admin:login")) or response.url == reverse("admin:index"), address


def test_cross_site_forms_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for place in PLACES:
        response = client.post(place.template % FILLED, headers={"origin": "https://evil.example"})
        # Mail programs post to the unsubscribe link, which needs its signed token instead.
        is_unsubscribe = place.template == "/plan/reminders/%(token)s/"
        assert response.status_code == (404 if is_unsubscribe else 403), place.template


class TestRedirects:
    """No link to this site redirects to another site."""

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_login_sign_up_and_logout_redirects(self, there: str) -> None:
        UserFactory(username="ada", password=PASSWORD)
        client = Client()
        assert is_local(log_in(client, "ada", next=there).url)
        assert is_local(client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": there}).url)
        assert is_local(client.post(reverse("account_logout"), {"next": there}).url)
        data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD, "next": there}
        assert is_local(client.post(reverse("account_signup"), data).url)

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_admin_and_mfa_redirects(self, client: Client, settings, there: str) -> None:
        assert is_local(client.get(reverse("admin:login"), {"next": there}).url)
        boss = UserFactory(username="boss", is_staff=True, is_superuser=True)
        client.force_login(boss)
        with_app(boss)
        settings.STAFF_MFA = True
        assert is_local(client.get(reverse("admin:login"), {"next": there}).url)

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_redirects_of_own_forms(self, client: Client, there: str) -> None:
        assert is_local(client.post(reverse("preferences"), {"theme": "dark", "next": there}).url)
        assert is_local(client.post(reverse("practise-focus"), {"focus": "due", "next": there}).url)

    def test_stays_here_recognizes_external_urls(self) -> None:
        assert [there for there in ELSEWHERE if is_local(there)] == ["/%09/evil.example", "home", "a b"]
