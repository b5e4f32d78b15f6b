"""Interviews that were held, and their reports."""

from datetime import UTC, datetime, timedelta

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode
from questions.interviews.report import InterviewReport, report_of
from questions.tests.factories import TopicFactory, make_question

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = timedelta(minutes=30)
MARKS = {"all": [0, 1, 2, 3], "none": [], "inessential": [1, 2, 3], "waiting": None}


def held(owner: Owner, *asked: tuple[Question, str], at: datetime = NOW, mode: str = AttemptMode.INTERVIEW) -> Attempt:
    """Return an interview; open questions have a name of MARKS, others are "right", "wrong" or "passed"."""
    attempt = attempts.start(
        owner=owner, questions=[question for question, _ in asked], mode=mode, title="T", at=at, time_limit=LIMIT
    )
    open_question = {"text": "Mine.", "aloud": False}
    for position, (_, how) in enumerate(asked, 1):
        if how != "passed":
            answer = open_question if how in MARKS else {"chosen": [0 if how == "right" else 1]}
            attempts.record_response(response=attempt.responses.get(position=position), answer=answer, at=at)
    ended = attempts.submit(attempt=attempt, at=at + timedelta(minutes=21))
    for position, (_, how) in enumerate(asked, 1):
        if MARKS.get(how) is not None:
            attempts.assess(attempt=ended, position=position, met=MARKS[how])
    return ended


def report(owner: Owner, *asked: tuple[Question, str], **options) -> InterviewReport:
    return report_of(held(owner, *asked, **options))


def topic(**fields) -> Topic:
    return TopicFactory(**fields)


def open_question(about: Topic | None = None, **fields) -> Question:
    return make_question("open", topic=about or topic(), **fields)


def graded(about: Topic | None = None, **fields) -> Question:
    return make_question("true_false", topic=about or topic(), **fields)
