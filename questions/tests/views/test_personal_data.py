"""The pages for personal data: download, import and deletion."""

import io
import json
import re
import uuid
import zipfile

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts.models import Attempt, Response
from questions.notes.models import Note
from questions.personal_data import importer, schema
from questions.problem_reports.models import QuestionReport
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data.steps import empty, zipped
from questions.tests.personal_data.test_deletion import left_of
from questions.tests.personal_rows import MARK, fill, make_bank, taken
from questions.tests.taking import visitor_attempt
from quizsite import uploads

pytestmark = pytest.mark.django_db
DATA, DOWNLOAD, DELETE = (reverse(name) for name in ("data", "data-download", "data-delete"))
PASSWORD = "a long walk by the sea"


def as_user(client: Client, **fields) -> Owner:
    user = UserFactory(password=PASSWORD, **fields)
    client.force_login(user)
    return Owner(user_id=user.pk)


def as_visitor(client: Client) -> Owner:
    session = client.session
    visitor = session.setdefault(SESSION_KEY, str(uuid.uuid4()))
    session.save()
    client.cookies["sessionid"] = session.session_key
    return Owner(visitor=uuid.UUID(visitor))


BOTH = pytest.mark.parametrize("enter", [as_user, as_visitor])


def downloaded(client: Client) -> bytes:
    return b"".join(client.get(DOWNLOAD))


def data_in(content: bytes) -> dict:
    return json.loads(zipfile.ZipFile(io.BytesIO(content)).read("data.json"))


def send(client: Client, content: bytes | str, name: str = "quizsite.zip"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(DATA, {"file": SimpleUploadedFile(name, content)}, follow=True)


class TestPage:
    @pytest.mark.parametrize("name", ["account", "history"])
    def test_page_is_linked(self, client: Client, name: str) -> None:
        as_user(client)
        assert f'href="{DATA}"' in client.get(reverse(name)).content.decode()

    @BOTH
    def test_page_offers_download_import_and_deletion(self, client: Client, enter) -> None:
        enter(client)
        page = client.get(DATA).content.decode()
        assert all(words in page for words in (DOWNLOAD, DELETE, "multipart/form-data"))

    def test_new_visitor_can_only_import(self, client: Client) -> None:
        page = client.get(DATA).content.decode()
        assert "multipart/form-data" in page and DOWNLOAD not in page and DELETE not in page
        for address in (DOWNLOAD, DELETE):
            assert "nothing of yours here yet" in client.get(address, follow=True).content.decode()
        assert client.post(DELETE, {"sure": "on"}).url == DATA


class TestDownload:
    @BOTH
    def test_download_is_a_zip_named_by_date(self, client: Client, enter) -> None:
        taken(enter(client), [make_question()])
        response = client.get(DOWNLOAD)
        assert re.fullmatch(r'attachment; filename="quizsite-\d{4}-\d\d-\d\d\.zip"', response["Content-Disposition"])
        assert response["Content-Type"] == "application/zip"
        assert "no-store" in response["Cache-Control"]
        assert data_in(b"".join(response))["attempts"][0]["title"] == f"{MARK}'s quiz"

    def test_download_has_only_own_data(self, client: Client) -> None:
        bank, other = make_bank(), Client()
        fill(as_user(other), bank)
        fill(as_visitor(Client()), bank)
        for enter in (as_visitor, as_user):
            enter(client)
            assert MARK not in json.dumps(data_in(downloaded(client)))

    def test_visitor_data_is_tied_to_the_browser(self, client: Client) -> None:
        visitor_attempt(client, make_question())
        assert Client().get(DOWNLOAD).status_code == 302


class TestImport:
    @BOTH
    @pytest.mark.parametrize("packed", [True, False])
    def test_download_can_be_imported(self, client: Client, enter, packed: bool) -> None:
        other = Client()
        fill(as_user(other), make_bank())
        content = downloaded(other)
        owner = enter(client)
        page = send(client, content if packed else json.dumps(data_in(content)), "data.json").content.decode()
        assert "Imported: the plan, 5 quizzes, 19 answers, 13 reviews, what you remember of 8 questions" in page
        assert "Left out: 2 reports of problems" in page
        assert Attempt.objects.owned_by(owner).count() == 5
        again = send(client, content).content.decode()
        assert "Nothing new came" in again and "Here already" in again
        history = client.get(reverse("history")).content.decode()
        assert history.count(f"{MARK}&#x27;s quiz") >= 5
        for attempt in Attempt.objects.owned_by(owner):
            assert client.get(attempt.get_absolute_url(), follow=True).status_code == 200

    def test_import_creates_a_visitor(self, client: Client) -> None:
        other = Client()
        taken(as_user(other), [make_question()])
        send(client, downloaded(other))
        assert Attempt.objects.owned_by(Owner(visitor=uuid.UUID(client.session[SESSION_KEY]))).exists()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"walrus", "Line 1, column 1: this is no JSON."),
            ("[]", "does not say “format”"),
            (json.dumps(empty(attempts=[{}])), "attempts[0].public_id: is missing."),
            (json.dumps(empty(notes=[{"<script>": 1}])), "notes[0].on: is missing."),
            (json.dumps(empty(**{"<script>": 1})), "&lt;script&gt;: is not known in this format."),
            (zipped(other="{}"), "The ZIP holds no data.json."),
            (zipped(data="{}") + b"tail", "does not say “format”"),
            (zipped(data=" " * 20_000_001), "The file is larger than 20 MB."),
            (b" " * 20_000_001, "The file is larger than 20 MB."),
        ],
        ids=lambda value: value[:20] if isinstance(value, str) else f"{len(value)} bytes",
    )
    def test_invalid_file_is_reported_and_changes_nothing(self, client: Client, content, words: str) -> None:
        as_user(client)
        response = send(client, content)
        assert response.status_code == 200
        assert words in response.content.decode()
        assert not Attempt.objects.exists() and not Note.objects.exists()

    def test_missing_file_is_reported(self, client: Client) -> None:
        assert "This field is required." in client.post(DATA).content.decode()

    def test_too_large_request_is_discarded(self, client: Client, monkeypatch) -> None:
        kept = []
        monkeypatch.setattr(uploads, "MAX_BYTES", 20_000_000)
        monkeypatch.setattr(
            "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
            lambda *args: kept.append(1),
        )
        assert "The file is larger than 20 MB." in send(client, b" " * 20_000_001).content.decode()
        assert kept == []

    def test_file_of_usual_size_is_accepted(self, client: Client) -> None:
        assert "Nothing new came" in send(client, json.dumps(empty()) + " " * 3_000_000).content.decode()

    def test_rate_limit_of_imports_is_reported(self, client: Client, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"import": "2/h/ip"}
        cache.clear()
        pages = [send(client, json.dumps(empty())).content.decode() for _ in range(3)]
        assert ["Nothing new came" in page for page in pages] == [True, True, False]
        assert "a lot of files for one hour" in pages[2]
        cache.clear()

    def test_failed_import_is_rolled_back(self, client: Client, monkeypatch) -> None:
        other = Client()
        fill(as_user(other), make_bank())
        owner = as_user(client)

        def fail(*args, **kwargs) -> None:
            raise RuntimeError

        monkeypatch.setattr(importer, "_import_bookmarks", fail)
        with pytest.raises(RuntimeError):
            send(client, downloaded(other))
        assert not Attempt.objects.owned_by(owner).exists()


