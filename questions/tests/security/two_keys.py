"""A bank whose key can be turned, so that the same answers are right or wrong, and a history that stays the same."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.tests.attempt_steps import key_of, wrong_answer_to
from questions.tests.factories import FAQFactory, QuizFactory, QuizItemFactory, make_question
from questions.types.base import QuestionType
from questions.types.matching import Matching, matches_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RUNNING, ENDED, VISITOR = (uuid.UUID(int=number) for number in range(1, 4))


def freeze(monkeypatch) -> None:
    """Stops the clock, and takes the chance out of what is drawn."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(attempts.secrets, "randbits", lambda bits: 7)
    monkeypatch.setattr(
        QuestionType, "order", lambda _self, item, _random: by_text([option.text for option in item.options])
    )
    monkeypatch.setattr(Matching, "order", lambda _self, item, _random: by_text(matches_of(item)))


def by_text(texts: list[str]) -> list[int]:
    return sorted(range(len(texts)), key=texts.__getitem__)


@dataclass
class Bank:
    """Questions whose key differs between the worlds, and others that are the same in both."""

    asked: list[Question]
    known: list[Question]
    faq: Any
    quiz: Any


def make_bank() -> Bank:
    """A question of every type to be asked, three that are known and one that nobody was asked, all in one topic."""
    faq = FAQFactory(guide__topic__slug="asked")
    topic = faq.guide.topic
    asked = [make_question(name, topic=topic) for name in types.names()]
    known = [make_question(name, topic=topic) for name in ("single_choice", "true_false", "numeric", "ordering")]
    quiz = QuizFactory(slug="curated", mode="exam")
    QuizItemFactory(quiz=quiz, question=asked[0])
    return Bank(asked, known, faq, quiz)


def turn_key(question: Question) -> None:
    """Makes something else right, which leaves every text where it is shown."""
    choices = list(question.choices.order_by("position"))
    if not choices:  # nothing is right or wrong by itself about an open answer
        return
    first, second = choices[:2]
    if question.type == "ordering":
        for name in ("text", "feedback"):
            _swap(first, second, name)
    elif question.type == "matching":
        _swap(first, second, "match")
    elif question.type == "multiple_choice":
        _swap(second, choices[2], "weight")
    else:
        _swap(first, second, "weight")
    for choice in choices:
        choice.save()


def _swap(one: Any, other: Any, name: str) -> None:
    mine, theirs = getattr(one, name), getattr(other, name)
    setattr(one, name, theirs)
    setattr(other, name, mine)


def practise(owner: Owner, questions: list[Question]) -> Attempt:
    """A practice quiz of the day before that has ended: the first question surely wrong, the others right."""
    at = NOW - timedelta(days=1)
    attempt = attempts.start(owner=owner, questions=questions, mode="practice", title="Ended", at=at, public_id=ENDED)
    for place in attempt.responses.select_related("revision"):
        answer = wrong_answer_to(place) if place.position == 1 else key_of(place)
        attempts.record_response(response=place, answer=answer, at=at, confidence="sure", duration=timedelta(0, 9))
    return attempts.submit(attempt=attempt, at=at + timedelta(minutes=9))
