"""Verbs on memory: what an answer teaches the schedule, what is undone, and memories made rebuilt from their reviews.

Only the first answer of a study day to a question is a review, so that cramming, browsing and quizzes for fun do not
spoil the schedule.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import BigAutoField
from django.utils import timezone

from questions.accounts.owners import OwnedQuerySet, Owner
from questions.enums import Confidence
from questions.performance.compiled_queries import CompiledOwnerQuery, Parameter
from questions.scheduling.fsrs_memory import ALGORITHM, DEFAULT_RETENTION, WEIGHTS, Memory, Rating, memory_after, recall
from questions.scheduling.models import Card, CardQuerySet, CardStatus, Review, ReviewQuerySet, SchedulerVersion
from questions.scheduling.plan_models import StudyPlan
from questions.scheduling.ratings import rating_of
from questions.scheduling.study_day import study_day

if TYPE_CHECKING:
    from questions.attempts.models import Response

LEECH_THRESHOLD = 8  # misses
RECENT_REVIEWS = 50  # reviews from which one's median_duration time is told
SCHEDULER_DIGEST = hashlib.sha256(json.dumps([ALGORITHM, WEIGHTS]).encode()).hexdigest()
_CARD = CompiledOwnerQuery(
    lambda owner, value: Card.objects.select_for_update().filter(
        **{owner: value}, question=Parameter("question", BigAutoField())
    )
)
_PLAN = CompiledOwnerQuery(lambda owner, value: StudyPlan.objects.filter(**{owner: value}))
MEMORY_FIELDS = ["misses", "status", "reviewed_on", "due_on", "stability", "difficulty", "state", "step", "scheduler"]


class NothingToUndo(Exception):
    """The answer is not the last one that fed the schedule, or it never did."""


def zone_of(plan: StudyPlan | None) -> tzinfo:
    """The zone in which a candidate's study days are counted: the plan's, or that of the request."""
    return ZoneInfo(plan.zone) if plan else timezone.get_current_timezone()


def study_day_of(*, owner: Owner, at: datetime) -> date:
    """The owner's study day at that time."""
    return study_day(at, zone_of(_plan_of(owner)))


def _plan_of(owner: Owner) -> StudyPlan | None:
    """The owner's plan, if there is one."""
    return next(iter(_PLAN(owner)), None)


def record_reviews(*, owner: Owner, responses: "Sequence[Response]") -> list[Review]:
    """The reviews made of those responses that are graded and the first of their study day to their question.

    A day before the last review, as from a clock that ran backwards, makes none. Responses come with their revision.
    """
    graded = [(one.answered_at, one) for one in responses if one.answered_at and one.fraction is not None]
    graded.sort(key=lambda pair: (pair[0], pair[1].position))
    if not graded or owner == Owner():
        return []
    try:
        with transaction.atomic():
            return _record_reviews(owner, graded)
    except IntegrityError:  # the same question was answered in another attempt at the same moment
        with transaction.atomic():
            return _record_reviews(owner, graded)


def _record_reviews(owner: Owner, graded: "Sequence[tuple[datetime, Response]]") -> list[Review]:
    plan = _plan_of(owner)
    zone, retention = zone_of(plan), plan.retention if plan else DEFAULT_RETENTION
    cards = _current_cards_locked(owner, {response.revision.question_id for _at, response in graded})
    median_duration = (
        _median_duration(owner) if any(response.confidence == Confidence.SURE for _at, response in graded) else None
    )
    reviews, changed_cards = [], {}
    for at, response in graded:
        question = response.revision.question_id
        card = cards.setdefault(question, Card(**owner.fields, question_id=question))
        memory, day = card.memory, study_day(at, zone)
        if memory and day <= memory.reviewed:
            continue
        rating = _rating_of(response, median_duration=median_duration, seen_before=memory is not None)
        reviews.append(
            Review(
                **owner.fields,
                question_id=question,
                response=response,
                day=day,
                at=at,
                rating=rating,
                fraction=response.fraction or 0.0,
                confidence=response.confidence,
                duration=response.duration,
                predicted=recall(memory, day) if memory else None,
            )
        )
        _update_card(card, memory_after(memory, rating, day, retention=retention), missed=rating == Rating.AGAIN)
        changed_cards[question] = card
    _save(changed_cards.values())
    Review.objects.bulk_create(reviews)
    return reviews


def record_self_grading(*, owner: Owner, response: "Response") -> None:
    """Learns from an answer that its owner has marked, or marked otherwise than before."""
    if Review.objects.of_responses([response]).exists():
        update_ratings(responses=[response])
    else:
        record_reviews(owner=owner, responses=[response])


@transaction.atomic
def update_ratings(*, responses: "Sequence[Response]") -> int:
    """Rates the reviews of those responses rebuilt where they earn something else now, and makes the memories follow;
    returns how many reviews changed. A response that never was a review stays none."""
    changed = []
    for review in Review.objects.of_responses(responses).select_related("response"):
        response = review.response
        if response and response.fraction is not None and response.fraction != review.fraction:
            review.fraction = response.fraction
            review.rating = _rating_of(response, median_duration=None, seen_before=review.predicted is not None)
            changed.append(review)
    Review.objects.bulk_update(changed, ["rating", "fraction"], batch_size=500)
    questions = {review.question_id for review in changed}
    if changed:
        cards, reviews = Card.objects.to_questions(questions), Review.objects.of_questions(questions)
        _rebuild_cards(cards, reviews, StudyPlan.objects.all())
    return len(changed)


@transaction.atomic
def rebuild_cards(*, owner: Owner, questions: Iterable[int]) -> None:
    """Makes the owner's memories of these questions rebuilt from the reviews that count."""
    ids = set(questions)
    if ids:
        _rebuild_cards(
            Card.objects.owned_by(owner).to_questions(ids),
            Review.objects.owned_by(owner).of_questions(ids),
            StudyPlan.objects.owned_by(owner),
        )