class TestAfterAnImport:
    """All pages open after the import of any valid file."""

    PAGES = ("home", "history", "progress", "today", "plan", "practice", "notes", "interview", "data", "data-delete")

    def open_all(self, client: Client, owner: Owner) -> None:
        addresses = [reverse(name) for name in self.PAGES]
        addresses += [one.get_absolute_url() for one in Attempt.objects.owned_by(owner)]
        for address in addresses:
            assert client.get(address, follow=True).status_code == 200, address
        assert data_in(downloaded(client))

    @pytest.mark.parametrize("mode", schema.MODES)
    @pytest.mark.parametrize("status", [schema.OPEN, *schema.ENDED])
    def test_attempts_of_every_kind(self, client: Client, mode: str, status: str) -> None:
        other = Client()
        fill(as_user(other), make_bank())
        document = data_in(downloaded(other))
        for one in document["attempts"]:
            ended = None if status == schema.OPEN else "1990-01-01T00:00:00Z"
            one |= {"mode": mode, "status": status, "submitted_at": ended, "deadline_at": None}
        owner = as_user(client)
        assert "Imported" in send(client, json.dumps(document)).content.decode()
        self.open_all(client, owner)

    @pytest.mark.parametrize(
        "plan",
        [
            {"interview_on": None, "weekdays_off": [0, 1, 2, 3, 4, 5, 6]},
            {"interview_on": "1990-01-01", "begun_on": "2199-12-31", "minutes": 1},
            {"interview_on": "2199-12-31", "begun_on": "1990-01-01", "minutes": 480, "retention": 0.97},
            {"interview_on": "2199-12-31", "begun_on": "2199-12-31", "topics": []},
        ],
    )
    @pytest.mark.parametrize("day", ["1990-01-01", "2025-03-01"])
    def test_plans_and_reviews_of_any_day(self, client: Client, plan: dict, day: str) -> None:
        other = Client()
        fill(as_user(other), make_bank())
        document = data_in(downloaded(other))
        document["plan"] |= plan
        for one in document["attempts"]:
            one["started_at"] = f"{day}T00:00:00Z"
            for place in one["responses"]:
                place |= {"seconds": 10_000_000, "answered_at": f"{day}T00:00:00Z", "flagged": True}
                place["review"] = place["review"] and place["review"] | {"day": day, "rating": 4, "predicted": 0.0}
        for one in document["cards"]:
            one |= {"status": "leech", "buried_on": "2199-12-31", "taken_up_at": "2199-12-31T00:00:00Z", "misses": 9}
        owner = as_user(client)
        assert "Imported: the plan" in send(client, json.dumps(document)).content.decode()
        self.open_all(client, owner)


