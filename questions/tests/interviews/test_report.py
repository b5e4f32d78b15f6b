"""What the report on an interview says."""

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
    """An interview of these questions: open ones marked in one of MARKS' ways, others "right", "wrong"; or "passed"."""
    attempt = attempts.start(
        owner=owner, questions=[question for question, _ in asked], mode=mode, title="T", at=at, time_limit=LIMIT
    )
    spoken = {"text": "Mine.", "aloud": False}
    for position, (_, how) in enumerate(asked, 1):
        if how != "passed":
            answer = spoken if how in MARKS else {"chosen": [0 if how == "right" else 1]}
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


def spoken(about: Topic | None = None, **fields) -> Question:
    return make_question("open", topic=about or topic(), **fields)


def graded(about: Topic | None = None, **fields) -> Question:
    return make_question("true_false", topic=about or topic(), **fields)


def test_open_and_graded_questions_are_scored_apart_and_unmarked_ones_wait(owner: Owner) -> None:
    found = report(
        owner, (spoken(), "all"), (spoken(), "waiting"), (spoken(), "passed"), (graded(), "right"), (graded(), "wrong")
    )
    assert (found.scores.open.percent, found.scores.open.counted, found.scores.open.unmarked) == (50, 2, 1)
    assert (found.scores.machine_graded.percent, found.scores.machine_graded.asked) == (50, 2)
    assert (found.time_used, found.time_given) == (timedelta(minutes=21), LIMIT)


def test_topics_come_in_reading_order_with_both_kinds_apart(owner: Owner) -> None:
    first, second = topic(), topic()
    found = report(owner, (spoken(second), "none"), (graded(second), "right"), (spoken(first), "all"))
    assert list(found.topics) == [first, second]
    scores = found.topics[second]
    assert (scores.open.percent, scores.machine_graded.percent, scores.overall.percent) == (0, 100, 50)
    assert found.topics[first].machine_graded.percent is None


def test_criteria_are_met_or_not_and_essential_ones_missing(owner: Owner) -> None:
    found = report(owner, (spoken(), "inessential"), (graded(), "right"), (spoken(), "waiting"), (spoken(), "passed"))
    marks = [[mark.label for mark in marks] for _, marks in found.criteria]
    assert marks[0] == ["missing, and essential", "met", "met", "met"]
    assert marks[1] == []
    assert marks[2] == ["missing, and essential", "not met", "not met", "not met"]


def test_what_to_say_next_time_begins_with_what_is_essential(owner: Owner) -> None:
    found = report(owner, (spoken(), "none"), (spoken(), "all"), (spoken(), "inessential"), (spoken(), "waiting"))
    said = [(asked.response.position, mark.criterion.essential) for asked, mark in found.missed_criteria]
    assert said == [(1, True), (3, True), (1, False), (1, False), (1, False)]


def test_what_to_study_is_what_teaches_the_questions_that_went_badly(owner: Owner) -> None:
    topics = [topic() for _ in range(3)]
    guides = [GuideFactory(topic=each) for each in topics]
    takeaways, faqs = TakeawayFactory.create_batch(2, guide=guides[0]), FAQFactory.create_batch(2, guide=guides[0])
    found = report(
        owner,
        (spoken(topics[1]), "waiting"),
        (spoken(topics[2]), "passed"),
        (spoken(topics[0], takeaway=takeaways[0], faq=faqs[0]), "none"),
        (graded(topics[0], takeaway=takeaways[0]), "wrong"),
        (graded(topics[0], takeaway=takeaways[1], faq=faqs[1]), "right"),
    )
    assert list(found.to_study) == [topics[0], topics[2]]
    assert found.to_study[topics[0]].takeaways == [takeaways[0]]
    assert found.to_study[topics[0]].faqs == [faqs[0]]
    assert found.to_study[topics[2]].takeaways == []


def test_the_last_interview_of_the_same_owner_is_compared_with(owner: Owner) -> None:
    common, before_only, now_only = topic(title="Common"), topic(), topic()
    day = timedelta(days=1)
    held(owner, (spoken(common), "all"), at=NOW - 3 * day)
    last = held(owner, (spoken(common), "none"), (graded(before_only), "right"), at=NOW - 2 * day)
    held(owner, (spoken(common), "all"), at=NOW - day, mode="exam")
    held(Owner(visitor=uuid.uuid4()), (spoken(common), "all"), at=NOW - day)
    given_up = attempts.start(
        owner=owner, questions=[spoken(common)], mode=AttemptMode.INTERVIEW, title="T", at=NOW - day
    )
    attempts.abandon(attempt=given_up, at=NOW - day)
    held(owner, (spoken(common), "all"), at=NOW + day)
    found = report(owner, (spoken(common), "all"), (graded(now_only), "wrong"))
    assert found.previous == last
    assert [(change.name, change.before, change.now) for change in found.changes] == [
        ("Open questions", 0, 100),
        ("Machine-graded questions", 100, 0),
        ("Common", 0, 100),
    ]


def test_the_first_interview_is_compared_with_nothing(owner: Owner) -> None:
    found = report(owner, (spoken(), "all"))
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
def test_a_change_is_told_in_points(before: int | None, now: int | None, label: str) -> None:
    assert Change("Topic", before, now).label == label
