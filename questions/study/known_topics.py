"""What an owner knew of each topic before learning here: the input of `scheduling.placement` from the database."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, QuerySet

from questions import types
from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review
from questions.scheduling.placement import Answer, Estimate, Item, difficulty_of
from questions.scheduling.readiness import Range


def known_shares(owner: Owner, topics: Collection[int]) -> dict[int, Range]:
    """Return for each of the topics the share of its questions that the owner knows without having learned them here;
    empty if the owner never took a placement test.

    All first answers count, not those to the test alone: each says the same about questions that are still new.
    """
    taken = Attempt.objects.owned_by(owner).in_mode(AttemptMode.PLACEMENT)
    answers = list(_first_answers(owner).filter(Exists(taken)))
    if not answers:
        return {}
    items = items_of(topics)
    estimate = estimate_of(items, answers)
    return {topic: estimate.known(topic) for topic in topics if topic in estimate.topics}


def estimate_for(owner: Owner, items: Mapping[int, Item]) -> Estimate:
    """Return what the owner's first answers say about the topics of these questions."""
    return estimate_of(items, _first_answers(owner))


def estimate_of(items: Mapping[int, Item], answers: Iterable[tuple[int, int]]) -> Estimate:
    """Return what the ratings of first answers, by question id, say about the topics of the items."""
    known = [Answer(items[key], rating > Rating.AGAIN) for key, rating in answers if key in items]
    return Estimate.of(items.values(), known)


def items_of(topics: Iterable[int]) -> dict[int, Item]:
    """Return the published questions of the topics, by id, as the model knows them; `guess` is 0 unless they are
    answered with one click."""
    published = Question.objects.published().of_topics(topics).with_statistics()
    found: Any = published.annotate(options=Count("choices")).order_by("pk")
    rows = found.values_list("pk", "topic", "type", "difficulty", "options", "answers", "facility")
    return {pk: _item(*row) for pk, *row in rows}


def _item(topic: int, type_name: str, label: str, options: int, answers: int | None, facility: float | None) -> Item:
    guess = 1 / options if options > 1 and types.get(type_name).is_one_click else 0.0
    return Item(topic, difficulty_of(label, guess=guess, answers=answers or 0, facility=facility), guess)


def _first_answers(owner: Owner) -> QuerySet[Review, tuple[Any, ...]]:
    return Review.objects.owned_by(owner).counting().first_answers().order_by("pk").values_list("question", "rating")
