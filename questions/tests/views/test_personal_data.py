"""The pages of one's own data: whose they are, what they take, and that deleting asks first."""

import io
import json
import re
import uuid
import zipfile

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts.models import Attempt
from questions.notes.models import Note
from questions.personal_data import importer, schema
from questions.tests.attempt_steps import visitor_attempt
from questions.tests.factories import make_question
from questions.tests.personal_data.steps import empty, zipped
from questions.tests.personal_data_factories import MARK, fill, make_bank, taken
from questions.tests.views.personal_data_steps import BOTH, DATA, DELETE, DOWNLOAD, as_user, as_visitor
from quizsite import uploads

pytestmark = pytest.mark.django_db


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
            assert "You have no data here yet" in client.get(address, follow=True).content.decode()
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
        assert (
            "Imported: the study plan, 5 quizzes, 20 answers, 2 drafts, 14 reviews, the review schedule of 9 questions"
            in page
        )
        assert "Not imported: 2 problem reports" in page
        assert Attempt.objects.owned_by(owner).count() == 5
        again = send(client, content).content.decode()
        assert "Nothing was imported" in again and "Already here and unchanged" in again
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
            (b"walrus", "Line 1, column 1: invalid JSON."),
            ("[]", "“format” is missing"),
            (json.dumps(empty(attempts=[{}])), "attempts[0].public_id: is missing."),
            (json.dumps(empty(notes=[{"<script>": 1}])), "notes[0].on: is missing."),
            (json.dumps(empty(**{"<script>": 1})), "&lt;script&gt;: is not known in this format."),
            (zipped(other="{}"), "The ZIP file does not contain data.json."),
            (zipped(data="{}") + b"tail", "“format” is missing"),
            (zipped(data=" " * 20_000_001), "The file is too large. The limit is 20 MB."),
            (b" " * 20_000_001, "The file is too large. The limit is 20 MB."),
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
        assert "The file is too large. The limit is 20 MB." in send(client, b" " * 20_000_001).content.decode()
        assert kept == []

    def test_file_of_usual_size_is_accepted(self, client: Client) -> None:
        assert "Nothing was imported" in send(client, json.dumps(empty()) + " " * 3_000_000).content.decode()

    def test_rate_limit_of_imports_is_reported(self, client: Client, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"import": "2/h/ip"}
        cache.clear()
        pages = [send(client, json.dumps(empty())).content.decode() for _ in range(3)]
        assert ["Nothing was imported" in page for page in pages] == [True, True, False]
        assert "Too many imports in the last hour" in pages[2]
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


@pytest.mark.one_database
class TestAfterAnImport:
    """Whatever a file may say, the pages of whoever brought it open."""

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
        assert "Imported: the study plan" in send(client, json.dumps(document)).content.decode()
        self.open_all(client, owner)
