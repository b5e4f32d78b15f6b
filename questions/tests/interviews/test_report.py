"""The report on an interview."""

import uuid
from datetime import timedelta

import pytest

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.enums import AttemptMode
from questions.interviews.report import Change
from questions.tests.factories import FAQFactory, GuideFactory, TakeawayFactory
from questions.tests.interviews.steps import LIMIT, NOW, graded, held, open_question, report, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Owner:
    return Owner(visitor=uuid.uuid4())


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
    assert marks[0] == ["not met (essential)", "met", "met", "met"]
    assert marks[1] == []
    assert marks[2] == ["not met (essential)", "not met", "not met", "not met"]


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
        ("Automatically graded questions", 100, 0),
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
        (50, 50, "no change"),
        (None, 50, ""),
        (50, None, ""),
    ],
)
def test_change_is_given_in_points(before: int | None, now: int | None, label: str) -> None:
    assert Change("Topic", before, now).label == label
