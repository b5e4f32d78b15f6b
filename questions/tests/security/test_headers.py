"""Security headers of responses and errors."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import UserFactory, make_question
from questions.tests.security.steps import PASSWORD, with_app
from questions.views import topics

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}


def answers(client: Client, monkeypatch) -> dict[int | str, object]:
    """Responses of each kind, by status or name."""
    client.raise_request_exception = False
    home, attempt = reverse("home"), visitor_attempt(client, make_question("true_false"))
    found = {
        200: client.get(home),
        302: client.get(reverse("account")),
        400: client.get(home, headers={"host": "evil.example"}),
        403: Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ada"}),
        404: client.get("/nowhere/"),
        405: client.post(home),
        "file": client.get("/static/css/site.css"),
        "image": client.get(reverse("mark")),
        "question": client.get(reverse("question", args=[attempt.public_id, 1])),
        "download": client.get(reverse("data-download")),
    }
    for response in found.values():
        if response.streaming:
            response.getvalue()  # reading the file closes it
    monkeypatch.setattr(topics, "render", None)
    return found | {500: client.get(reverse("topics"))}


def test_every_response_has_security_headers(client: Client, monkeypatch) -> None:
    for kind, response in answers(client, monkeypatch).items():
        assert response.status_code == kind if isinstance(kind, int) else response.status_code == 200
        for name, value in EVERYWHERE.items():
            assert response.headers.get(name) == value, (kind, name)
        policy = {part.split()[0]: part.split()[1:] for part in response.headers["Content-Security-Policy"].split("; ")}
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
        assert "unsafe" not in str(policy)
        assert "Access-Control-Allow-Origin" not in response.headers


def test_error_page_reveals_no_internals(client: Client, monkeypatch) -> None:
    page = answers(client, monkeypatch)[500].content.decode()
    assert "render" not in page and "Traceback" not in page and str(settings.BASE_DIR) not in page


def test_health_checks_have_nosniff(client: Client) -> None:
    assert client.get("/healthz").headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["account", "account_email", "mfa_index", "mfa_view_recovery_codes", "data", "history", "reports", "notes"]
)
def test_personal_pages_are_not_cached(client: Client, name: str) -> None:
    user = UserFactory(username="ada", password=PASSWORD)
    with_app(user)
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


def test_text_responses_name_their_charset(client: Client) -> None:
    for address in ("/", "/static/css/site.css", "/static/js/page.js", reverse("mark")):
        response = client.get(address)
        kind = response.headers["Content-Type"].replace('"', "")
        assert "charset=utf-8" in kind or kind == "image/svg+xml", address
        response.close()


@pytest.mark.parametrize(
    "address",
    ["/.git/config", "/manage.py", "/static/", "/static/css/", "/static/../manage.py", "/var/secret_key", "/.env"],
)
def test_only_pages_and_static_files_are_served(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_trace_is_not_echoed(client: Client) -> None:
    response = client.generic("TRACE", reverse("home"), headers={"cookie": "secret=1"})
    assert response.status_code == 405
    assert b"secret" not in response.content


def test_templates_have_no_inline_scripts_or_styles() -> None:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text()
        assert "style=" not in text and "<style" not in text, path
        for tag in text.split("<script")[1:]:
            opening = tag.split(">")[0]
            assert "src=" in opening or "application/json" in opening, path
