"""Bookmarks and notes on the pages: where they appear, writing them, and the list of saved items."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.enums import Mode
from questions.notes.models import MAX_NOTE_LENGTH, Bookmark, Note, stamp
from questions.notes.services import SEPARATOR
from questions.tests.attempt_steps import bookmark_on, note_on, page_of, visitor_attempt
from questions.tests.factories import (
    BookmarkFactory,
    FAQFactory,
    NoteFactory,
    UserFactory,
    make_question,
)
from questions.views.notes import ENTRIES_PER_PAGE

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk by the sea"
FRAGMENT = {"HX-Request": "true"}


def shown(response) -> str:
    return response.content.decode()


def beside(page: str, kind: str, pk: int) -> str:
    """Return the part of the page with the bookmark and the note on the target."""
    found = re.search(rf'id="keep-{kind}-{pk}".*?</div>', page, re.DOTALL)
    assert found, f"nothing is kept beside {kind} {pk}"
    return found[0]


def seen_by(page: str) -> str:
    """Return the stamp of the note in the page's form."""
    return re.findall(r'name="seen" value="(\w*)"', page)[0]


class TestWhere:
    @pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.EXAM])
    def test_question_page_and_result_show_bookmark_and_note(self, client: Client, mode: str) -> None:
        question = make_question("single_choice")
        attempt = visitor_attempt(client, question, mode=mode)
        client.post(bookmark_on("question", question.pk), {"marked": "on"})
        client.post(note_on("question", question.pk), {"text": "Ask about <b>walruses</b>."})
        before = shown(client.get(page_of(attempt)))
        client.post(page_of(attempt), {"go": "check", "choice": "1"})
        after = shown(client.get(page_of(attempt)))
        attempts.submit(attempt=attempt, at=timezone.now())
        result = shown(client.get(reverse("result", args=[attempt.public_id])))
        for page in (before, after, result):
            own = beside(page, "question", question.pk)
            assert 'aria-pressed="true"' in own
            assert "Ask about &lt;b&gt;walruses&lt;/b&gt;." in own

    def test_topic_page_shows_them_for_the_guide_and_each_faq(self, client: Client) -> None:
        faq = FAQFactory()
        other = FAQFactory(guide=faq.guide)
        topic = faq.guide.get_absolute_url()
        client.post(note_on("guide", faq.guide_id), {"text": "Read twice."})
        client.post(bookmark_on("faq", faq.pk), {"marked": "on"})
        client.post(note_on("faq", other.pk), {"text": "Doubtful."})
        page = shown(client.get(topic))
        assert "Read twice." in beside(page, "guide", faq.guide_id)
        assert 'aria-pressed="true"' in beside(page, "faq", faq.pk)
        assert "Write a note" in beside(page, "faq", faq.pk)
        assert 'aria-pressed="false"' in beside(page, "faq", other.pk)
        assert f'href="{note_on("faq", other.pk)}?next={topic}%23keep-faq-{other.pk}">Your note' in page

    def test_other_owners_see_nothing(self, client: Client) -> None:
        faq = FAQFactory()
        client.post(note_on("guide", faq.guide_id), {"text": "Read twice."})
        client.post(bookmark_on("guide", faq.guide_id), {"marked": "on"})
        member = Client()
        member.force_login(UserFactory())
        for other in (Client(), member):
            page = shown(other.get(faq.guide.get_absolute_url()))
            assert "Read twice." not in page
            assert 'aria-pressed="true"' not in beside(page, "guide", faq.guide_id)

    def test_pages_with_notes_are_not_cached(self, client: Client) -> None:
        client.force_login(UserFactory())
        faq = FAQFactory()
        for address in ("/notes/", "/search/?q=the", note_on("faq", faq.pk), faq.guide.get_absolute_url()):
            assert "no-store" in client.get(address)["Cache-Control"]


