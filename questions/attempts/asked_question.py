"""A response with its frozen content, as the question page, the result page and the preview show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Any

from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _

from questions import types
from questions.attempts.models import Attempt, Response
from questions.attempts.rubric_hints import hinted_criteria
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.diff import Difference, differences
from questions.content.item import Item
from questions.quality.verification import Verification, verification
from questions.scheduling.models import Card, Review
from questions.types import AnswerForm, AssessmentForm, QuestionType, ReviewedOption


@dataclass(frozen=True)
class AskedQuestion:
    """A response with its frozen content: what the question page, the result page and the preview show."""

    response: Response
    now_says: Item | None = None

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
        order, answer = self.response.option_order, self.response.answer
        if self.response.attempt.is_interview:
            return self.question_type.interview_form(self.item, order, data, answer, self.follow_up)
        return self.question_type.form(self.item, order, data, answer)

    @cached_property
    def follow_up(self) -> int | None:
        """The index of the follow-up question that an interview asks, the same one whenever the page is shown.

        None before the question is answered, and in every other mode.
        """
        attempt = self.response.attempt
        if not attempt.is_interview or not self.response.is_answered:
            return None
        random = Random(attempt.seed + self.response.position)  # noqa: S311 - a draw, no secret
        return self.question_type.follow_up(self.item, random)

    @property
    def follow_up_text(self) -> str:
        """The follow-up question; empty if none is asked."""
        return "" if self.follow_up is None else self.item.follow_ups[self.follow_up]

    def would_change(self, form: AnswerForm) -> bool:
        """Whether the form, which is valid, holds another answer than the one saved."""
        answer, saved = form.answer(), self.response.answer
        return answer is not None and self.question_type.merge(saved, answer) != saved

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
        cues = hinted_criteria(self.item, self.question_type.free_text(self.response.answer))
        boxes = enumerate(form["met"].subwidgets)
        return [(box, [] if box.data["selected"] else cues.get(place, [])) for place, box in boxes]

    def followed_up(self) -> list[tuple[str, str]]:
        """The follow-up questions that were dealt with, each with what was answered."""
        return self.question_type.answered_follow_ups(self.item, self.response.answer)

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
class ReviewOutcome:
    """What an answer did to the schedule."""

    review: Review
    due: date | None


def review_outcome(response: Response) -> ReviewOutcome | None:
    """What the response taught the schedule, in two queries; None where it was no review or was undone."""
    review = Review.objects.counting().of_responses([response]).first()
    if review is None:
        return None
    card = Card.objects.owned_by(review.owner).to_questions([review.question_id]).first()
    return ReviewOutcome(review, card.due_on if card else None)


def preview_of(question: Question) -> AskedQuestion:
    """The question as it stands now, its options in an order drawn anew; nothing is stored."""
    item = question.item()
    question_type = types.get(item.type)
    revision = QuestionRevision(question=question, content=item.to_json(), digest=item.digest())
    order = question_type.order(item, Random()) if item.options else []  # noqa: S311 - a shuffle, no secret
    return AskedQuestion(Response(attempt=Attempt(), position=1, revision=revision, option_order=order))
