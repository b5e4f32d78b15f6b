"""A form that fails because of the session or the CSRF token is shown, kept and submitted after log-in."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from questions.accounts import unsent
from questions.attempts import services as attempts
from questions.notes.models import Note
from questions.problem_reports.models import QuestionReport
from questions.tests.attempt_steps import messages_of, note_on, page_of, visitor_attempt
from questions.tests.factories import FAQFactory, make_question
from questions.tests.views.unsent_steps import (
    ESSAY,
    LOG_IN,
    MADE_ANEW,
    OTHER_ACCOUNT,
    answer,
    attempt_of,
    browser,
    delete_cookies,
    expire_everything,
    expire_session,
    form_to,
    log_in,
    log_in_by_link,
    log_out,
    submit,
    texts_on,
    token_on,
    user,
)

pytestmark = pytest.mark.django_db
ENDINGS = [expire_session, delete_cookies, expire_everything, log_out]


@pytest.fixture
def ada():
    return user()


@pytest.fixture
def client(ada):
    """A browser in which Ada is logged in."""
    client = browser()
    log_in(client)
    return client


def saved_answer(attempt) -> str | None:
    return (attempt.responses.get(position=1).answer or {}).get("text")


@pytest.mark.parametrize("end", ENDINGS)
class TestAfterTheSession:
    def test_answer_is_submitted_after_login(self, client, ada, end):
        attempt = attempt_of(ada)
        token = token_on(client, page_of(attempt))
        end(client)
        refused = answer(client, attempt, token)
        assert refused.status_code in (403, 404)
        assert LOG_IN in refused.content.decode()
        assert texts_on(refused) == [ESSAY]
        page = log_in_by_link(client, refused)
        assert "data-submit-at-once" in page.content.decode() and "js/unsent.js" in page.content.decode()
        assert texts_on(page) == [ESSAY]
        assert saved_answer(attempt) is None
        assert submit(client, page, page_of(attempt)).url == page_of(attempt)
        assert saved_answer(attempt) == ESSAY.replace("\r\n", "\n") or saved_answer(attempt) == ESSAY
        assert attempt.responses.get().confidence == "sure"
        assert unsent.SESSION_KEY not in client.session

    def test_note_is_submitted_after_login(self, client, ada, end):
        attempt = attempt_of(ada)
        path = note_on("question", attempt.responses.get().revision.question_id)
        token = token_on(client, page_of(attempt))
        end(client)
        refused = client.post(path, {"text": ESSAY, "seen": "", "csrfmiddlewaretoken": token})
        assert LOG_IN in refused.content.decode()
        assert texts_on(refused) == [ESSAY]
        page = log_in_by_link(client, refused)
        assert "data-submit-at-once" in page.content.decode()
        submit(client, page, path)
        assert Note.objects.get().text.splitlines() == ESSAY.splitlines()
        assert Note.objects.get().user == ada

    def test_problem_report_is_submitted_after_login(self, client, ada, end):
        attempt = attempt_of(ada)
        path = reverse("report", args=[attempt.public_id, 1])
        token = token_on(client, path)
        end(client)
        refused = client.post(path, {"reason": "typo", "text": ESSAY, "csrfmiddlewaretoken": token})
        assert LOG_IN in refused.content.decode()
        submit(client, log_in_by_link(client, refused), path)
        assert QuestionReport.objects.get().text.splitlines() == ESSAY.splitlines()

    def test_rubric_marks_are_submitted_after_login(self, client, ada, end):
        attempt = attempt_of(ada)
        attempts.record_response(
            response=attempt.responses.get(), answer={"text": "Mine.", "aloud": False}, at=timezone.now()
        )
        path = reverse("assess", args=[attempt.public_id, 1])
        token = token_on(client, page_of(attempt))
        end(client)
        marks = {"met-1": ["1", "2"]}
        refused = client.post(path, marks | {"csrfmiddlewaretoken": token})
        assert LOG_IN in refused.content.decode()
        page = log_in_by_link(client, refused)
        fields = page.content.decode()
        assert re.findall(r'name="met-1" value="(\d)"', fields) == ["1", "2"]
        client.post(path, form_to(page, path) | marks)
        assert attempt.responses.get().answer["met"] == [0, 1]


class TestStaleToken:
    def test_same_user_submits_without_another_login(self, client, ada):
        attempt = attempt_of(ada)
        token = token_on(client, page_of(attempt))
        log_out(client)
        log_in(client)
        refused = answer(client, attempt, token)
        page = refused.content.decode()
        assert refused.status_code == 403
        assert "You logged in or out in another tab" in page and "ada@example.org" in page
        assert LOG_IN not in page and "Submit my answer" in page and "unsent.js" not in page
        assert texts_on(refused) == [ESSAY]
        assert submit(client, refused, page_of(attempt)).status_code == 302
        assert saved_answer(attempt).splitlines() == ESSAY.splitlines()
        assert unsent.SESSION_KEY not in client.session

    def test_visitor_submits_without_login(self):
        client = browser()
        attempt = visitor_attempt(client, make_question("open"))
        token_on(client)
        refused = answer(client, attempt, "x" * 64)
        assert (refused.status_code, LOG_IN in refused.content.decode()) == (403, False)
        submit(client, refused, page_of(attempt))
        assert saved_answer(attempt)

    def test_visitor_who_logs_in_elsewhere_submits_to_the_account(self, ada):
        client = browser()
        attempt = visitor_attempt(client, make_question("open"))
        token = token_on(client, page_of(attempt))
        log_in(client)
        submit(client, answer(client, attempt, token), page_of(attempt))
        assert saved_answer(attempt)

    def test_anonymous_note_can_be_submitted_with_or_without_login(self, ada):
        client, path = browser(), note_on("faq", FAQFactory().pk)
        token_on(client)
        refused = client.post(path, {"text": "walrus", "csrfmiddlewaretoken": "x" * 64})
        assert LOG_IN in refused.content.decode() and "Submit without logging in" in refused.content.decode()
        submit(client, refused, path)
        assert Note.objects.get().text == "walrus"

    def test_form_without_fields_is_submitted_too(self, client, ada):
        attempt = attempt_of(ada)
        path = reverse("hand-in", args=[attempt.public_id])
        refused = client.post(path, {"csrfmiddlewaretoken": "x" * 64})
        assert form_to(refused, path)
        submit(client, refused, path)
        attempt.refresh_from_db()
        assert not attempt.is_open


class TestOtherAccount:
    @pytest.fixture
    def eve(self):
        """A browser in which Eve has logged in after Ada, whose attempt is still open in a tab."""
        user("eve")

    @pytest.fixture
    def attempt(self, client, ada):
        return attempt_of(ada)

    def refused(self, client, attempt):
        token = token_on(client, page_of(attempt))
        log_out(client)
        log_in(client, "eve")
        return answer(client, attempt, token)

    def test_text_can_be_copied_and_is_not_submitted(self, client, eve, attempt):
        refused = self.refused(client, attempt)
        assert OTHER_ACCOUNT in refused.content.decode()
        assert texts_on(refused) == [ESSAY]
        assert not form_to(refused, page_of(attempt))
        page = client.get(reverse("unsent"))
        assert OTHER_ACCOUNT in page.content.decode() and not form_to(page, page_of(attempt))
        assert texts_on(page) == [ESSAY]
        assert saved_answer(attempt) is None

    def test_login_of_another_user_after_the_link_submits_nothing(self, client, eve, attempt):
        token = token_on(client, page_of(attempt))
        log_out(client)
        page = log_in_by_link(client, answer(client, attempt, token), "eve")
        assert OTHER_ACCOUNT in page.content.decode() and not form_to(page, page_of(attempt))
        assert "data-submit-at-once" not in page.content.decode()

    def test_account_can_be_changed(self, client, eve, attempt):
        refused = self.refused(client, attempt)
        to_login = submit(client, refused, reverse("unsent")).url
        assert "_auth_user_id" not in client.session
        page = client.get(log_in(client, "ada", to_login).url)
        submit(client, page, page_of(attempt))
        assert saved_answer(attempt)

    def test_nothing_tells_whether_an_attempt_exists(self, client, eve, attempt):
        log_out(client)
        log_in(client, "eve")
        pages = []
        for name in (str(attempt.public_id), "00000000-0000-4000-8000-000000000000"):
            path = f"/attempts/{name}/1/"
            for token in (token_on(client), "x" * 64):
                response = client.post(path, {"text": ESSAY, "csrfmiddlewaretoken": token})
                page = MADE_ANEW.sub("", response.content.decode()).replace(name, "")
                pages.append((response.status_code, page))
        assert pages[:2] == pages[2:]
        assert OTHER_ACCOUNT in pages[0][1]

    def test_nothing_tells_a_visitor_either(self, attempt):
        pages = []
        for name in (str(attempt.public_id), "00000000-0000-4000-8000-000000000000"):
            response = browser().post(f"/attempts/{name}/1/", {"text": ESSAY})
            pages.append((response.status_code, texts_on(response), LOG_IN in response.content.decode()))
        assert pages[0] == pages[1] == (403, [ESSAY], True)


class TestKept:
    def test_page_that_was_closed_loses_nothing(self, client, ada):
        attempt = attempt_of(ada)
        answer(client, attempt, "x" * 64)
        for _ in range(2):
            page = client.get(reverse("unsent"))
            assert texts_on(page) == [ESSAY] and "data-submit-at-once" not in page.content.decode()
        submit(client, page, page_of(attempt))
        assert "Nothing to submit" in client.get(reverse("unsent")).content.decode()

    def test_rejected_form_is_not_forgotten(self, client, ada):
        attempt = attempt_of(ada)
        refused = answer(client, attempt, "x" * 64)
        client.post(page_of(attempt, 9), form_to(refused, page_of(attempt)))
        assert len(unsent.kept_forms(client.get(reverse("unsent")).wsgi_request)) == 1

    def test_several_are_listed(self, client, ada):
        for number in range(7):
            client.post(note_on("faq", number), {"text": f"walrus {number}", "csrfmiddlewaretoken": "x" * 64})
        page = client.get(reverse("unsent"))
        assert texts_on(page) == ["walrus 6"]
        listed = re.findall(r'kept=[^"]*">(walrus \d)', page.content.decode())
        assert listed == ["walrus 2", "walrus 3", "walrus 4", "walrus 5"]

    def test_too_long_text_is_shown_and_not_said_to_be_kept(self, ada):
        client, long = browser(), "walrus " * 20_000
        refused = client.post(page_of(attempt_of(ada)), {"text": long})
        assert texts_on(refused) == [long]
        assert LOG_IN not in refused.content.decode() and "too long to be kept" in refused.content.decode()
        assert unsent.SESSION_KEY not in client.session

    def test_logout_forgets(self, client, ada):
        answer(client, attempt_of(ada), "x" * 64)
        log_out(client)
        assert "Nothing to submit" in client.get(reverse("unsent")).content.decode()

    def test_login_page_of_another_form_says_that_it_is_kept(self, client, ada):
        path = reverse("log-out-elsewhere")
        token = token_on(client)
        expire_session(client)
        asked = client.post(path, {"csrfmiddlewaretoken": token})
        assert messages_of(asked) == LOG_IN
        page = client.get(log_in(client, "ada", asked.url).url)
        assert "data-submit-at-once" not in page.content.decode()
        assert submit(client, page, path).url == reverse("account")
