"""Whose notes are whose, and of which questions one may speak: drafts are nobody's."""

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
    """A question that the client's visitor was asked while it was published."""
    question = make_question("single_choice")
    visitor_attempt(client, question)
    for name, value in fields.items():
        setattr(question, name, value)
    question.save()
    return question


def refused(client: Client, kind: str, pk: int) -> bool:
    """Whether neither a note nor a bookmark can be had there, and none is made."""
    answers = [
        client.get(note_on(kind, pk)),
        client.post(note_on(kind, pk), {"text": "A note."}),
        client.post(bookmark_on(kind, pk), {"marked": "on"}),
    ]
    return {answer.status_code for answer in answers} == {404} and not Note.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.RETIRED])
def test_questions_that_are_not_published_are_not_found(client: Client, status: str) -> None:
    question = make_question("single_choice", status=status)
    assert refused(client, "question", question.pk)
    client.force_login(UserFactory())
    assert refused(client, "question", question.pk)


def test_one_that_somebody_else_was_asked_or_keeps_is_not_found(client: Client) -> None:
    question = asked_of(Client(), status=Status.DRAFT)
    BookmarkFactory(question=question)
    assert refused(client, "question", question.pk)


def test_one_that_was_asked_can_be_named_and_says_what_it_said_then(client: Client) -> None:
    question = asked_of(client, status=Status.DRAFT, stem="A secret draft?")
    page = shown(client.get(note_on("question", question.pk)))
    assert f"What is asked in <code>{question.slug}</code>?" in page
    assert "secret" not in page and "Answer it" not in page
    client.post(note_on("question", question.pk), {"text": "A note."})
    for address in ("/notes/", "/search/?q=secret", "/notes/?q=secret"):
        listed = shown(client.get(address)).replace("?q=secret", "").replace('value="secret"', "")
        assert "A secret draft" not in listed
    assert f"What is asked in {question.slug}?" in shown(client.get("/notes/"))


def test_one_that_was_asked_twice_says_what_it_said_the_last_time(client: Client) -> None:
    question = asked_of(client, stem="Said better?")
    visitor_attempt(client, question)
    question.status, question.stem = Status.DRAFT, "A secret draft?"
    question.save()
    assert "Said better?" in shown(client.get(note_on("question", question.pk)))


def test_a_note_on_one_that_was_taken_back_unasked_stays_and_shows_nothing_of_it(client: Client) -> None:
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
def test_what_there_is_not_is_not_found(client: Client, kind: str, pk: int) -> None:
    assert refused(client, kind, pk)


@pytest.mark.parametrize("kind", ["topic", "user", "Question", "pk", "question__topic"])
def test_nothing_else_can_be_named(client: Client, kind: str) -> None:
    assert refused(client, kind, TopicFactory().pk)


def test_other_peoples_notes_are_neither_read_nor_changed(client: Client) -> None:
    note = NoteFactory(text="Private words.")
    address = note_on("question", note.question_id)
    assert "Private" not in shown(client.get(address))
    client.post(address, {"text": "Mine.", "seen": stamp("Private words.")})
    client.post(address, {"text": "", "seen": stamp("Mine.")})
    assert "Private" not in shown(client.get("/notes/")) + shown(client.get("/search/?q=private"))
    assert Note.objects.get() == note
