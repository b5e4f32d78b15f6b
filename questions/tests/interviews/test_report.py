"""The report on an interview."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode
from questions.interviews.report import Change, InterviewReport, report_of
from questions.tests.factories import FAQFactory, GuideFactory, TakeawayFactory, TopicFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = timedelta(minutes=30)
MARKS = {"all": [0, 1, 2, 3], "none": [], "inessential": [1, 2, 3], "waiting": None}


@pytest.fixture
def owner() -> Owner:
    return Owner(visitor=uuid.uuid4())


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


def test_open_and_graded_questions_have_separate_scores(owner: Owner) -> None:
    found = report(
        owner,
        (open_question(), "all"),
        (open_question(), "waiting"),
        (open_question(), "passed"),
        (graded(), "right"),
        (graded(), "wrong"),
    )
    assert (found.scores.open.percent, found.scores.open.counted, found.scores.open.unmarked) == (50, 2, 1)
    assert (found.scores.machine_graded.percent, found.scores.machine_graded.asked) == (50, 2)
    assert (found.time_used, found.time_given) == (timedelta(minutes=21), LIMIT)


def test_topics_are_in_reading_order_with_separate_scores(owner: Owner) -> None:
    first, second = topic(), topic()
    found = report(owner, (open_question(second), "none"), (graded(second), "right"), (open_question(first), "all"))
    assert list(found.topics) == [first, second]
    scores = found.topics[second]
    assert (scores.open.percent, scores.machine_graded.percent, scores.overall.percent) == (0, 100, 50)
    assert found.topics[first].machine_graded.percent is None


def test_criteria_are_labelled_met_not_met_or_missing(owner: Owner) -> None:
    found = report(
        owner,
        (open_question(), "inessential"),
        (graded(), "right"),
        (open_question(), "waiting"),
        (open_question(), "passed"),
    )
    marks = [[mark.label for mark in marks] for _, marks in found.criteria]
    assert marks[0] == ["missing, and essential", "met", "met", "met"]
    assert marks[1] == []
    assert marks[2] == ["missing, and essential", "not met", "not met", "not met"]


def test_missed_criteria_begin_with_essential_ones(owner: Owner) -> None:
    found = report(
        owner,
        (open_question(), "none"),
        (open_question(), "all"),
        (open_question(), "inessential"),
        (open_question(), "waiting"),
    )
    said = [(asked.response.position, mark.criterion.essential) for asked, mark in found.missed_criteria]
    assert said == [(1, True), (3, True), (1, False), (1, False), (1, False)]


def test_guides_of_poorly_answered_questions_are_suggested(owner: Owner) -> None:
    topics = [topic() for _ in range(3)]
    guides = [GuideFactory(topic=each) for each in topics]
    takeaways, faqs = TakeawayFactory.create_batch(2, guide=guides[0]), FAQFactory.create_batch(2, guide=guides[0])
    found = report(
        owner,
        (open_question(topics[1]), "waiting"),
        (open_question(topics[2]), "passed"),
        (open_question(topics[0], takeaway=takeaways[0], faq=faqs[0]), "none"),
        (graded(topics[0], takeaway=takeaways[0]), "wrong"),
        (graded(topics[0], takeaway=takeaways[1], faq=faqs[1]), "right"),
    )
    assert list(found.to_study) == [topics[0], topics[2]]
    assert found.to_study[topics[0]].takeaways == [takeaways[0]]
    assert found.to_study[topics[0]].faqs == [faqs[0]]
    assert found.to_study[topics[2]].takeaways == []


def test_report_compares_with_the_previous_interview_of_the_owner(owner: Owner) -> None:
    common, before_only, now_only = topic(title="Common"), topic(), topic()
    day = timedelta(days=1)
    held(owner, (open_question(common), "all"), at=NOW - 3 * day)
    last = held(owner, (open_question(common), "none"), (graded(before_only), "right"), at=NOW - 2 * day)
    held(owner, (open_question(common), "all"), at=NOW - day, mode="exam")
    held(Owner(visitor=uuid.uuid4()), (open_question(common), "all"), at=NOW - day)
    given_up = attempts.start(
        owner=owner, questions=[open_question(common)], mode=AttemptMode.INTERVIEW, title="T", at=NOW - day
    )
    attempts.abandon(attempt=given_up, at=NOW - day)
    held(owner, (open_question(common), "all"), at=NOW + day)
    found = report(owner, (open_question(common), "all"), (graded(now_only), "wrong"))
    assert found.previous == last
    assert [(change.name, change.before, change.now) for change in found.changes] == [
        ("Open questions", 0, 100),
        ("Machine-graded questions", 100, 0),
        ("Common", 0, 100),
    ]


def test_first_interview_has_no_comparison(owner: Owner) -> None:
    found = report(owner, (open_question(), "all"))
    assert (found.previous, found.changes) == (None, [])


@pytest.mark.parametrize(
    ("before", "now", "label"),
    [
        (50, 62, "12 points better"),
        (50, 49, "1 point worse"),
        (50, 50, "as before"),
        (None, 50, ""),
        (50, None, ""),
    ],
)
def test_change_is_given_in_points(before: int | None, now: int | None, label: str) -> None:
    assert Change("Topic", before, now).label == label