class TestWriting:
    @pytest.fixture
    def address(self) -> str:
        return note_on("faq", FAQFactory().pk)

    def test_note_is_saved_and_redirects_back(self, client: Client, address: str) -> None:
        response = client.post(address, {"text": "One line.\r\nAnother.", "next": "/topics/#keep"})
        assert response.url == "/topics/#keep"
        assert Note.objects.get().text == "One line.\nAnother."
        assert "Your note is saved." in shown(client.get("/topics/"))
        assert ">\nOne line.\nAnother.</textarea>" in shown(client.get(address))

    @pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
    def test_redirect_stays_on_the_site(self, client: Client, address: str, back: str) -> None:
        bookmark = address.replace("notes", "bookmarks")
        assert client.post(address, {"text": "A note.", "next": back}).url == "/notes/"
        assert client.post(bookmark, {"marked": "on", "next": back}).url == "/notes/"
        assert "Back to where you were" not in shown(client.get(address, {"next": back}))

    def test_empty_text_deletes_the_note(self, client: Client, address: str) -> None:
        client.post(address, {"text": "A note."})
        page = client.post(address, {"text": " ", "seen": stamp("A note.")}, follow=True)
        assert "Your note was deleted." in shown(page)
        assert not Note.objects.exists()

    def test_two_tabs_keep_both_texts(self, client: Client, address: str) -> None:
        page = shown(client.get(address))
        seen = seen_by(page)
        client.post(address, {"text": "From here.", "seen": seen})
        response = client.post(address, {"text": "From there.", "seen": seen, "next": "/topics/"}, follow=True)
        assert response.redirect_chain == [(f"{address}?next=%2Ftopics%2F", 302)]
        assert "Both texts are kept" in shown(response)
        assert f"From here.{SEPARATOR}From there." in shown(response)
        assert 'href="/topics/"' in shown(response)
        assert Note.objects.get().text == f"From here.{SEPARATOR}From there."

    def test_too_long_joined_text_is_reported_and_can_be_shortened(self, client: Client, address: str) -> None:
        client.post(address, {"text": "a" * MAX_NOTE_LENGTH})
        page = shown(client.post(address, {"text": "From there."}))
        assert "both texts together are longer than 10000 characters" in page
        assert "a" * MAX_NOTE_LENGTH in page and ">\nFrom there.</textarea>" in page
        assert Note.objects.get().text == "a" * MAX_NOTE_LENGTH
        seen = seen_by(page)
        client.post(address, {"text": "One of the two.", "seen": seen})
        assert Note.objects.get().text == "One of the two."

    def test_too_long_text_is_reported_and_stays_on_the_page(self, client: Client, address: str) -> None:
        page = shown(client.post(address, {"text": "b" * (MAX_NOTE_LENGTH + 1)}))
        assert "at most 10000 characters" in page
        assert "b" * (MAX_NOTE_LENGTH + 1) in page
        assert "Current note" not in page
        assert not Note.objects.exists()
        client.post(address, {"text": "Short."})
        page = shown(client.post(address, {"text": "b" * (MAX_NOTE_LENGTH + 1), "seen": stamp("Short.")}))
        assert "Current note" not in page and Note.objects.get().text == "Short."
        lines = {"text": "b\r\n" * (MAX_NOTE_LENGTH // 2), "seen": stamp("Short.")}
        assert client.post(address, lines).status_code == 302

    @pytest.mark.parametrize("text", ["null \x00 byte", "\ud800"])
    def test_characters_no_database_accepts_are_reported_or_replaced(
        self, client: Client, address: str, text: str
    ) -> None:
        body = f"text={text}".encode(errors="surrogatepass")
        response = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 302)

    def test_invalid_extra_fields_overwrite_nothing(self, client: Client, address: str) -> None:
        client.post(address, {"text": "Mine."})
        for seen in ("x" * 17, "\x00", "0" * 16):
            assert client.post(address, {"text": "Other.", "seen": seen}).status_code == 302
            assert Note.objects.get().text == f"Mine.{SEPARATOR}Other."

    def test_htmx_gets_the_note_fragment_with_a_message(self, client: Client, address: str) -> None:
        page = shown(client.post(address, {"text": "A note.", "next": "/topics/#x"}, headers=FRAGMENT))
        assert page.lstrip().startswith("<details")
        assert "Your note is saved." in page and "A note.</textarea>" in page
        assert 'name="next" value="/topics/#x"' in page
        assert "data-hx-preserve" not in page
        refused = shown(client.post(address, {"text": "b" * (MAX_NOTE_LENGTH + 1)}, headers=FRAGMENT))
        assert refused.lstrip().startswith("<details") and "at most 10000 characters" in refused

    def test_htmx_gets_the_bookmark_fragment(self, client: Client, address: str) -> None:
        bookmark = address.replace("notes", "bookmarks")
        for marked, pressed in (("on", "true"), ("on", "true"), ("off", "false")):
            page = shown(client.post(bookmark, {"marked": marked, "next": "/topics/"}, headers=FRAGMENT))
            assert page.lstrip().startswith("<form") and f'aria-pressed="{pressed}"' in page
            assert Bookmark.objects.exists() == (pressed == "true")

    @pytest.mark.parametrize("data", [{}, {"marked": "perhaps"}])
    def test_invalid_input_leaves_the_bookmark(self, client: Client, address: str, data: dict) -> None:
        bookmark = address.replace("notes", "bookmarks")
        client.post(bookmark, {"marked": "on"})
        assert client.post(bookmark, data).status_code == 302
        assert Bookmark.objects.exists()

    def test_get_request_sets_no_bookmark(self, client: Client, address: str) -> None:
        assert client.get(address.replace("notes", "bookmarks")).status_code == 405

    def test_reading_creates_no_visitor_id(self, client: Client, address: str) -> None:
        for page in (address, "/notes/", "/search/?q=walrus"):
            client.get(page)
        assert SESSION_KEY not in client.session


class TestList:
    def test_saved_items_are_listed_by_topic_with_links(self, client: Client) -> None:
        late, early = (FAQFactory(guide__topic__position=position) for position in (20, 10))
        question = make_question("single_choice", topic=early.guide.topic, stem="Which `walrus`?")
        client.post(bookmark_on("question", question.pk), {"marked": "on"})
        client.post(note_on("question", question.pk), {"text": "Sings."})
        for faq in (late, early):
            client.post(note_on("guide", faq.guide_id), {"text": "Read."})
            client.post(bookmark_on("faq", faq.pk), {"marked": "on"})
        response = client.get(reverse("notes"))
        listed = [(entry.topic, entry.saved.kind) for entry, _form in response.context["lines"]]
        first, second = early.guide.topic, late.guide.topic
        assert listed == [(first, "guide"), (first, "faq"), (first, "question"), (second, "guide"), (second, "faq")]
        page = shown(response)
        assert page.index(f"<h2>{first}</h2>") < page.index(f"<h2>{second}</h2>")
        assert f'href="{first.get_absolute_url()}#faq-{early.slug}"' in page
        assert "Which walrus?" in page and "Sings." in page
        assert reverse("practise-question", args=[question.pk]) in page

    def test_question_can_be_practised_from_the_list(self, client: Client) -> None:
        question = make_question("single_choice")
        client.post(bookmark_on("question", question.pk), {"marked": "on"})
        ((_entry, form),) = client.get(reverse("notes")).context["lines"]
        data = {"start_id": str(form["start_id"].value())}
        for _ in range(2):
            client.post(reverse("practise-question", args=[question.pk]), data)
        assert Attempt.objects.get().responses.get().revision.question == question

    def test_long_list_is_paginated(self, client: Client) -> None:
        user = UserFactory()
        BookmarkFactory.create_batch(ENTRIES_PER_PAGE + 1, user=user)
        client.force_login(user)
        first, second, beyond = (client.get("/notes/", {"page": page}) for page in ("1", "2", "9" * 30))
        assert [len(page.context["lines"]) for page in (first, second, beyond)] == [ENTRIES_PER_PAGE, 1, 1]
        assert 'href="?page=2"' in shown(first)

    def test_list_has_its_own_search(self, client: Client) -> None:
        faq = FAQFactory(answer="A walrus sings.")
        client.post(note_on("guide", faq.guide_id), {"text": "Mind the walrus."})
        page = shown(client.get("/notes/", {"q": "walrus"}))
        assert "Mind the <mark>walrus</mark>." in page
        assert "sings" not in page
        assert "No results for these words in your notes" in shown(client.get("/notes/", {"q": "zebra"}))
        both = shown(client.get("/search/", {"q": "walrus"}))
        assert "Saved</h2>" in both and "sings" in both

    def test_list_can_be_empty_and_is_linked(self, client: Client) -> None:
        assert "Nothing here yet" in shown(client.get("/notes/"))
        assert 'href="/notes/"' in shown(client.get(reverse("history")))
        client.force_login(UserFactory())
        assert 'href="/notes/"' in shown(client.get(reverse("account")))


def test_login_transfers_notes_and_bookmarks(client: Client) -> None:
    user, faq = UserFactory(username="ada", password=PASSWORD), FAQFactory()
    NoteFactory(user=user, question=None, faq=faq, text="As a member.", written_at=timezone.now())
    client.post(note_on("faq", faq.pk), {"text": "As a visitor."})
    client.post(bookmark_on("guide", faq.guide_id), {"marked": "on"})
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert Note.objects.get().text == f"As a member.{SEPARATOR}As a visitor."
    assert Bookmark.objects.get().owner == Owner(user_id=user.pk)
    assert "As a visitor." in shown(client.get("/notes/"))


def test_logout_hides_the_account_data(client: Client) -> None:
    user = UserFactory()
    note = NoteFactory(user=user, text="Private words.")
    client.force_login(user)
    assert "Private words." in shown(client.get("/notes/"))
    client.post(reverse("account_logout"))
    assert "Private words." not in shown(client.get("/notes/"))
    assert "Private words." not in shown(client.get(note_on("question", note.question_id)))


def test_visitor_id_cannot_be_guessed(client: Client) -> None:
    client.post(bookmark_on("guide", FAQFactory().guide_id), {"marked": "on"})
    assert Bookmark.objects.get().visitor == uuid.UUID(client.session[SESSION_KEY])
