"""The question on the home page: the first one of a quiz that staff edit, and its answer, which starts the quiz."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.attempts.quiz_models import Quiz
from questions.bank.models.questions import Question
from questions.content.item import Item
from questions.practice.services import start_quiz
from questions.types import AnswerForm, Order

SLUG = "first-impressions"  # of the quiz
DIGEST_FIELD = "asked"  # of the form on the home page: the digest of the question that it asks


def first_item() -> Item | None:
    """Return what the home page asks, in one query for the quiz and one for each part of the question; None if there is
    no such quiz, or no machine can grade its first published question."""
    quiz = Quiz.objects.published().filter(slug=SLUG).first()
    question = Question.objects.published().in_quiz(quiz).with_content().first() if quiz else None
    item = question.item() if question else None
    return item if item and types.get(item.type).machine_graded else None


def form_of(item: Item, data: Mapping[str, Any] | None = None) -> AnswerForm:
    """Return the form for the answer on the home page."""
    return types.get(item.type).form(item, _order(item), data)


def start(
    *, quiz: Quiz, owner: Owner, data: Mapping[str, Any], at: datetime, public_id: uuid.UUID | None = None
) -> Attempt:
    """Start an attempt at the quiz and save the answer to its first question that the home page sent in `data`.

    The answer is left out if the question has changed since the page was shown, or if nothing was chosen. Raise
    ValueError if the quiz has no published question.
    """
    attempt = start_quiz(quiz=quiz, owner=owner, at=at, public_id=public_id)
    response = attempt.responses.select_related("revision").get(position=1)
    if response.is_answered or response.revision.digest != data.get(DIGEST_FIELD):
        return attempt
    item = response.revision.item()
    form = form_of(item, data)
    response.option_order = list(_order(item))
    response.attempt = attempt
    response.save(update_fields=["option_order"])
    if form.is_valid() and (answer := form.answer()):
        attempts.record_response(response=response, answer=answer, at=at)
    return attempt


def _order(item: Item) -> Order:
    """Return the order of the options, which is the same on the page and when the answer comes in."""
    return types.get(item.type).order(item, Random(item.digest()))  # noqa: S311 - a shuffle, no secret