@transaction.atomic
def undo(*, owner: Owner, response: "Response", at: datetime) -> Review:
    """The review that the response was, undone: the schedule is as if it had not been given; the answer itself stays.

    Raises NothingToUndo unless it is the owner's last review.
    """
    last = Review.objects.owned_by(owner).counting().latest_first().first()
    if last is None or last.response_id != response.pk:
        raise NothingToUndo
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    rebuild_cards(owner=owner, questions=[last.question_id])
    return last


@transaction.atomic
def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Gives the visitor's cards and reviews to the user. Where both reviewed a question on one day the earlier review
    counts; a question that both know stays as the user has it."""
    theirs, mine = Owner(visitor=visitor), Owner(user_id=user.pk)
    reviews = list(Review.objects.owned_by(theirs).counting())
    questions = {card.question_id for card in Card.objects.owned_by(theirs)}
    taken = {
        (review.question_id, review.day): review
        for review in Review.objects.owned_by(mine).counting().of_questions(questions)
    }
    for review in reviews:
        if rival := taken.get((review.question_id, review.day)):
            later = max(review, rival, key=lambda one: one.at)
            later.undone_at = later.at
            later.save(update_fields=["undone_at"])
    both = {card.question_id for card in Card.objects.owned_by(mine).to_questions(questions)}
    Card.objects.owned_by(theirs).to_questions(both).delete()
    Card.objects.owned_by(theirs).update(user=user, visitor=None)
    Review.objects.owned_by(theirs).update(user=user, visitor=None)
    rebuild_cards(owner=mine, questions=both)


def _current_cards_locked(owner: Owner, questions: Iterable[int]) -> dict[int, Card]:
    """The owner's cards to these questions by question, each with a memory by the current weights."""
    ids = list(questions)
    cards = _stored_cards_locked(owner, ids)
    outdated = {card.question_id for card in cards.values() if card.memory and card.scheduler_id != SCHEDULER_DIGEST}
    if outdated:
        rebuild_cards(owner=owner, questions=outdated)
        cards = _stored_cards_locked(owner, ids)
    return cards


def _stored_cards_locked(owner: Owner, questions: Sequence[int]) -> dict[int, Card]:
    """The owner's cards to these questions by question, as they are stored."""
    if len(questions) == 1:  # in practice each answer teaches, in an exam they teach together
        cards = _CARD(owner, question=questions[0])
    else:
        cards = list(Card.objects.owned_by(owner).to_questions(questions).order_by("pk").select_for_update())
    return {card.question_id: card for card in cards}


def _rebuild_cards(cards: CardQuerySet, reviews: ReviewQuerySet, plans: OwnedQuerySet) -> None:
    """Makes the memories of the cards rebuilt from the reviews; a card is made where there is none yet."""
    found: dict[tuple[Owner, int], Card] = {(card.owner, card.question_id): card for card in cards}
    retentions = {plan.owner: plan.retention for plan in plans}
    for card in found.values():
        card.memory, card.misses, card.scheduler_id = None, 0, None
        if card.status == CardStatus.LEECH:
            card.status = CardStatus.ACTIVE
    for review in reviews.counting():
        key = review.owner, review.question_id
        card = found.setdefault(key, Card(**review.owner.fields, question_id=review.question_id))
        rating, retention = Rating(review.rating), retentions.get(review.owner, DEFAULT_RETENTION)
        after_reset = card.taken_up_at is None or review.at > card.taken_up_at
        missed = rating == Rating.AGAIN and after_reset
        _update_card(card, memory_after(card.memory, rating, review.day, retention=retention), missed=missed)
    _save(found.values(), rebuilt=True)


def _update_card(card: Card, memory: Memory, *, missed: bool) -> None:
    """Writes the memory on the card, and sets the question aside when it was missed too often."""
    card.memory = memory
    card.misses += missed
    if card.misses >= LEECH_THRESHOLD and card.status == CardStatus.ACTIVE:
        card.status = CardStatus.LEECH


def _save(cards: Iterable[Card], *, rebuilt: bool = False) -> None:
    """Saves cards whose memories are by the current weights; `rebuilt` says that those of known cards may not have
    been."""
    new: list[Card] = []
    known: list[Card] = []
    for card in cards:
        card.scheduler_id = SCHEDULER_DIGEST if card.memory else None
        (known if card.pk else new).append(card)
    if new or rebuilt:
        version = SchedulerVersion(digest=SCHEDULER_DIGEST, algorithm=ALGORITHM, weights=list(WEIGHTS))
        SchedulerVersion.objects.bulk_create([version], ignore_conflicts=True)
    Card.objects.bulk_create(new, batch_size=500)
    if len(known) == 1:
        known[0].save(update_fields=MEMORY_FIELDS)
    else:
        Card.objects.bulk_update(known, MEMORY_FIELDS, batch_size=200)


def _rating_of(response: "Response", *, median_duration: timedelta | None, seen_before: bool) -> Rating:
    """The rating of a graded response."""
    if response.fraction is None:
        raise ValueError("What is not graded has no rating.")
    return rating_of(
        response.fraction,
        confidence=response.confidence,
        duration=response.duration,
        median_duration=median_duration,
        seen_before=seen_before,
    )


def _median_duration(owner: Owner) -> timedelta | None:
    """The owner's median time over the last RECENT_REVIEWS reviews that were remembered; None where there is none."""
    times = Review.objects.owned_by(owner).counting().remembered().latest_first().values_list("duration", flat=True)
    known = [time for time in times[:RECENT_REVIEWS] if time is not None]
    return median(known) if known else None
