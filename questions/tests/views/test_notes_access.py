"""Access to notes and bookmarks: only one's own, and only on published or asked questions."""

import pytest
from django.test import Client

from questions.enums import Status
from questions.notes.models import Note, stamp
from questions.tests.attempt_steps import bookmark_on, note_on, visitor_attempt
from questions.tests.factories import BookmarkFactory, NoteFactory, TopicFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


def shown(response) -> str:
    return response.content.decode()


def asked_of(client: Client, **fields):
    """Return a question that the client's visitor was asked while it was published."""
    question = make_question("single_choice")
    visitor_attempt(client, question)
    for name, value in fields.items():
        setattr(question, name, value)
    question.save()
    return question


def refused(client: Client, kind: str, pk: int) -> bool:
    """Return whether notes and bookmarks on the target are refused, and none is saved."""
    answers = [
        client.get(note_on(kind, pk)),
        client.post(note_on(kind, pk), {"text": "A note."}),
        client.post(bookmark_on(kind, pk), {"marked": "on"}),
    ]
    return {answer.status_code for answer in answers} == {404} and not Note.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.RETIRED])
def test_unpublished_question_is_not_found(client: Client, status: str) -> None:
    question = make_question("single_choice", status=status)
    assert refused(client, "question", question.pk)
    client.force_login(UserFactory())
    assert refused(client, "question", question.pk)


def test_question_asked_to_or_saved_by_another_owner_is_not_found(client: Client) -> None:
    question = asked_of(Client(), status=Status.DRAFT)
    BookmarkFactory(question=question)
    assert refused(client, "question", question.pk)


def test_question_that_was_asked_is_shown_as_it_was_asked(client: Client) -> None:
    question = asked_of(client, status=Status.DRAFT, stem="A secret draft?")
    page = shown(client.get(note_on("question", question.pk)))
    assert f"What is asked in <code>{question.slug}</code>?" in page
    assert "secret" not in page and "Answer this question" not in page
    client.post(note_on("question", question.pk), {"text": "A note."})
    for address in ("/notes/", "/search/?q=secret", "/notes/?q=secret"):
        listed = shown(client.get(address)).replace("?q=secret", "").replace('value="secret"', "")
        assert "A secret draft" not in listed
    assert f"What is asked in {question.slug}?" in shown(client.get("/notes/"))


def test_question_asked_twice_is_shown_as_asked_last(client: Client) -> None:
    question = asked_of(client, stem="Said better?")
    visitor_attempt(client, question)
    question.status, question.stem = Status.DRAFT, "A secret draft?"
    question.save()
    assert "Said better?" in shown(client.get(note_on("question", question.pk)))


def test_note_on_a_withdrawn_question_stays_without_its_content(client: Client) -> None:
    question = make_question("single_choice")
    client.post(note_on("question", question.pk), {"text": "My own words."})
    question.status, question.stem = Status.DRAFT, "A secret draft?"
    question.save()
    for address in ("/notes/", note_on("question", question.pk)):
        page = shown(client.get(address))
        assert "My own words." in page and "no longer asked" in page
        assert "secret" not in page


@pytest.mark.parametrize("kind", ["question", "guide", "faq"])
@pytest.mark.parametrize("pk", [0, 999_999, int("9" * 30)])
def test_missing_target_is_not_found(client: Client, kind: str, pk: int) -> None:
    assert refused(client, kind, pk)


@pytest.mark.parametrize("kind", ["topic", "user", "Question", "pk", "question__topic"])
def test_other_kinds_of_target_are_not_found(client: Client, kind: str) -> None:
    assert refused(client, kind, TopicFactory().pk)


def test_notes_of_others_are_neither_shown_nor_changed(client: Client) -> None:
    note = NoteFactory(text="Private words.")
    address = note_on("question", note.question_id)
    assert "Private" not in shown(client.get(address))
    client.post(address, {"text": "Mine.", "seen": stamp("Private words.")})
    client.post(address, {"text": "", "seen": stamp("Mine.")})
    assert "Private" not in shown(client.get("/notes/")) + shown(client.get("/search/?q=private"))
    assert Note.objects.get() == note
