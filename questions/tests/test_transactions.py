"""Concurrent requests, with the real locks of the database."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Mode
from questions.notes import services as notes
from questions.notes.models import Bookmark, Note
from questions.scheduling.models import Card, Review
from questions.tests.factories import make_question

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CROWD = 8


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Call the functions at the same time in threads; return the result or the exception of each."""
    barrier, outcomes = threading.Barrier(len(verbs)), list[object]([None] * len(verbs))

    def call(place: int, verb: Callable[[], object]) -> None:
        try:
            barrier.wait()
            outcomes[place] = verb()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def attempt_for(owner: Owner, mode: str = Mode.PRACTICE, **options) -> Attempt:
    question = make_question("single_choice")
    return attempts.start(owner=owner, questions=[question], mode=mode, title="T", at=NOW, **options)


def test_one_of_several_concurrent_answers_is_kept() -> None:
    attempt = attempt_for(Owner(visitor=uuid.uuid4()))
    verbs = [
        lambda chosen=chosen: attempts.record_response(
            response=attempt.responses.get(position=1), answer={"chosen": [chosen % 3]}, at=NOW
        )
        for chosen in range(CROWD)
    ]
    outcomes = at_once(*verbs)
    kept = Response.objects.get()
    answers = {outcome.answer["chosen"][0] for outcome in outcomes if isinstance(outcome, Response)}
    refused = [outcome for outcome in outcomes if isinstance(outcome, attempts.AlreadyAnswered)]
    assert answers == {kept.answer["chosen"][0]}
    assert len(refused) + sum(isinstance(outcome, Response) for outcome in outcomes) == CROWD


def test_concurrent_start_requests_create_one_attempt() -> None:
    owner, request = Owner(visitor=uuid.uuid4()), uuid.uuid4()
    question = make_question("single_choice")

    def begin() -> Attempt:
        return attempts.start(
            owner=owner, questions=[question], mode=Mode.PRACTICE, title="T", at=NOW, public_id=request
        )

    outcomes = at_once(*[begin] * CROWD)
    assert set(outcomes) == {Attempt.objects.get()}


def test_concurrent_starts_create_one_revision() -> None:
    question = make_question("single_choice")

    def begin() -> Attempt:
        owner = Owner(visitor=uuid.uuid4())
        return attempts.start(owner=owner, questions=[question], mode=Mode.PRACTICE, title="T", at=NOW)

    outcomes = at_once(*[begin] * CROWD)
    assert all(isinstance(outcome, Attempt) for outcome in outcomes), outcomes
    assert QuestionRevision.objects.count() == 1
    assert Response.objects.count() == CROWD


def test_concurrent_notes_are_joined_and_bookmarks_are_unique() -> None:
    place = {"owner": Owner(visitor=uuid.uuid4()), "kind": "question", "pk": make_question("open").pk, "at": NOW}
    texts = [f"Text {number}." for number in range(CROWD)]
    outcomes = at_once(
        *(lambda text=text: notes.write_note(**place, text=text) for text in texts),
        *[lambda: notes.set_bookmark(**place, marked=True)] * CROWD,
    )
    assert set(outcomes) == {notes.NoteResult.SAVED, notes.NoteResult.JOINED, None}, outcomes
    assert sorted(Note.objects.get().text.split(notes.SEPARATOR)) == texts
    assert Bookmark.objects.count() == 1


def test_concurrent_answer_and_submit_leave_a_consistent_state() -> None:
    attempt = attempt_for(Owner(visitor=uuid.uuid4()), mode=Mode.EXAM)
    response = attempt.responses.get()
    answered, _ended = at_once(
        lambda: attempts.record_response(response=response, answer={"chosen": [0]}, at=NOW),
        lambda: attempts.submit(attempt=attempt, at=NOW),
    )
    assert Response.objects.get().is_answered == isinstance(answered, Response)
    assert not Attempt.objects.get().is_open


def test_concurrent_answers_to_one_question_make_one_review() -> None:
    owner, question = Owner(visitor=uuid.uuid4()), make_question("single_choice")
    started = [
        attempts.start(owner=owner, questions=[question], mode=Mode.PRACTICE, title="T", at=NOW) for _ in range(CROWD)
    ]
    verbs = [
        lambda attempt=attempt: attempts.record_response(
            response=attempt.responses.get(position=1), answer={"chosen": [0]}, at=NOW
        )
        for attempt in started
    ]
    outcomes = at_once(*verbs)
    assert all(isinstance(outcome, Response) for outcome in outcomes)
    assert Response.objects.answered().count() == CROWD
    assert Review.objects.count() == Card.objects.count() == 1
