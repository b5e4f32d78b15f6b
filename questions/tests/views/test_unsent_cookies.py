"""A form that fails because the browser sends no cookies is shown, and the reason is named."""

import pytest
from django.urls import reverse

from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import make_question
from questions.tests.views.unsent_steps import (
    ESSAY,
    LOG_IN,
    answer,
    attempt_of,
    browser,
    delete_cookies,
    form_to,
    found_on,
    submit,
    texts_on,
    token_on,
    user,
)

pytestmark = pytest.mark.django_db


class TestCookies:
    def test_deleted_cookies_are_explained_to_those_without_account(self):
        client = browser()
        attempt = visitor_attempt(client, make_question("open"))
        token = token_on(client, page_of(attempt))
        delete_cookies(client)
        refused = answer(client, attempt, token)
        page = refused.content.decode()
        assert "This browser's session has ended" in page and "If you have no account, copy your answer" in page
        assert LOG_IN in page and "blocks cookies" not in page
        assert texts_on(refused) == [ESSAY]
        again = submit(client, refused, page_of(attempt))
        assert (again.status_code, "blocks cookies" in again.content.decode()) == (404, False)
        assert texts_on(again) == [ESSAY]

    def test_blocked_cookies_are_named_at_the_second_time(self):
        path = reverse("practice")
        first = browser().post(path, {"number": 5, "mode": "practice"})
        assert first.status_code == 403
        assert first.cookies["csrftoken"].value
        assert "blocks cookies" not in first.content.decode()
        second = browser().post(path, form_to(first, path))
        assert second.status_code == 403
        assert "Your browser blocks cookies for this site." in second.content.decode()
        assert form_to(second, path)["mode"] == "practice"
        third = browser().post(path, form_to(second, path))  # cookies may be allowed by now, so this is a first time
        assert "blocks cookies" not in third.content.decode()

    def test_text_stays_when_cookies_are_blocked(self):
        attempt = attempt_of(user())
        first = answer(browser(), attempt, "")
        second = submit(browser(), first, page_of(attempt))
        assert "blocks cookies" in second.content.decode()
        assert texts_on(second) == [ESSAY]

    def test_second_time_with_cookies_is_submitted(self):
        question, client = make_question("true_false"), browser()
        path = reverse("practice")
        first = client.post(path, {"number": 5, "mode": "practice", "topics": question.topic_id})
        second = submit(client, first, path)
        assert (second.status_code, "blocks cookies" in second.content.decode()) == (200, False)

    def test_login_form_is_opened_again_and_tells_of_blocked_cookies(self):
        client = browser()
        refused = client.post(reverse("account_login"), {"login": "ada", "password": "not to be shown"})
        page = refused.content.decode()
        assert "not to be shown" not in page and "session has ended" in page
        link = found_on(refused, r'href="(/unsent/\?next=[^"]*)"')
        assert "blocks cookies" in browser().get(link).content.decode()
        assert client.get(link).url == reverse("account_login")

    def test_link_leads_nowhere_else(self):
        assert browser().get("/unsent/?next=https://evil.example/").status_code == 200
