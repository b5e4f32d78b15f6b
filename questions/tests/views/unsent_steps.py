"""Helpers for forms that are not accepted: a browser that obeys the CSRF check, and the forms on its pages."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.tests.attempt_steps import page_of
from questions.tests.factories import UserFactory, make_question

PASSWORD = "a long walk by the sea"
ESSAY = 'First line, "quoted" & <b>bold</b>.\r\n\r\nSecond one.'
LOG_IN = "Log in again to submit. Your answer is kept."
OTHER_ACCOUNT = "This answer belongs to another account. Copy it, or log in with that account."
SITE = {"origin": "http://testserver"}
FORM = re.compile(r'<form [^>]*?action="([^"]*)" method="post"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
MADE_ANEW = re.compile(r'name="(?:csrfmiddlewaretoken|kept)" value="[^"]*"|value="[0-9a-f-]{36}"|id="\w+_start_id"')


def browser() -> Client:
    """Return a client that obeys the CSRF check and names the site as the origin of its forms, as browsers do."""
    return Client(enforce_csrf_checks=True, headers=SITE)


def user(name: str = "ada") -> Any:
    return UserFactory(username=name, email=f"{name}@example.org", password=PASSWORD)


def attempt_of(owner: Any, *types: str) -> Attempt:
    """Return an attempt of the user at new questions of these types."""
    questions = [make_question(name) for name in types or ("open",)]
    return attempts.start(
        owner=Owner(user_id=owner.pk), questions=questions, mode="practice", title="Some quiz", at=timezone.now()
    )


def found_on(response: Any, pattern: str) -> str:
    """Return the group of the pattern in the page, which must match."""
    found = re.search(pattern, response.content.decode())
    assert found, response.content.decode()
    return unescape(found[1])


def token_on(client: Client, address: str = "/preferences/") -> str:
    """Open the page, and return the CSRF token of its forms."""
    return found_on(client.get(address), r'name="csrfmiddlewaretoken" value="(\w+)"')


def log_in(client: Client, name: str = "ada", link: str | None = None) -> Any:
    """Return the response to the log-in form, which is opened by the link."""
    fields = form_to(client.get(link or reverse("account_login")), reverse("account_login"))
    return client.post(reverse("account_login"), fields | {"login": name, "password": PASSWORD})


def log_out(client: Client) -> None:
    client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token_on(client)})


def expire_session(client: Client) -> None:
    """End the session on the server; the browser keeps its cookies."""
    Session.objects.all().delete()


def delete_cookies(client: Client) -> None:
    client.cookies.clear()


def expire_everything(client: Client) -> None:
    """Let the session cookie expire, and exchange the CSRF cookie, as another log-in does."""
    expire_session(client)
    delete_cookies(client)
    token_on(client)


def answer(client: Client, attempt: Attempt, token: str, **more: str) -> Any:
    """Submit the essay as the answer to the first question."""
    data = {"text": ESSAY, "confidence": "sure", "go": "check", "csrfmiddlewaretoken": token, **more}
    return client.post(page_of(attempt), data)


def form_to(response: Any, path: str) -> dict[str, str]:
    """Return the hidden fields of the form that the page posts to the path; nothing without such a form."""
    main = response.content.decode().partition('id="main"')[2].partition("</main>")[0]
    for action, inside in FORM.findall(main or response.content.decode()):
        if unescape(action) == path:
            return {name: unescape(value) for name, value in HIDDEN.findall(inside)}
    return {}


def texts_on(response: Any) -> list[str]:
    """Return the texts that the page offers for copying."""
    found = re.findall(r"readonly>(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return [unescape(text) for text in found]


def login_link(response: Any) -> str:
    """Return the path and query to which the log-in link of the page leads in the end."""
    return found_on(response, r'href="(/accounts/login/\?next=[^"]*)" data-hx-boost')


def log_in_by_link(client: Client, response: Any, name: str = "ada") -> Any:
    """Follow the log-in link of the page, log in, and return the page that this leads to."""
    sent = log_in(client, name, login_link(response))
    assert sent.status_code == 302
    assert urlsplit(sent.url).path == reverse("unsent")
    return client.get(sent.url)


def submit(client: Client, response: Any, path: str) -> Any:
    """Submit the form that the page posts to the path."""
    return client.post(path, form_to(response, path))
