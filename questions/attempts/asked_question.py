"""A question as it was asked: a response with the frozen content, for the question page, the result and the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from random import Random
from typing import Any

from django.forms.boundfield import BoundWidget
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from questions import types
from questions.attempts.draft_models import Draft, is_blank, stamp_of, stamp_of_marks
from questions.attempts.follow_up_choice import next_follow_up
from questions.attempts.models import Attempt, Response
from questions.attempts.rubric_hints import hinted_criteria
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.diff import Difference, differences
from questions.content.item import FollowUpQuestion, Item
from questions.content.markdown import plain_text
from questions.enums import Confidence
from questions.percent import percent
from questions.quality.verification import Verification, verification
from questions.scheduling.models import Card, Review
from questions.types import UNKNOWN, Answer, AnswerForm, AssessmentForm, QuestionType, ReviewedOption

MAX_NAME = 80  # characters of a question that name it


@dataclass(frozen=True)
class AskedQuestion:
    """A response with its frozen content and its drafts, the last first.

    `current_item` is the question's content today, if it is to be compared.
    """

    response: Response
    current_item: Item | None = None
    drafts: Sequence[Draft] = ()

    @cached_property
    def item(self) -> Item:
        return self.response.revision.item()

    @cached_property
    def question_type(self) -> QuestionType:
        return types.get(self.item.type)

    @property
    def has_changed(self) -> bool:
        """Return whether the question has changed since it was asked."""
        return self.current_item is not None and self.current_item.digest() != self.response.revision.digest

    @property
    def differences(self) -> list[Difference]:
        """Return the changes of the question since it was asked."""
        return differences(self.item, self.current_item) if self.has_changed and self.current_item else []

    @property
    def verification(self) -> Verification | None:
        """Return how the answer was verified by running code; None if this very revision was not verified."""
        question = self.response.revision.question
        return verification(f"{question.topic.slug}/{question.slug}", self.response.revision.digest)

    def form(self, data: Mapping[str, Any] | None = None) -> AnswerForm:
        """Return the form for the answer, bound to the data or filled with the draft or the saved answer."""
        order, answer = self.response.option_order, self.given
        if self.response.attempt.is_interview:
            form = self.question_type.interview_form(self.item, order, data, answer, self.follow_up)
        else:
            form = self.question_type.form(self.item, order, data, answer)
        if data is None and self.draft:
            form.fill(self.draft.fields)
        return form

    @cached_property
    def draft(self) -> Draft | None:
        """Return the draft that the page shows: the last one that no other answer has overtaken."""
        stamp = stamp_of(self.response)
        own = (draft for draft in self.drafts if draft.part == Draft.Part.ANSWER and draft.seen == stamp)
        return None if self.response.is_revealed else next(own, None)

    @property
    def marks_draft(self) -> Draft | None:
        """Return the last draft of the candidate's own marks since marks were saved."""
        stamp = stamp_of_marks(self.response)
        drafts = (draft for draft in self.drafts if draft.part == Draft.Part.MARKS and draft.seen == stamp)
        return next(drafts, None)

    def beside(self, form: AnswerForm) -> "AskedQuestion":
        """Return the question with what the bound form holds among the drafts, although it could not be saved."""
        return replace(self, drafts=[Draft(response=self.response, fields=form.typed()), *self.drafts])

    @property
    def given(self) -> Answer | None:
        """Return the saved answer in the type's shape; None without one, or if it is "I don't know"."""
        return None if self.is_unknown else self.response.answer

    @property
    def is_unknown(self) -> bool:
        """Return whether the answer is "I don't know"."""
        return self.response.answer == UNKNOWN

    @property
    def saved_text(self) -> str:
        """Return the saved answer in words; empty without one."""
        return self.question_type.as_text(self.item, self.response.answer) if self.response.answer else ""

    def is_saved(self, form: AnswerForm) -> bool:
        """Return whether the bound form holds nothing but what is saved as the answer."""
        if not self.response.is_answered:
            return is_blank(form.typed())
        if not form.has_changed():
            return True
        if is_blank(form.typed()):  # a page that explains the answer has no fields
            return self.response.is_revealed
        return form.is_valid() and not self.would_change(form)

    @cached_property
    def follow_up(self) -> int | None:
        """Return the index of the follow-up question, which is the same each time the page is shown: the answer that is
        saved first decides it, and every later one names it.

        None in every mode but interviews, before the question is answered, and after "I don't know".
        """
        attempt = self.response.attempt
        if not attempt.is_interview or self.given is None:
            return None
        random = Random(attempt.seed + self.response.position)  # noqa: S311 - a draw, no secret
        choose = partial(next_follow_up, random=random)
        return self.question_type.follow_up(self.item, self.response.answer, choose)

    @property
    def follow_up_text(self) -> str:
        """Return the follow-up question; empty if none is asked."""
        return "" if self.follow_up is None else self.item.follow_ups[self.follow_up].text

    def would_change(self, form: AnswerForm) -> bool:
        """Return whether the valid form holds another answer than the saved one."""
        answer, saved = form.answer(), self.response.answer
        return answer is not None and self.question_type.merge(saved, answer) != saved

    def review(self) -> list[ReviewedOption]:
        """Return the options with what was chosen and what is right."""
        return self.question_type.review(self.item, self.response.option_order, self.given)

    def assessment(self) -> AssessmentForm | None:
        """Return the form for the candidate's own marks; None if there is nothing to mark: the question is
        machine-graded, not answered, or answered with "I don't know"."""
        if self.question_type.machine_graded or self.given is None:
            return None
        ticked = self.marks_draft.fields.get("met", []) if self.marks_draft else None
        return AssessmentForm(self.item, self.response.position, answer=self.given, ticked=ticked)

    def marking(self) -> list[tuple[BoundWidget, list[str]]]:
        """Return the checkbox of each criterion, with the words of the answer that hint at an unticked one."""
        form = self.assessment()
        if form is None:
            return []
        hints = hinted_criteria(self.item, self.question_type.free_text(self.response.answer))
        boxes = enumerate(form["met"].subwidgets)
        return [(box, [] if box.data["selected"] else hints.get(index, [])) for index, box in boxes]

    def answered_follow_ups(self) -> list[tuple[FollowUpQuestion, str]]:
        """Return the follow-up questions that were asked, each with its answer."""
        return self.question_type.answered_follow_ups(self.item, self.given)

    def likely_follow_ups(self) -> list[FollowUpQuestion]:
        """Return the follow-up questions that were not asked."""
        asked = [follow_up for follow_up, _words in self.answered_follow_ups()]
        return [follow_up for follow_up in self.item.follow_ups if follow_up not in asked]

    @property
    def outcome(self) -> str:
        """Return the outcome of the response; see `outcome_of`."""
        return outcome_of(self.response)

    @property
    def percent(self) -> int:
        """Return the credit earned in whole percent; 0 while nothing is graded."""
        return percent(self.response.fraction or 0.0)

    @property
    def short_stem(self) -> str:
        """Return the beginning of the question as plain text, to name it in a list."""
        return Truncator(plain_text(self.item.stem)).chars(MAX_NAME)

    @property
    def is_confident_mistake(self) -> bool:
        """Return whether the candidate was sure of an answer that is not right."""
        return self.outcome in ("partly", "wrong") and self.response.confidence == Confidence.SURE

    @property
    def outcome_label(self) -> str:
        return {
            "right": _("Right"),
            "partly": _("Partly right"),
            "wrong": _("Wrong"),
            "unknown": _("I don't know"),
            "unanswered": _("Not answered"),
            "unmarked": _("Not marked yet"),
        }[self.outcome]


