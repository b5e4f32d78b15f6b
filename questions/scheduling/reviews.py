"""Reviews: record answers as reviews, undo the last one, and rebuild card state from the review history.

Only the first answer to a question on a study day is a review, so cramming, browsing and extra quizzes do not distort
the schedule.
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

LEECH_THRESHOLD = 8  # misses (ratings Again) after which a card becomes a leech
RECENT_REVIEWS = 50  # the sample for a candidate's median time
SCHEDULER_DIGEST = hashlib.sha256(json.dumps([ALGORITHM, WEIGHTS]).encode()).hexdigest()
_CARD = CompiledOwnerQuery(
    lambda owner, value: Card.objects.select_for_update().filter(
        **{owner: value}, question=Parameter("question", BigAutoField())
    )
)
_PLAN = CompiledOwnerQuery(lambda owner, value: StudyPlan.objects.filter(**{owner: value}))
MEMORY_FIELDS = ["misses", "status", "reviewed_on", "due_on", "stability", "difficulty", "state", "step", "scheduler"]


class NothingToUndo(Exception):
    """The answer is not the owner's last review."""


def zone_of(plan: StudyPlan | None) -> tzinfo:
    """Return the time zone of a candidate's study days: the plan's, or the current request's if there is no plan."""
    return ZoneInfo(plan.zone) if plan else timezone.get_current_timezone()


def study_day_of(*, owner: Owner, at: datetime) -> date:
    """Return the owner's study day at that time."""
    return study_day(at, zone_of(_plan_of(owner)))


def _plan_of(owner: Owner) -> StudyPlan | None:
    return next(iter(_PLAN(owner)), None)


def record_reviews(*, owner: Owner, responses: "Sequence[Response]") -> list[Review]:
    """Create and return reviews for the graded responses that are the first of their study day for their question.

    A response whose study day is before the last review, as after a clock change, creates none. Responses must have
    their revision loaded.
    """
    graded = [(one.answered_at, one) for one in responses if one.answered_at and one.fraction is not None]
    graded.sort(key=lambda pair: (pair[0], pair[1].position))
    if not graded or owner == Owner():
        return []
    try:
        with transaction.atomic():
            return _record_reviews(owner, graded)
    except IntegrityError:  # another attempt recorded the same question at the same time
        with transaction.atomic():
            return _record_reviews(owner, graded)


def _record_reviews(owner: Owner, graded: "Sequence[tuple[datetime, Response]]") -> list[Review]:
    plan = _plan_of(owner)
    zone, retention = zone_of(plan), plan.retention if plan else DEFAULT_RETENTION
    cards = _lock_current_cards(owner, {response.revision.question_id for _at, response in graded})
    any_sure = any(response.confidence == Confidence.SURE for _at, response in graded)
    median_duration = _median_duration(owner) if any_sure else None
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
    """Record the review of a response that its owner has graded, or update its rating if they graded it again."""
    if Review.objects.of_responses([response]).exists():
        update_ratings(responses=[response])
    else:
        record_reviews(owner=owner, responses=[response])


@transaction.atomic
def update_ratings(*, responses: "Sequence[Response]") -> int:
    """Update the reviews of responses whose fraction changed, rebuild the cards of their questions, and return how many
    reviews changed. A response that has no review gets none."""
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
    """Rebuild the owner's cards for these questions from the review history."""
    ids = set(questions)
    if ids:
        _rebuild_cards(
            Card.objects.owned_by(owner).to_questions(ids),
            Review.objects.owned_by(owner).of_questions(ids),
            StudyPlan.objects.owned_by(owner),
        )


@transaction.atomic
def undo(*, owner: Owner, response: "Response", at: datetime) -> Review:
    """Undo and return the review that the response created. The schedule is as if the answer had not been given; the
    response itself stays.

    Raise NothingToUndo if it is not the owner's last review.
    """
    last = Review.objects.owned_by(owner).counting().latest_first().first()
    if last is None or last.response_id != response.pk:
        raise NothingToUndo
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    rebuild_cards(owner=owner, questions=[last.question_id])
    return last


def undo_unmarked(*, owner: Owner, response: "Response", at: datetime) -> Review:
    """Create and return an undone review for an open answer that has no marks yet, so that marks that its owner gives
    later do not feed the schedule. The response must have its revision loaded."""
    answered_at = response.answered_at or at
    review, _made = Review.objects.get_or_create(
        response=response,
        defaults={
            **owner.fields,
            "question_id": response.revision.question_id,
            "day": study_day_of(owner=owner, at=answered_at),
            "at": answered_at,
            "rating": Rating.AGAIN,
            "fraction": 0.0,
            "undone_at": at,
        },
    )
    return review


@transaction.atomic
def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> None:
    """Give the visitor's cards and reviews to the user. If both reviewed a question on one day, the earlier review
    counts; if both have a card for a question, the user's card stays."""
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


def _lock_current_cards(owner: Owner, questions: Iterable[int]) -> dict[int, Card]:
    """Return the owner's locked cards by question id, rebuilt if they were computed with other weights."""
    ids = list(questions)
    cards = _lock_stored_cards(owner, ids)
    outdated = {card.question_id for card in cards.values() if card.memory and card.scheduler_id != SCHEDULER_DIGEST}
    if outdated:
        rebuild_cards(owner=owner, questions=outdated)
        cards = _lock_stored_cards(owner, ids)
    return cards


def _lock_stored_cards(owner: Owner, questions: Sequence[int]) -> dict[int, Card]:
    """Return the owner's locked cards by question id, as they are stored."""
    if len(questions) == 1:  # practice records one answer at a time, an exam all of them
        cards = _CARD(owner, question=questions[0])
    else:
        cards = list(Card.objects.owned_by(owner).to_questions(questions).order_by("pk").select_for_update())
    return {card.question_id: card for card in cards}


def _rebuild_cards(cards: CardQuerySet, reviews: ReviewQuerySet, plans: OwnedQuerySet) -> None:
    """Recompute the cards from the reviews; create the ones that are missing."""
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
    """Store the memory on the card and count a miss; a card with LEECH_THRESHOLD misses becomes a leech."""
    card.memory = memory
    card.misses += missed
    if card.misses >= LEECH_THRESHOLD and card.status == CardStatus.ACTIVE:
        card.status = CardStatus.LEECH


def _save(cards: Iterable[Card], *, rebuilt: bool = False) -> None:
    """Save cards that were computed with the current weights. `rebuilt` means that the stored ones may have had other
    weights."""
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
    if response.fraction is None:
        raise ValueError("A response without a fraction has no rating. Grade it first.")
    return rating_of(
        response.fraction,
        confidence=response.confidence,
        duration=response.duration,
        median_duration=median_duration,
        seen_before=seen_before,
    )


def _median_duration(owner: Owner) -> timedelta | None:
    """Return the owner's median time over the last RECENT_REVIEWS remembered reviews, or None if none has a time."""
    times = Review.objects.owned_by(owner).counting().remembered().latest_first().values_list("duration", flat=True)
    known = [time for time in times[:RECENT_REVIEWS] if time is not None]
    return median(known) if known else None
