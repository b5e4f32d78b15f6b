"""Study plan services: save and claim a plan, run today's session, set questions aside and reactivate them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
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

UNDO_TIME = timedelta(days=1)  # how long an answer can be undone


class NothingToAsk(Exception):
    """No question is left for today, or none fits into the time."""


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
    mock_interviews: bool = True,
) -> StudyPlan:
    """Create or update the owner's plan and return it.

    `weights` maps the id of each planned topic to a Weight. The pacing starts again if the interview date or the set of
    topics changes; due dates move if the retention changes.
    """
    plan = StudyPlan.objects.owned_by(owner).select_for_update().first() or StudyPlan(**owner.fields)
    before = plan.pk and (plan.interview_on, set(plan.topics.values_list("topic", flat=True)))
    retention_before = plan.retention
    plan.interview_on, plan.zone, plan.minutes, plan.retention = interview_on, zone, minutes, retention
    plan.mock_interviews = mock_interviews
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
    """Move the due date of every card to the day on which its recall falls to the retention."""
    cards = list(Card.objects.owned_by(owner).remembered())
    for card in cards:
        card.due_on = due_date(card.memory, retention)
    Card.objects.bulk_update(cards, ["due_on"], batch_size=300)


def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Give the visitor's plan to the user; if the user already has one, delete the visitor's."""
    theirs = StudyPlan.objects.owned_by(Owner(visitor=visitor))
    if StudyPlan.objects.owned_by(Owner(user_id=user.pk)).exists():
        theirs.delete()
    else:
        theirs.update(user=user, visitor=None)


def start_session(
    *, owner: Owner, at: datetime, minutes: float | None = None, public_id: uuid.UUID | None = None
) -> Attempt:
    """Return today's running session, or start one for `minutes` or for the time left today.

    Sessions of earlier days are finished first. Raise NothingToAsk if no question is left or no time.
    """
    agenda = agenda_of(owner=owner, at=at)
    if agenda.running:
        return agenda.running
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
        title=_("Session on %s") % date_format(agenda.day),
        at=at,
        public_id=public_id,
    )


def last_answer(*, owner: Owner, at: datetime) -> Response | None:
    """Return the owner's last answer that can be undone, with its revision, or None if there is none in the 24 hours
    before `at`."""
    answers = Response.objects.owned_by(owner).undoable_since(at - UNDO_TIME)
    return answers.select_related("revision", "attempt").order_by("-answered_at", "-pk").first()


@transaction.atomic
def undo(*, owner: Owner, response: Response, at: datetime) -> Response | None:
    """Undo the answer and return the new response in the running session where the question is asked again, or None if
    the session has ended.

    Raise reviews.NothingToUndo if it is not the owner's last answer.
    """
    attempt = Attempt.objects.select_for_update().get(pk=response.attempt_id)
    last = last_answer(owner=owner, at=at)
    if last is None or last.pk != response.pk:
        raise reviews.NothingToUndo
    if last.fraction is None:
        reviews.undo_unmarked(owner=owner, response=last, at=at)
    else:
        reviews.undo(owner=owner, response=last, at=at)
    if attempt.mode != AttemptMode.TODAY or not attempt.is_open:
        return None
    item = response.revision.item()
    order = types.get(item.type).order(item, Random(f"{attempt.seed}-{response.pk}"))  # noqa: S311 - a shuffle
    return Response.objects.create(
        attempt=attempt, position=attempt.responses.count() + 1, revision=response.revision, option_order=order
    )


@transaction.atomic
def set_aside(*, owner: Owner, question: Question, status: str = "", bury_on: date | None = None) -> Card:
    """Set the question aside and return its card: suspended or known as `status` says, or skipped on the study day
    `bury_on`."""
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
    """Return the card to the plan, and reset its misses unless it was only skipped until tomorrow."""
    if card.status != CardStatus.ACTIVE:
        card.status, card.taken_up_at, card.misses = CardStatus.ACTIVE, at, 0
    card.buried_on = None
    card.save(update_fields=["status", "buried_on", "taken_up_at", "misses"])
    return card


@transaction.atomic
def skip(*, attempt: Attempt, position: int, at: datetime) -> bool:
    """Remove an unanswered question from the running session; the last question takes its position.

    Return whether the question is no longer to be answered: one with a draft stays. Raise AttemptClosed if the session
    has ended.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not locked.is_open:
        raise attempts.AttemptClosed
    places = list(locked.responses.order_by("position"))
    place = next((one for one in places if one.position == position), None)
    if place is None or place.is_answered:
        return True
    if place.drafts.exists():
        return False
    place.delete()
    if places[-1] is not place:
        places[-1].position = position
        places[-1].save(update_fields=["position"])
    return True
