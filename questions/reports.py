"""Reads across models: what an attempt came to. Everything here is derived from responses, nothing is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from typing import Any

from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _

from questions import types
from questions.changes import Difference, differences
from questions.cues import touched
from questions.item import Item
from questions.kept import Kept, of_questions
from questions.models import Attempt, Card, Owner, Question, QuestionRevision, Response, Review, Topic
from questions.types import AnswerForm, AssessmentForm, QuestionType, ReviewedOption
from questions.verification import Verification, verification


@dataclass(frozen=True)
class AskedQuestion:
    """A response with its frozen content: what the question page, the result page and the preview show."""

    response: Response
    now_says: Item | None = None
    kept: Kept | None = None

    @cached_property
    def item(self) -> Item:
        """What was asked."""
        return self.response.revision.item()

    @cached_property
    def question_type(self) -> QuestionType:
        """How it is asked and graded."""
        return types.get(self.item.type)

    @property
    def has_changed(self) -> bool:
        """Whether the question says something else today."""
        return self.now_says is not None and self.now_says.digest() != self.response.revision.digest

    @property
    def differences(self) -> list[Difference]:
        """What the question says otherwise today; empty where it says the same."""
        return differences(self.item, self.now_says) if self.has_changed and self.now_says else []

    @property
    def verification(self) -> Verification | None:
        """With what its answer was verified by running it, word for word as it was asked; None where it was not."""
        question = self.response.revision.question
        return verification(f"{question.topic.slug}/{question.slug}", self.response.revision.digest)

    def form(self, data: Mapping[str, Any] | None = None) -> AnswerForm:
        """The form to answer it, with what was sent or with the answer saved so far."""
        return self.question_type.form(self.item, self.response.option_order, data, self.response.answer)

    def would_change(self, form: AnswerForm) -> bool:
        """Whether the form, which is valid, holds another answer than the one saved."""
        answer, saved = form.answer(), self.response.answer
        return answer is not None and self.question_type.carry(saved, answer) != saved

    def review(self) -> list[ReviewedOption]:
        """Its options once the answer is in."""
        return self.question_type.review(self.item, self.response.option_order, self.response.answer)

    def assessment(self) -> AssessmentForm | None:
        """The form for one's own marks, where no machine grades and an answer is in."""
        if self.question_type.machine_graded or not self.response.is_answered:
            return None
        return AssessmentForm(self.item, answer=self.response.answer)

    def marking(self) -> list[tuple[BoundWidget, list[str]]]:
        """Each criterion's box of that form, with the words by which the answer seems to touch what is not ticked."""
        form = self.assessment()
        if form is None:
            return []
        cues = touched(self.item, self.question_type.own_words(self.response.answer))
        boxes = enumerate(form["met"].subwidgets)
        return [(box, [] if box.data["selected"] else cues.get(place, [])) for place, box in boxes]

    def followed_up(self) -> list[tuple[str, str]]:
        """The follow-up questions that were dealt with, each with what was answered."""
        return self.question_type.followed_up(self.item, self.response.answer)

    @property
    def outcome(self) -> str:
        """One of "right", "partly", "wrong", "unanswered", "unmarked"."""
        if not self.response.is_answered:
            return "unanswered"
        if self.response.fraction is None:
            return "unmarked"
        if self.response.fraction >= 1:
            return "right"
        return "partly" if self.response.fraction > 0 else "wrong"

    @property
    def outcome_label(self) -> str:
        """The outcome in words."""
        return {
            "right": _("Right"),
            "partly": _("Partly right"),
            "wrong": _("Wrong"),
            "unanswered": _("Not answered"),
            "unmarked": _("Waits for your own marks"),
        }[self.outcome]


@dataclass(frozen=True, slots=True)
class Learned:
    """What an answer did to the schedule."""

    review: Review
    due: date | None


def learned_from(response: Response) -> Learned | None:
    """What the response taught the schedule, in two queries; None where it was no review or was undone."""
    review = Review.objects.counting().of_responses([response]).first()
    if review is None:
        return None
    card = Card.objects.owned_by(review.owner).to_questions([review.question_id]).first()
    return Learned(review, card.due_on if card else None)


def previewed(question: Question) -> AskedQuestion:
    """The question as it stands now, its options in an order drawn anew; nothing is stored."""
    item = question.item()
    question_type = types.get(item.type)
    revision = QuestionRevision(question=question, content=item.to_json(), digest=item.digest())
    order = question_type.order(item, Random()) if item.options else []  # noqa: S311 - a shuffle, no secret
    return AskedQuestion(Response(position=1, revision=revision, option_order=order))


@dataclass
class Score:
    """Fractions earned over questions asked. Unanswered ones count as 0, answers that wait for the candidate's own
    marks do not count yet."""

    asked: int = 0
    unmarked: int = 0
    earned: float = 0.0

    def add(self, response: Response) -> None:
        """Counts the response."""
        self.asked += 1
        self.unmarked += response.is_answered and response.fraction is None
        self.earned += response.fraction or 0.0

    @property
    def counted(self) -> int:
        """Questions that the percentage is over."""
        return self.asked - self.unmarked

    @property
    def percent(self) -> int | None:
        """Share earned in whole percent; None while nothing counts. 100 means everything, 0 nothing."""
        if not self.counted:
            return None
        share = 100 * self.earned / self.counted
        return min(99, max(1, round(share))) if 0 < share < 100 else round(share)


@dataclass
class Result:
    """An attempt as a whole, per topic and per question."""

    attempt: Attempt
    questions: list[AskedQuestion]
    score: Score = field(default_factory=Score)
    topics: dict[Topic, Score] = field(default_factory=dict)

    @property
    def is_regraded(self) -> bool:
        """Whether an answer in it was graded anew."""
        return any(question.response.regradings.all() for question in self.questions)

    @property
    def has_missed(self) -> bool:
        """Whether anything is left to practise."""
        return any(question.outcome != "right" for question in self.questions)


def result_of(attempt: Attempt) -> Result:
    """The attempt's result, in a fixed number of queries."""
    responses = list(attempt.responses.with_question().with_regradings())
    asked = [response.revision.question_id for response in responses]
    current, kept = Question.objects.with_content().in_bulk(asked), of_questions(attempt.owner, asked)
    result = Result(
        attempt=attempt,
        questions=[
            AskedQuestion(response, now_says=current[pk].item(), kept=kept[pk])
            for pk, response in zip(asked, responses, strict=True)
        ],
    )
    for response in responses:
        result.score.add(response)
        result.topics.setdefault(response.revision.question.topic, Score()).add(response)
    return result


def scored(attempts: Iterable[Attempt]) -> list[tuple[Attempt, Score]]:
    """Each attempt of a queryset `with_progress`, with its score."""
    return [
        (attempt, Score(attempt.question_count, attempt.unmarked_count, attempt.fraction_sum or 0.0))
        for attempt in attempts
    ]


@dataclass
class TopicProgress:
    """How far somebody has come in a topic: its questions, those answered at least once, those right the last time."""

    topic: Topic
    asked: int
    answered: int = 0
    right: int = 0


def progress(owner: Owner) -> list[TopicProgress]:
    """Every topic, in reading order, with the owner's progress over its published questions; in two queries."""
    found = {topic.pk: TopicProgress(topic=topic, asked=topic.published_count) for topic in Topic.objects.with_counts()}
    for topic_id, fraction in Response.objects.last_of_each_question(owner).values_list(
        "revision__question__topic", "fraction"
    ):
        found[topic_id].answered += 1
        found[topic_id].right += fraction is not None and fraction >= 1
    return list(found.values())
