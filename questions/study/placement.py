"""Placement test: an attempt at six to eight questions, each chosen by the answers before it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from random import Random

from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank import freezing
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode
from questions.scheduling.models import Card
from questions.scheduling.placement import next_question
from questions.scheduling.plan_models import StudyPlan
from questions.study.known_topics import estimate_for, items_of
from questions.study.services import NothingToAsk

SHORTEST_FIRST = (Length("stem") + Length("code"), "pk")  # the stem and code are read before the options


def running(owner: Owner) -> Attempt | None:
    """Return the owner's placement test that has not ended, or None."""
    return Attempt.objects.owned_by(owner).in_mode(AttemptMode.PLACEMENT).in_progress().latest_first().first()


def start(*, owner: Owner, at: datetime, public_id: uuid.UUID | None = None) -> Attempt:
    """Return the owner's running placement test, or start one. Raise NothingToAsk if no question can be asked: all are
    known, set aside or not answered with one click."""
    if found := running(owner):
        return found
    public_id = public_id or uuid.uuid4()
    question = _next_question(owner, asked=[], seed=public_id.int)
    if question is None:
        raise NothingToAsk
    return attempts.start(
        owner=owner,
        questions=[question],
        mode=AttemptMode.PLACEMENT,
        title=_("Placement test"),
        at=at,
        public_id=public_id,
    )


@transaction.atomic
def advance(*, attempt: Attempt, at: datetime) -> Attempt:
    """Ask the next question once all are answered, or end the test if none is worth asking. Return the attempt."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not locked.is_open or locked.responses.unanswered().exists():
        return locked
    asked = list(locked.responses.order_by("position").values_list("revision__question", flat=True))
    question = _next_question(locked.owner, asked=asked, seed=locked.public_id.int)
    if question is None:
        return attempts.submit(attempt=locked, at=at)
    revision = freezing.freeze(questions=[question], at=at)[question.pk]
    item = revision.item()
    random = Random(f"{locked.seed}-{len(asked)}")  # noqa: S311 - a shuffle, no secret
    order = types.get(item.type).order(item, random)
    Response.objects.create(attempt=locked, position=len(asked) + 1, revision=revision, option_order=order)
    return locked


def _next_question(owner: Owner, *, asked: list[int], seed: int) -> Question | None:
    """Return the question to ask after those in `asked`: a new one that is answered with one click, from the half of
    its topic that is quickest to read."""
    topics = _topics(owner)
    items = items_of(topics)
    met = set(Card.objects.owned_by(owner).values_list("question", flat=True)).difference(asked)
    by_topic: dict[int, list[int]] = {}
    for key, topic in Question.objects.of_topics(topics).order_by(*SHORTEST_FIRST).values_list("pk", "topic"):
        if key in items and items[key].guess and key not in met:
            by_topic.setdefault(topic, []).append(key)
    quick = [key for keys in by_topic.values() for key in keys[: ceil(len(keys) / 2)]]
    candidates = {key: items[key] for key in [*quick, *asked] if key in items}
    chosen = next_question(candidates, estimate_for(owner, items), asked=asked, seed=seed)
    return None if chosen is None else Question.objects.get(pk=chosen)


def _topics(owner: Owner) -> Iterable[int]:
    """Return the ids of the topics in the owner's plan, or of all topics without a plan."""
    plan = StudyPlan.objects.owned_by(owner).first()
    return list(plan.topics.values_list("topic", flat=True) if plan else Topic.objects.values_list("pk", flat=True))