def outcome_of(response: Response) -> str:
    """Return "right", "partly", "wrong", "unknown", "unanswered" or "unmarked"."""
    return "unknown" if response.answer == UNKNOWN else outcome_by_fraction(response)


def outcome_by_fraction(response: Response) -> str:
    """Return what `outcome_of` does for an answer other than "I don't know", without reading the answer."""
    if not response.is_answered:
        return "unanswered"
    if response.fraction is None:
        return "unmarked"
    if response.fraction >= 1:
        return "right"
    return "partly" if response.fraction > 0 else "wrong"


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """The review that an answer counted as, and when the question is due next."""

    review: Review
    due: date | None


def review_outcome(response: Response) -> ReviewOutcome | None:
    """Return the outcome of the response as a review, in two queries; None if it was no review or was undone."""
    review = Review.objects.counting().of_responses([response]).first()
    if review is None:
        return None
    card = Card.objects.owned_by(review.owner).to_questions([review.question_id]).first()
    return ReviewOutcome(review, card.due_on if card else None)


def preview_of(question: Question) -> AskedQuestion:
    """Return the question with its current content and its options in an order that stays the same; nothing is
    saved."""
    item = question.item()
    question_type = types.get(item.type)
    revision = QuestionRevision(question=question, content=item.to_json(), digest=item.digest())
    order = question_type.order(item, Random(question.pk)) if item.options else []  # noqa: S311 - a shuffle, no secret
    return AskedQuestion(Response(attempt=Attempt(), position=1, revision=revision, option_order=order))


@dataclass(frozen=True)
class SampleGrade:
    """The grade of an answer that an author tries in the preview; `asked` holds the answer, and nothing is saved."""

    asked: AskedQuestion
    note: str

    @property
    def label(self) -> str:
        """Return the outcome, with the percentage if it is between right and wrong."""
        if self.asked.outcome == "unmarked":
            return _("Not graded automatically")
        if self.asked.outcome != "partly":
            return self.asked.outcome_label
        return _("%(outcome)s (%(percent)d %%)") % {
            "outcome": self.asked.outcome_label,
            "percent": self.asked.percent,
        }

    @property
    def hints(self) -> list[tuple[str, list[str]]]:
        """Return the rubric's criteria that candidates with this answer get a hint at, each with its words."""
        return [(box.choice_label, words) for box, words in self.asked.marking() if words]


def sample_grade(preview: AskedQuestion, answer: Answer, at: datetime) -> SampleGrade:
    """Return the grade of an answer to the question of a preview."""
    item, question_type, shown = preview.item, preview.question_type, preview.response
    response = Response(
        attempt=shown.attempt,
        position=shown.position,
        revision=shown.revision,
        option_order=shown.option_order,
        answer=answer,
        fraction=question_type.grade(item, answer).fraction,
        answered_at=at,
    )
    return SampleGrade(AskedQuestion(response), question_type.grading_note(item, answer))
