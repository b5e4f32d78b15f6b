"""Verbs on the plan: saved, claimed, worked through a session a day; and questions put aside or taken up again."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import AttemptMode
from questions.scheduling import reviews
from questions.scheduling.fsrs_memory import due_date
from questions.scheduling.models import Card, CardStatus
from questions.scheduling.plan_models import PlanTopic, StudyPlan
from questions.scheduling.study_day import study_day
from questions.study.agenda import agenda_of


class NothingToAsk(Exception):
    """There is no question left to ask today."""


@transaction.atomic
def save_plan(
    *,
    owner: Owner,
    interview_on: date | None,
    zone: str,
    minutes: int,
    weekdays_off: Sequence[int],
    dates_off: Sequence[date],
    retention: float,
    weights: Mapping[int, int],
    at: datetime,
) -> StudyPlan:
    """The owner's plan as given; `weights` holds a Weight for each topic that is in it. The pacing begins anew when the
    day of the interview or the topics change; due dates follow the retention."""
    plan = StudyPlan.objects.owned_by(owner).select_for_update().first() or StudyPlan(**owner.fields)
    before = plan.pk and (plan.interview_on, set(plan.topics.values_list("topic", flat=True)))
    retention_before = plan.retention
    plan.interview_on, plan.zone, plan.minutes, plan.retention = interview_on, zone, minutes, retention
    plan.weekdays_off = sorted(weekdays_off)
    plan.dates_off = sorted(one.isoformat() for one in dates_off)
    plan.updated_at = at
    if before != (interview_on, set(weights)):
        plan.begun_on = study_day(at, reviews.zone_of(plan))
    plan.save()
    plan.topics.all().delete()
    PlanTopic.objects.bulk_create(
        PlanTopic(plan=plan, topic_id=topic, weight=weight) for topic, weight in weights.items()
    )
    if retention != retention_before:
        _reschedule(owner, retention)
    return plan


def _reschedule(owner: Owner, retention: float) -> None:
    """Makes everything that is remembered due when its recall will have fallen to the retention."""
    cards = list(Card.objects.owned_by(owner).remembered())
    for card in cards:
        card.due_on = due_date(card.memory, retention)
    Card.objects.bulk_update(cards, ["due_on"], batch_size=300)


def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Gives the visitor's plan to the user, unless they have one."""
    theirs = StudyPlan.objects.owned_by(Owner(visitor=visitor))
    if StudyPlan.objects.owned_by(Owner(user_id=user.pk)).exists():
        theirs.delete()
    else:
        theirs.update(user=user, visitor=None)


def running_session(*, owner: Owner, day: date, plan: StudyPlan) -> Attempt | None:
    """The owner's session of that study day that can still go on."""
    last = Attempt.objects.owned_by(owner).in_mode(AttemptMode.TODAY).in_progress().latest_first().first()
    return last if last and study_day(last.started_at, reviews.zone_of(plan)) == day else None


def start_session(
    *, owner: Owner, at: datetime, minutes: float | None = None, public_id: uuid.UUID | None = None
) -> Attempt:
    """The day's session: the one that runs, or a new one for the time that the plan has left today, or for `minutes`.

    Raises NothingToAsk where nothing is left for the time. A session of an earlier day ends.
    """
    agenda = agenda_of(owner=owner, at=at)
    if running := running_session(owner=owner, day=agenda.day, plan=agenda.plan):
        return running
    for old in Attempt.objects.owned_by(owner).in_mode(AttemptMode.TODAY).in_progress():
        attempts.finish(attempt=old, at=at)
    chosen = agenda.session(agenda.seconds_left if minutes is None else minutes * 60)
    if not chosen:
        raise NothingToAsk
    found = Question.objects.in_bulk(chosen)
    return attempts.start(
        owner=owner,
        questions=[found[pk] for pk in chosen],
        mode=AttemptMode.TODAY,
        title=_("Session of %s") % date_format(agenda.day),
        at=at,
        public_id=public_id,
    )


@transaction.atomic
def undo(*, owner: Owner, response: Response, at: datetime) -> Response | None:
    """The place in the running session where the question is asked once more, after its answer was undone; None where
    its session has ended. Raises study.NothingToUndo."""
    reviews.undo(owner=owner, response=response, at=at)
    attempt = Attempt.objects.select_for_update().get(pk=response.attempt_id)
    if attempt.mode != AttemptMode.TODAY or not attempt.is_open:
        return None
    item = response.revision.item()
    order = types.get(item.type).order(item, Random(f"{attempt.seed}-{response.pk}"))  # noqa: S311 - a shuffle
    return Response.objects.create(
        attempt=attempt, position=attempt.responses.count() + 1, revision=response.revision, option_order=order
    )


@transaction.atomic
def set_aside(*, owner: Owner, question: Question, status: str = "", bury_on: date | None = None) -> Card:
    """The owner's card, suspended or known as `status` says, or left out on that study day."""
    mine = Card.objects.owned_by(owner).select_for_update()
    card, _made = mine.get_or_create(question=question, defaults=owner.fields)
    if status:
        card.status = CardStatus(status)
    if bury_on:
        card.buried_on = bury_on
    card.save()
    return card


@transaction.atomic
def reactivate(*, card: Card, at: datetime) -> Card:
    """The card asked again by the plan; the misses so far are forgiven."""
    card.status, card.buried_on, card.taken_up_at, card.misses = CardStatus.ACTIVE, None, at, 0
    card.save(update_fields=["status", "buried_on", "taken_up_at", "misses"])
    return card


@transaction.atomic
def skip(*, attempt: Attempt, position: int, at: datetime) -> None:
    """Takes an unanswered question out of the running session; the last one moves into its place.

    Raises AttemptClosed when the session has ended.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not locked.is_open:
        raise attempts.AttemptClosed
    places = list(locked.responses.order_by("position"))
    place = next((one for one in places if one.position == position), None)
    if place is None or place.is_answered:
        return
    place.delete()
    if places[-1] is not place:
        places[-1].position = position
        places[-1].save(update_fields=["position"])
