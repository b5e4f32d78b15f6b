"""Forms that fail: where they may come from, how htmx and scripts are answered, and what other error pages show."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from questions.accounts import unsent
from questions.notes.models import Note
from questions.tests.attempt_steps import bookmark_on, note_on, page_of, visitor_attempt
from questions.tests.factories import FAQFactory, UserFactory, make_question
from questions.tests.security.steps import code_of, with_app
from questions.tests.views.unsent_steps import (
    ESSAY,
    LOG_IN,
    OTHER_ACCOUNT,
    answer,
    attempt_of,
    browser,
    expire_session,
    form_to,
    log_in,
    log_in_by_link,
    log_out,
    login_link,
    submit,
    texts_on,
    token_on,
    user,
)
from questions.views import topics

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def ada():
    return user()


@pytest.fixture
def client(ada):
    """A browser in which Ada is logged in."""
    client = browser()
    log_in(client)
    return client


class TestOtherSites:
    FOREIGN = [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"referer": "https://evil.example/http://testserver/"},
        {"referer": "http://testserver.evil.example/"},
        {"referer": "http://[oops"},
    ]

    def post(self, ada, headers, path, **more):
        client = Client(enforce_csrf_checks=True)
        log_in(client)
        response = client.post(path, {"text": ESSAY, "csrfmiddlewaretoken": "x" * 64}, headers=headers, **more)
        return client, response

    @pytest.mark.parametrize("headers", FOREIGN)
    def test_form_of_another_site_is_neither_kept_nor_offered(self, ada, headers):
        path = page_of(attempt_of(ada))
        client, response = self.post(ada, headers, path)
        assert response.status_code == 403
        assert "came from another site" in response.content.decode()
        assert texts_on(response) == [ESSAY]
        assert not form_to(response, path) and LOG_IN not in response.content.decode()
        assert unsent.SESSION_KEY not in client.session
        assert "Nothing to submit" in client.get(reverse("unsent")).content.decode()

    @pytest.mark.parametrize("headers", FOREIGN)
    def test_form_of_another_site_makes_no_session(self, headers):
        response = Client(enforce_csrf_checks=True).post(note_on("faq", 1), {"text": ESSAY}, headers=headers)
        assert "sessionid" not in response.cookies

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://testserver"},
            {"sec-fetch-site": "same-origin"},
            {"referer": "http://testserver/attempts/"},
            {},
            {"origin": "https://quiz.example"},
        ],
    )
    def test_form_of_this_site_is_kept(self, ada, headers, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://quiz.example"]
        path = page_of(attempt_of(ada))
        client, response = self.post(ada, headers, path)
        assert form_to(response, path)["text"] == ESSAY
        assert unsent.SESSION_KEY in client.session

    def test_nothing_at_all_is_believed_without_tls_only(self, rf):
        assert unsent.came_from_this_site(rf.post("/"))
        assert not unsent.came_from_this_site(rf.post("/", secure=True))
        with_cookie = rf.post("/", secure=True)
        with_cookie.COOKIES["sessionid"] = "x"
        assert unsent.came_from_this_site(with_cookie)


class TestSecrets:
    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/accounts/login/", {"login": "ada", "password": "not shown"}),
            ("/accounts/2fa/authenticate/", {"code": "not shown"}),
        ],
    )
    def test_passwords_and_codes_are_neither_shown_nor_kept(self, client, path, data):
        page = client.post(path, data | {"csrfmiddlewaretoken": "x" * 64})
        assert page.status_code == 403
        assert "not shown" not in page.content.decode() and "Open the page again" in page.content.decode()
        assert unsent.SESSION_KEY not in client.session


class TestHtmx:
    HTMX = {"hx-request": "true"}

    def test_whole_page_has_an_address_that_shows_it_again(self, client, ada):
        path = page_of(attempt_of(ada))
        boosted = self.HTMX | {"hx-boosted": "true", "hx-target": "main"}
        response = client.post(path, {"text": ESSAY, "csrfmiddlewaretoken": "x" * 64}, headers=boosted)
        assert response.headers["HX-Push-Url"] == reverse("unsent")
        assert 'id="main"' in response.content.decode()
        assert "data-hx-post" not in response.content.decode().partition('id="main"')[2].partition("</main>")[0]

    def test_note_is_answered_in_its_place(self, client, ada):
        path = note_on("faq", FAQFactory().pk)
        in_place = self.HTMX | {"hx-target": "note-faq-1"}
        refused = client.post(path, {"text": ESSAY, "csrfmiddlewaretoken": "x" * 64}, headers=in_place)
        page = refused.content.decode()
        assert page.lstrip().startswith('<div id="note-faq-1"') and "<html" not in page
        assert texts_on(refused) == [ESSAY]
        assert f'data-hx-post="{path}" data-hx-target="#note-faq-1"' in page
        saved = client.post(path, form_to(refused, path), headers=in_place)
        assert "Your note is saved." in saved.content.decode()
        assert Note.objects.get().user == ada
        assert unsent.SESSION_KEY not in client.session

    def test_bookmark_after_logout_leads_to_login_in_a_new_tab(self, client, ada):
        path, token = bookmark_on("faq", FAQFactory().pk), token_on(client)
        log_out(client)
        in_place = self.HTMX | {"hx-target": "bookmark-faq-1"}
        refused = client.post(path, {"marked": "on", "csrfmiddlewaretoken": token}, headers=in_place)
        assert LOG_IN in refused.content.decode() and 'target="_blank"' in refused.content.decode()
        submit(client, log_in_by_link(client, refused), path)
        assert ada.bookmarks.count() == 1


class TestDrafts:
    @pytest.mark.parametrize("path", ["/attempts/{}/1/draft/", "/nowhere/draft/"])
    def test_script_gets_json(self, client, ada, path):
        path = path.format("00000000-0000-4000-8000-000000000000")
        token = token_on(client)
        statuses = set()
        for sent in (token, "x" * 64):
            response = client.post(path, {"text": ESSAY, "csrfmiddlewaretoken": sent})
            assert response.json() == {"error": "login"}
            statuses.add(response.status_code)
        assert statuses <= {403, 404}
        assert unsent.SESSION_KEY not in client.session

    def test_csrf_failure_gets_json(self, rf):
        from questions.views.errors import csrf_failure

        response = csrf_failure(rf.post("/attempts/x/1/draft/", {"text": ESSAY}))
        assert (response.status_code, response.headers["Content-Type"]) == (403, "application/json")

    def test_page_with_such_an_address_is_a_page(self, client):
        assert "text/html" in client.get("/nowhere/draft/").headers["Content-Type"]


class TestLoginInSteps:
    def test_answer_survives_two_step_login(self, client, ada):
        attempt, secret = attempt_of(ada), with_app(ada)
        token = token_on(client, page_of(attempt))
        log_out(client)
        step = log_in(client, "ada", login_link(answer(client, attempt, token))).url
        assert step.startswith(reverse("mfa_authenticate"))
        fields = form_to(client.get(step), reverse("mfa_authenticate"))
        page = client.get(client.post(step, fields | {"code": code_of(secret)}).url)
        submit(client, page, page_of(attempt))
        assert attempt.responses.get().is_answered

    def test_form_of_the_admin_is_kept(self):
        client = browser()
        boss = user("boss")
        boss.is_staff = boss.is_superuser = True
        boss.save()
        log_in(client, "boss")
        path = reverse("admin:questions_topic_add")
        token = token_on(client, path)
        expire_session(client)
        asked = client.post(path, {"title": "A new topic", "csrfmiddlewaretoken": token}, follow=True)
        assert LOG_IN in asked.content.decode()
        page = client.get(log_in(client, "boss", asked.redirect_chain[-1][0]).url)
        assert texts_on(page) == ["A new topic"] and "data-submit-at-once" not in page.content.decode()
        assert form_to(page, path)["title"] == "A new topic"
        assert "Please correct the error" in submit(client, page, path).content.decode()


class TestOtherErrors:
    def test_unknown_address(self, client):
        response = client.post("/nowhere/", {"text": ESSAY})
        assert (response.status_code, texts_on(response)) == (404, [ESSAY])
        assert "Nothing was saved." in response.content.decode()

    def test_unknown_position_of_an_own_attempt(self, client, ada):
        attempt = attempt_of(ada)
        response = client.post(page_of(attempt, 9), {"text": "walrus", "csrfmiddlewaretoken": token_on(client)})
        assert (response.status_code, texts_on(response)) == (404, ["walrus"])
        assert OTHER_ACCOUNT not in response.content.decode()

    def test_missing_permission(self):
        client = Client()
        member = UserFactory(is_staff=True)
        member.user_permissions.add(Permission.objects.get(codename="view_topic"))
        client.force_login(member)
        response = client.post(reverse("admin:questions_topic_add"), {"body": ESSAY})
        assert (response.status_code, texts_on(response)) == (403, [ESSAY])

    def test_rate_limit(self, client, ada, settings):
        settings.ACCOUNT_RATE_LIMITS = {"report": "0/h/ip"}
        path = reverse("report", args=[attempt_of(ada).public_id, 1])
        token = token_on(client, path)
        response = client.post(path, {"reason": "typo", "text": "Two <b> words", "csrfmiddlewaretoken": token})
        assert response.status_code == 429
        assert "Two &lt;b&gt; words</textarea>" in response.content.decode()

    def test_rate_limit_of_a_package(self, rf, client):
        from allauth.core.ratelimit import respond_429

        request = rf.post("/", {"text": ESSAY})
        request.user, request.htmx = client.get("/preferences/").wsgi_request.user, None
        response = respond_429(request)
        assert (response.status_code, texts_on(response)) == (429, [ESSAY])

    def test_too_large_form(self, client):
        attempt, long = visitor_attempt(Client(), make_question("open")), "walrus\r\n" * 80_000
        response = client.post(page_of(attempt), f"text={long}".replace("\r\n", "%0D%0A"), content_type=FORM)
        assert (response.status_code, texts_on(response)) == (400, [long])
        secret = client.post(page_of(attempt), f"text={long}&password=x", content_type=FORM)
        assert (secret.status_code, texts_on(secret)) == (400, [])
        huge = client.post(page_of(attempt), "text=" + "walrus " * 400_000, content_type=FORM)
        assert (huge.status_code, texts_on(huge)) == (400, [])

    def test_bug(self, monkeypatch):
        client = Client(raise_request_exception=False)
        monkeypatch.setattr(topics, "render", None)
        monkeypatch.setattr("questions.views.notes.NoteForm", None)
        response = client.post(note_on("faq", FAQFactory().pk), {"text": ESSAY})
        assert (response.status_code, texts_on(response)) == (500, [ESSAY])
