"""Bookmarks and notes: repeated requests, two tabs, and claiming a visitor's items."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.accounts.owners import Owner
from questions.notes import services as notes
from questions.notes.models import MAX_NOTE_LENGTH, TARGETS, Bookmark, Note, stamp
from questions.notes.services import SEPARATOR, NoteResult, NoteTooLong, join_texts
from questions.tests.factories import BookmarkFactory, FAQFactory, NoteFactory, UserFactory, make_question

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
texts = st.text(alphabet="ab *\n", min_size=1).map(str.strip).filter(bool)


@pytest.fixture(params=["user", "visitor"])
def owner(request, db) -> Owner:
    return Owner(user_id=UserFactory().pk) if request.param == "user" else Owner(visitor=uuid.uuid4())


@pytest.fixture
def question(db):
    return make_question("single_choice")


def write(owner: Owner, question, text: str, *, seen: str = "", after: int = 0) -> NoteResult:
    """Submit the text from a page that showed `seen`."""
    at = NOW + timedelta(minutes=after)
    return notes.write_note(owner=owner, kind="question", pk=question.pk, text=text, at=at, seen=stamp(seen))


def text_of(owner: Owner) -> str:
    return Note.objects.owned_by(owner).get().text


class TestBookmarks:
    @pytest.mark.parametrize("kind", TARGETS)
    def test_setting_and_removing_a_bookmark_is_idempotent(self, owner: Owner, kind: str) -> None:
        faq = FAQFactory()
        pk = {"question": make_question("open").pk, "guide": faq.guide_id, "faq": faq.pk}[kind]
        for marked, count in ((False, 0), (True, 1), (True, 1), (False, 0), (False, 0)):
            notes.set_bookmark(owner=owner, kind=kind, pk=pk, marked=marked, at=NOW)
            assert Bookmark.objects.owned_by(owner).on(kind, pk).count() == count

    def test_setting_a_bookmark_again_keeps_its_time(self, owner: Owner, question) -> None:
        for minutes in (0, 5):
            at = NOW + timedelta(minutes=minutes)
            notes.set_bookmark(owner=owner, kind="question", pk=question.pk, marked=True, at=at)
        assert Bookmark.objects.get().marked_at == NOW

    def test_other_owners_bookmarks_stay(self, owner: Owner) -> None:
        bookmark = BookmarkFactory()
        notes.set_bookmark(owner=owner, kind="question", pk=bookmark.question_id, marked=False, at=NOW)
        assert Bookmark.objects.get() == bookmark


class TestNotes:
    def test_a_note_is_created_changed_and_deleted_with_an_empty_text(self, owner: Owner, question) -> None:
        assert write(owner, question, "  First.\n") == NoteResult.SAVED
        assert text_of(owner) == "First."
        assert write(owner, question, "Second.", seen="First.", after=1) == NoteResult.SAVED
        assert (text_of(owner), Note.objects.get().written_at) == ("Second.", NOW + timedelta(minutes=1))
        assert write(owner, question, " \n", seen="Second.") == NoteResult.DELETED
        assert not Note.objects.exists()

    def test_repeating_a_request_changes_nothing(self, owner: Owner, question) -> None:
        write(owner, question, "First.")
        assert write(owner, question, "First.", after=1) == NoteResult.SAVED
        assert Note.objects.get().written_at == NOW
        write(owner, question, "Second.", seen="First.")
        assert write(owner, question, "Second.", seen="First.") == NoteResult.SAVED
        assert text_of(owner) == "Second."
        for _ in range(2):
            assert write(owner, question, "", seen="Second.") == NoteResult.DELETED
        assert not Note.objects.exists()

    def test_a_second_tab_loses_neither_text(self, owner: Owner, question) -> None:
        write(owner, question, "Old.")
        write(owner, question, "Here.", seen="Old.")
        for _ in range(2):  # a double click of the second tab
            assert write(owner, question, "There.", seen="Old.") == NoteResult.JOINED
            assert text_of(owner) == f"Here.{SEPARATOR}There."

    def test_two_tabs_without_a_note_yet_lose_neither_text(self, owner: Owner, question) -> None:
        write(owner, question, "Here.")
        assert write(owner, question, "There.") == NoteResult.JOINED
        assert text_of(owner) == f"Here.{SEPARATOR}There."

    @pytest.mark.parametrize("text", ["", "Old."])
    def test_an_outdated_tab_without_changes_does_not_overwrite_the_note(
        self, owner: Owner, question, text: str
    ) -> None:
        write(owner, question, "Old.")
        write(owner, question, "New.", seen="Old.")
        assert write(owner, question, text, seen="Old.") == NoteResult.KEPT
        assert text_of(owner) == "New."

    def test_a_text_is_saved_even_if_the_note_was_deleted_elsewhere(self, owner: Owner, question) -> None:
        write(owner, question, "Old.")
        write(owner, question, "", seen="Old.")
        assert write(owner, question, "Old, and more.", seen="Old.") == NoteResult.SAVED
        assert text_of(owner) == "Old, and more."

    def test_texts_that_are_too_long_to_join_overwrite_nothing(self, owner: Owner, question) -> None:
        write(owner, question, "a" * MAX_NOTE_LENGTH)
        with pytest.raises(NoteTooLong):
            write(owner, question, "b")
        assert text_of(owner) == "a" * MAX_NOTE_LENGTH

    def test_other_owners_notes_stay(self, owner: Owner) -> None:
        note = NoteFactory(text="Theirs.")
        write(owner, note.question, "Mine.")
        write(owner, note.question, "", seen="Mine.")
        assert Note.objects.get() == note


class TestJoinTexts:
    @given(st.lists(texts, min_size=1, max_size=4))
    def test_joining_keeps_every_text_and_is_idempotent(self, several: list[str]) -> None:
        both = join_texts(several)
        assert all(text in both for text in several)
        assert join_texts([both, *several]) == both

    def test_a_text_that_is_part_of_a_word_is_kept(self) -> None:
        assert join_texts(["nothing", "no"]) == f"nothing{SEPARATOR}no"


class TestClaim:
    @pytest.fixture
    def user(self, db):
        return UserFactory()

    @pytest.fixture
    def visitor(self) -> uuid.UUID:
        return uuid.uuid4()

    def test_the_visitors_saved_items_move_to_the_user(self, user, visitor: uuid.UUID, question) -> None:
        faq = FAQFactory()
        BookmarkFactory(user=None, visitor=visitor, question=question)
        NoteFactory(user=None, visitor=visitor, question=None, faq=faq, text="Mine.")
        for _ in range(2):
            notes.claim(visitor=visitor, user=user)
        mine = Owner(user_id=user.pk)
        assert Bookmark.objects.owned_by(mine).get().question == question
        assert Note.objects.owned_by(mine).get().faq == faq
        assert not Note.objects.owned_by(Owner(visitor=visitor)).exists()

    def test_of_two_bookmarks_the_users_stays(self, user, visitor: uuid.UUID, question) -> None:
        own = BookmarkFactory(user=user, question=question)
        BookmarkFactory(user=None, visitor=visitor, question=question)
        notes.claim(visitor=visitor, user=user)
        assert Bookmark.objects.get() == own

    @pytest.mark.parametrize("visitor_first", [True, False])
    def test_two_notes_on_one_target_are_joined(self, user, visitor: uuid.UUID, question, visitor_first: bool) -> None:
        early, late = NOW, NOW + timedelta(days=1)
        times = (early, late) if visitor_first else (late, early)
        NoteFactory(user=None, visitor=visitor, question=question, text="As a visitor.", written_at=times[0])
        NoteFactory(user=user, question=question, text="As a member.", written_at=times[1])
        notes.claim(visitor=visitor, user=user)
        both = ["As a visitor.", "As a member."] if visitor_first else ["As a member.", "As a visitor."]
        note = Note.objects.get()
        assert (note.user, note.visitor) == (user, None)
        assert (note.text, note.written_at) == (SEPARATOR.join(both), late)

    def test_two_long_notes_are_joined_whatever_their_length(self, user, visitor: uuid.UUID, question) -> None:
        NoteFactory(user=None, visitor=visitor, question=question, text="a" * MAX_NOTE_LENGTH)
        NoteFactory(user=user, question=question, text="b" * MAX_NOTE_LENGTH)
        notes.claim(visitor=visitor, user=user)
        assert sorted(set(Note.objects.get().text)) == ["\n", " ", "*", "a", "b"]

    def test_other_owners_saved_items_stay(self, user, visitor: uuid.UUID) -> None:
        others = [BookmarkFactory(), BookmarkFactory(user=None, visitor=uuid.uuid4())]
        notes.claim(visitor=visitor, user=user)
        assert set(Bookmark.objects.values_list("user", "visitor")) == {(o.user_id, o.visitor) for o in others}
