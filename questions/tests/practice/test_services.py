"""Starting attempts from curated quizzes, random draws and missed questions."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.bank.models.questions import Question
from questions.enums import Mode, Status
from questions.practice import services as quizzes
from questions.tests.factories import QuizFactory, QuizItemFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRAWS = 300


def asked(attempt) -> list[Question]:
    return [response.revision.question for response in attempt.responses.select_related("revision__question")]


def test_a_curated_quiz_asks_its_published_questions_in_its_order() -> None:
    quiz = QuizFactory(mode=Mode.EXAM, time_limit=20)
    first, draft, last = (make_question("true_false", status=status) for status in ("published", "draft", "published"))
    for position, question in enumerate((last, draft, first), 1):
        QuizItemFactory(quiz=quiz, question=question, position=position)
    attempt = quizzes.start_quiz(quiz=quiz, owner=Owner(visitor=uuid.uuid4()), at=NOW)
    assert asked(attempt) == [last, first]
    assert (attempt.mode, attempt.quiz, attempt.title) == (Mode.EXAM, quiz, quiz.title)
    assert attempt.deadline_at == NOW + timedelta(minutes=20)


def test_practice_draws_each_question_at_most_once() -> None:
    questions = {make_question("true_false") for _ in range(5)}
    for number, expected in ((3, 3), (9, 5)):
        attempt = quizzes.start_practice(
            owner=Owner(visitor=uuid.uuid4()),
            questions=Question.objects.published(),
            number=number,
            mode=Mode.PRACTICE,
            title="T",
            at=NOW,
        )
        drawn = asked(attempt)
        assert len(drawn) == len(set(drawn)) == expected
        assert set(drawn) <= questions


def test_the_same_seed_draws_the_same_questions() -> None:
    for _ in range(8):
        make_question("true_false")
    assert quizzes.draw(Question.objects.all(), 4, seed=3) == quizzes.draw(Question.objects.all(), 4, seed=3)


@pytest.mark.parametrize("tried", [1, 2, 16])
def test_all_draws_are_equally_likely(monkeypatch, tried: int) -> None:
    """Covers both cases: the tried ids are enough, or the rest is drawn from all matching questions. Drafts leave
    gaps."""
    monkeypatch.setattr(quizzes, "IDS_PER_QUESTION", tried)
    statuses = ("published", "draft", "draft", "published", "draft", "published")
    for status in statuses:
        make_question("true_false", status=status)
    draws = Counter(
        tuple(question.pk for question in quizzes.draw(Question.objects.published(), 2, seed=seed))
        for seed in range(DRAWS)
    )
    assert len(draws) == 6  # ordered pairs of three
    expected = DRAWS / 6
    chi_squared = sum((times - expected) ** 2 / expected for times in draws.values())
    assert chi_squared < 36  # one in a million, for 5 degrees of freedom


def test_a_draw_does_not_list_all_questions() -> None:
    topic = make_question("true_false").topic
    Question.objects.bulk_create(
        Question(topic=topic, type="true_false", slug=f"one-of-many-{n}", status="published") for n in range(100)
    )
    with CaptureQueriesContext(connection) as queries:
        assert len(quizzes.draw(Question.objects.published(), 2, seed=1)) == 2
    assert all("LIMIT 1" in query["sql"] or "IN (" in query["sql"] for query in queries)


def test_questions_without_full_credit_are_missed() -> None:
    right, wrong, open_one, retired = (
        make_question(name) for name in ("true_false", "true_false", "open", "true_false")
    )
    owner = Owner(visitor=uuid.uuid4())
    attempt = attempts.start(
        owner=owner, questions=[right, wrong, open_one, retired], mode=Mode.PRACTICE, title="First go", at=NOW
    )
    for position, chosen in ((1, 0), (2, 1)):
        attempts.record_response(response=attempt.responses.get(position=position), answer={"chosen": [chosen]}, at=NOW)
    Question.objects.filter(pk=retired.pk).update(status=Status.RETIRED)
    assert asked(quizzes.start_missed(attempt=attempt, owner=owner, at=NOW)) == [wrong]
    attempts.submit(attempt=attempt, at=NOW)
    missed = quizzes.start_missed(attempt=attempt, owner=owner, at=NOW)
    assert asked(missed) == [wrong, open_one]
    assert missed.title == "My mistakes: First go"
    attempts.submit(attempt=missed, at=NOW)
    assert quizzes.start_missed(attempt=missed, owner=owner, at=NOW).title == "My mistakes: First go"


def test_a_question_missed_here_but_right_elsewhere_is_practised() -> None:
    question, owner = make_question("true_false"), Owner(visitor=uuid.uuid4())
    first, second = (
        attempts.start(owner=owner, questions=[question], mode=Mode.PRACTICE, title="T", at=NOW) for _ in range(2)
    )
    attempts.record_response(response=first.responses.get(position=1), answer={"chosen": [0]}, at=NOW)
    attempts.record_response(response=second.responses.get(position=1), answer={"chosen": [1]}, at=NOW)
    assert asked(quizzes.start_missed(attempt=second, owner=owner, at=NOW)) == [question]


def test_what_a_running_exam_missed_is_not_told() -> None:
    question, owner = make_question("true_false"), Owner(visitor=uuid.uuid4())
    exam = attempts.start(owner=owner, questions=[question], mode=Mode.EXAM, title="T", at=NOW)
    attempts.record_response(response=exam.responses.get(position=1), answer={"chosen": [1]}, at=NOW)
    with pytest.raises(ValueError, match="at least one"):
        quizzes.start_missed(attempt=exam, owner=owner, at=NOW)


def test_an_attempt_without_misses_starts_nothing() -> None:
    question, owner = make_question("true_false"), Owner(visitor=uuid.uuid4())
    attempt = attempts.start(owner=owner, questions=[question], mode=Mode.PRACTICE, title="T", at=NOW)
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [0]}, at=NOW)
    with pytest.raises(ValueError, match="at least one"):
        quizzes.start_missed(attempt=attempt, owner=owner, at=NOW)