class TestDelete:
    @BOTH
    def test_page_lists_what_is_deleted_and_offers_the_download(self, client: Client, enter) -> None:
        fill(enter(client), make_bank())
        page = " ".join(client.get(DELETE).content.decode().split())
        for words in (
            "5 quizzes and interviews with 19 answers",
            "your plan",
            "8 questions, from 13 reviews",
            "3 notes",
        ):
            assert words in page
        assert "3 bookmarks" in page and "your words in 2 reports" in page and DOWNLOAD in page
        assert ("your account" in page) == (enter is as_user)

    def test_user_is_deleted_after_the_password(self, client: Client) -> None:
        owner = as_user(client, username="ada", email=f"{MARK}@example.org")
        elsewhere = Client()
        elsewhere.force_login(User.objects.get(pk=owner.user_id))
        fill(owner, make_bank())
        client.cookies["theme"] = "dark"
        response = client.post(DELETE, {"password": PASSWORD})
        assert "It is gone" in response.content.decode()
        assert not User.objects.filter(username="ada").exists()
        assert not Session.objects.exists()
        assert elsewhere.get(reverse("account")).status_code == 302
        assert Client().post(reverse("account_login"), {"login": "ada", "password": PASSWORD}).status_code == 200
        assert {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0} >= {"sessionid", "theme"}
        assert left_of([MARK]) == []
        assert "Log in" in client.get("/").content.decode()

    def test_visitor_is_deleted_after_the_checkbox(self, client: Client) -> None:
        owner = as_visitor(client)
        fill(owner, make_bank())
        assert "This field is required." in client.post(DELETE).content.decode()
        assert Attempt.objects.owned_by(owner).exists()
        assert "It is gone" in client.post(DELETE, {"sure": "on"}).content.decode()
        assert left_of([MARK, str(owner.visitor), owner.visitor.hex]) == []
        assert QuestionReport.objects.count() == 2
        assert client.get(DELETE).status_code == 302

    @pytest.mark.parametrize("sent", [{}, {"password": "wrong"}, {"sure": "on"}, {"name": "ada@example.org"}])
    def test_wrong_password_deletes_nothing(self, client: Client, sent: dict[str, str]) -> None:
        owner = as_user(client, email="ada@example.org")
        taken(owner, [make_question()])
        page = client.post(DELETE, sent).content.decode()
        assert "Nothing was deleted" in page or "This field is required" in page
        assert Response.objects.owned_by(owner).exists()

    def test_password_attempts_are_limited(self, client: Client, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
        cache.clear()
        as_user(client)
        pages = [client.post(DELETE, {"password": "wrong"}).content.decode() for _ in range(2)]
        pages.append(client.post(DELETE, {"password": PASSWORD}).content.decode())
        assert ["tried too often" in page for page in pages] == [False, False, True]
        assert User.objects.exists()
        cache.clear()

    @pytest.mark.parametrize(("email", "typed"), [("Ada@example.org", "ada@example.org"), ("", "ada")])
    def test_user_without_password_confirms_with_the_address(self, client: Client, email: str, typed: str) -> None:
        user = UserFactory(username="ada", email=email)
        user.set_unusable_password()
        user.save()
        client.force_login(user)
        assert "Nothing was deleted" in client.post(DELETE, {"name": "grace@example.org"}).content.decode()
        assert "It is gone" in client.post(DELETE, {"name": typed}).content.decode()
        assert not User.objects.exists()

    def test_last_superuser_gets_instructions(self, client: Client) -> None:
        as_user(client, is_superuser=True)
        page = client.post(DELETE, {"password": PASSWORD}).content.decode()
        assert "You are the only superuser" in page and "in the admin under Users" in page
        UserFactory(is_superuser=True)
        assert "It is gone" in client.post(DELETE, {"password": PASSWORD}).content.decode()

    def test_cross_site_form_deletes_nothing(self) -> None:
        client = Client(enforce_csrf_checks=True)
        as_user(client)
        assert client.post(DELETE, {"password": PASSWORD}).status_code == 403
        assert User.objects.exists()

    def test_forms_of_the_confirmation_page_work(self) -> None:
        client = Client(enforce_csrf_checks=True)
        as_user(client)
        token = client.get(DELETE).context["csrf_token"]
        before = client.cookies["csrftoken"].value
        page = client.post(DELETE, {"password": PASSWORD, "csrfmiddlewaretoken": str(token)})
        assert client.cookies["csrftoken"].value not in ("", before)
        sent = {"theme": "dark", "csrfmiddlewaretoken": str(page.context["csrf_token"])}
        assert client.post(reverse("preferences"), sent).status_code == 302
