"""The verdict at the end of a report."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.attempts.results import Score
from questions.bank.models.topics import Topic
from questions.interviews.report import Scores
from questions.interviews.verdict import MIN_ANSWERED, Verdict, topics_apart, verdict_of
from questions.tests.factories import FAQFactory, GuideFactory, TakeawayFactory
from questions.tests.interviews.steps import NOW, graded, held, open_question, report, topic

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def owner() -> Owner:
    return Owner(visitor=uuid.uuid4())


def verdict(owner: Owner, *asked: tuple, **options) -> Verdict | None:
    return verdict_of(report(owner, *asked, **options))


def scores(asked: int, earned: float, unmarked: int = 0) -> Scores:
    return Scores(overall=Score(asked, unmarked, earned))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([scores(3, 1), scores(2, 2), scores(4, 3)], (0, 1)),
        ([scores(3, 3), scores(2, 0), scores(1, 0)], (1, 0)),  # one question says nothing about a topic
        ([scores(3, 1), scores(1, 1)], None),
        ([scores(2, 1), scores(4, 2)], None),  # they do not differ
        ([scores(3, 1), scores(3, 2, unmarked=2)], None),
        ([], None),
    ],
)
def test_topics_are_compared_if_enough_of_each_counts(found: list[Scores], expected: tuple | None) -> None:
    topics = [Topic(pk=number, title=str(number)) for number in range(len(found))]
    apart = topics_apart(dict(zip(topics, found, strict=True)))
    assert apart == (expected and tuple(topics[number] for number in expected))


def test_verdict_names_the_strongest_and_the_weakest_topic(owner: Owner) -> None:
    strong, weak = topic(title="Strong"), topic(title="Weak")
    found = verdict(
        owner,
        *((graded(strong), "right"), (open_question(strong), "all")),
        *((graded(weak), "wrong"), (graded(weak), "right")),
    )
    assert (found.strongest.name, found.strongest.detail) == ("Strong", "100 %, 2 questions")
    assert (found.weakest.name, found.weakest.detail) == ("Weak", "50 %, 2 questions")
    assert found.weakest.url == weak.get_absolute_url()


def test_verdict_on_one_topic_names_criteria(owner: Owner) -> None:
    only = topic()
    asked = [open_question(only) for _ in range(4)]
    found = verdict(owner, *zip(asked, ("all", "inessential", "all", "all"), strict=True))
    assert found.strongest.name == asked[0].criteria.get(position=1).text
    assert (found.weakest.name, found.weakest.url) == (asked[1].criteria.get(position=1).text, "#question-2")
    found = verdict(owner, *((graded(only), "right") for _ in range(4)))
    assert (found.strongest, found.weakest) == (None, None)


def test_nothing_is_said_before_all_answers_are_marked(owner: Owner) -> None:
    asked = [(graded(), "right")] * 4
    assert verdict(owner, *asked, (open_question(), "all")) is not None
    assert verdict(owner, *asked, (open_question(), "waiting")) is None


def test_nothing_is_said_of_a_few_answers(owner: Owner) -> None:
    asked = [(graded(), "right") for _ in range(MIN_ANSWERED)]
    assert verdict(owner, *asked) is not None
    assert verdict(owner, *asked[1:], (graded(), "passed")) is None


@pytest.mark.parametrize("part", ["takeaway", "faq", "nothing"])
def test_next_step_is_to_read_about_the_weakest_topic(owner: Owner, part: str) -> None:
    strong, weak = topic(), topic()
    guide = GuideFactory(topic=weak)
    takeaway, faq = TakeawayFactory(guide=guide, text="Remember `this`."), FAQFactory(guide=guide, question="Why so?")
    about = {"takeaway": {"takeaway": takeaway, "faq": faq}, "faq": {"faq": faq}, "nothing": {}}[part]
    found = verdict(
        owner,
        *((graded(strong), "right"), (graded(strong), "right"), (graded(strong), "wrong")),
        *((graded(weak, **about), "wrong"), (graded(weak), "wrong")),
    )
    assert (found.next_step.name, found.next_step.url) == {
        "takeaway": ("Remember `this`.", f"{guide.get_absolute_url()}#takeaway-{takeaway.slug}"),
        "faq": ("Why so?", f"{guide.get_absolute_url()}#faq-{faq.slug}"),
        "nothing": (f"Guide: {weak.title}", weak.get_absolute_url()),
    }[part]


def test_next_step_after_a_flawless_interview_is_another_one(owner: Owner) -> None:
    found = verdict(owner, *((graded(), "right") for _ in range(4)))
    assert found.next_step.url == reverse("interview")


class TestChange:
    """What changed since the last interview."""

    def change(self, owner: Owner, *asked: tuple) -> str:
        found = verdict(owner, *asked)
        assert found is not None
        return found.change

    def test_first_interview(self, owner: Owner) -> None:
        assert "your first interview" in self.change(owner, *((graded(), "right") for _ in range(4)))

    def test_overall_and_the_topic_that_moved_most(self, owner: Owner) -> None:
        one, other = topic(title="One"), topic(title="Other")
        held(
            owner,
            *((graded(one), "wrong"), (graded(one), "wrong"), (graded(other), "right"), (graded(other), "right")),
            at=NOW - DAY,
        )
        changed = self.change(
            owner, *((graded(one), "right"), (graded(one), "right"), (graded(other), "right"), (graded(other), "wrong"))
        )
        assert changed == "Overall 50 % last time, 75 % now: 25 points better. Biggest change: One, 100 points better."

    def test_topic_that_moved_the_other_way_explains_nothing(self, owner: Owner) -> None:
        one, other = topic(title="One"), topic(title="Other")
        held(
            owner,
            *((graded(one), "right") for _ in range(2)),
            *((graded(other), "wrong") for _ in range(4)),
            at=NOW - DAY,
        )
        changed = self.change(
            owner,
            *((graded(one), "wrong") for _ in range(2)),
            *((graded(other), how) for how in ("right", "right", "right", "wrong")),
        )
        assert changed.endswith("17 points better. Biggest change: Other, 75 points better.")

    @pytest.mark.parametrize(
        ("before", "told"),
        [
            (["right", "right", "right", "right", "waiting"], "answers without marks"),
            (["right", "wrong"], "too short"),
        ],
    )
    def test_last_interview_that_cannot_be_compared(self, owner: Owner, before: list[str], told: str) -> None:
        only = topic()
        make = {"waiting": open_question}
        held(owner, *((make.get(how, graded)(only), how) for how in before), at=NOW - DAY)
        assert told in self.change(owner, *((graded(only), "right") for _ in range(4)))

    def test_last_interview_about_other_topics(self, owner: Owner) -> None:
        held(owner, *((graded(), "wrong") for _ in range(4)), at=NOW - DAY)
        assert "about other topics" in self.change(owner, *((graded(), "right") for _ in range(4)))
