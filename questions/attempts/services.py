"""Services for attempts: start, record a response, assess, submit, abandon, claim. They never read the clock."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import drafts
from questions.attempts.draft_models import PageSave
from questions.attempts.models import Attempt, Response
from questions.attempts.quiz_models import Quiz
from questions.attempts.signals import answer_recorded
from questions.attempts.submission import RESPONSE_FIELDS, Submission
from questions.bank import freezing
from questions.bank.models.questions import Question
from questions.enums import STOPPED_ANYWHERE, TRANSITIONS, AttemptStatus
from questions.performance.compiled_queries import CompiledQuery, CompiledUpdate, Parameter
from questions.performance.sqlite_write_lock import serialized
from questions.scheduling import reviews
from questions.types import UNKNOWN, Answer

_LOCKED = CompiledQuery(
    lambda: (
        Attempt.objects.select_for_update()
        .filter(pk=Parameter("attempt", models.BigAutoField()))
        .only("status", "mode", "deadline_at", "user", "visitor")
    )
)


class AttemptClosed(Exception):
    """The attempt accepts no answers: it was handed in or abandoned, or its time has run out."""


class AlreadyAnswered(Exception):
    """The earlier answer is final, because it was explained when it was saved."""


class IllegalTransition(Exception):
    """The attempt cannot change from its status to the requested one."""


def start(
    *,
    owner: Owner,
    questions: Sequence[Question],
    mode: str,
    title: str,
    at: datetime,
    time_limit: timedelta | None = None,
    quiz: Quiz | None = None,
    public_id: uuid.UUID | None = None,
) -> Attempt:
    """Return a new attempt with the questions in this order.

    `public_id` makes the call idempotent: a second call with the same id, such as a double click's, returns the first
    attempt. Raises ValueError if there are no questions.
    """
    public_id = public_id or uuid.uuid4()
    mine = Attempt.objects.owned_by(owner).filter(public_id=public_id)
    if existing := mine.first():
        return existing
    if not questions:
        raise ValueError("An attempt needs at least one question.")
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                public_id=public_id,
                user_id=owner.user_id,
                visitor=owner.visitor,
                quiz=quiz,
                title=title,
                mode=mode,
                seed=secrets.randbits(63),
                started_at=at,
                deadline_at=at + time_limit if time_limit else None,
            )
            _create_responses(attempt, questions, at)
    except IntegrityError:
        if not Attempt.objects.filter(public_id=public_id).exists():
            raise
        # Either the same request came twice at once, or the id belongs to somebody else; then use a new id.
        return mine.first() or start(
            owner=owner, questions=questions, mode=mode, title=title, at=at, time_limit=time_limit, quiz=quiz
        )
    return attempt


def _create_responses(attempt: Attempt, questions: Sequence[Question], at: datetime) -> None:
    """Freeze the questions and create a response for each, with its own order of options."""
    revisions = freezing.freeze(questions=questions, at=at)
    random = Random(attempt.seed)  # noqa: S311 - a shuffle, no secret
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=position,
            revision=revisions[question.pk],
            option_order=types.get(question.type).order(revisions[question.pk].item(), random),
        )
        for position, question in enumerate(questions, 1)
    )


@serialized
def record_response(
    *,
    response: Response,
    at: datetime,
    answer: Answer | None = None,
    confidence: str = "",
    duration: timedelta | None = None,
    flagged: bool | None = None,
    page: PageSave | None = None,
) -> Response:
    """Return the response with the answer graded and saved and the flag set or cleared, in one transaction.

    `response` comes with its attempt and revision, and holds afterwards what the database holds. Without `answer` only
    the flag is saved; `{}` removes the answer; with `flagged=None` the flag stays as it is; an identical answer changes
    nothing, nor does a save of `page` that a later one of the same page has overtaken.

    Raises AttemptClosed if the attempt has ended or its time has run out; nothing is saved then. Raises AlreadyAnswered
    if another answer was already explained; the flag is saved even so.
    """
    if answer is None and flagged in (None, response.flagged):
        return response
    submission = Submission(answer=answer, confidence=confidence, duration=duration, flagged=flagged, page=page)
    with transaction.atomic():
        attempt = _locked_open(response.attempt, at)
        at = min(at, attempt.deadline_at or at)
        changes, is_final = submission.changes(response, attempt, at)
        if changes and not _update(response, changes):  # another request has changed it since it was read
            response.refresh_from_db(fields=RESPONSE_FIELDS)
            changes, is_final = submission.changes(response, attempt, at)
            _update(response, changes)
        if "answer" in changes:
            answer_recorded.send(Response)
            if attempt.explains_at_once:
                reviews.record_reviews(owner=attempt.owner, responses=[response])
    if is_final:
        raise AlreadyAnswered
    return response


@cache
def _save_of(names: tuple[str, ...], was_answered: bool) -> CompiledUpdate:
    """Return the update of these fields of a response, unless its answer has changed since it was read."""

    def build() -> tuple[models.QuerySet[Response], dict[str, Parameter]]:
        rows = Response.objects.filter(pk=Parameter("response", models.BigAutoField()))
        unchanged = {"answered_at": Parameter("seen", models.DateTimeField())}
        rows = rows.filter(save_number=Parameter("number", models.PositiveIntegerField()))
        rows = rows.filter(**unchanged if was_answered else {"answered_at": None})
        return rows, {name: Parameter.of_field(Response, name) for name in names}

    return CompiledUpdate(build)


def _update(response: Response, changes: dict[str, Any]) -> bool:
    """Save the changes unless the answer has changed since the response was read; return whether they were saved.

    All answers of the grace period have the same time; the numbers of their saves differ.
    """
    if not changes:
        return True
    save = _save_of(tuple(changes), response.is_answered)
    seen = {"seen": response.answered_at} if response.is_answered else {}
    if not save(response=response.pk, number=response.save_number, **seen, **changes):
        return False
    for name, value in changes.items():
        setattr(response, name, value)
    return True


@transaction.atomic
def assess(*, attempt: Attempt, position: int, met: list[int]) -> Response:
    """Return the response to an open question with the candidate's own marks; `met` holds indices into the rubric.

    Works after the end of an attempt too, since an exam shows the rubric only then. Raises Response.DoesNotExist if the
    position has no answer to an open question that could be marked, AttemptClosed while an exam is in progress.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    response = locked.responses.answered().select_related("revision").get(position=position)
    if not response.is_revealed:
        raise AttemptClosed
    item = response.revision.item()
    question_type = types.get(item.type)
    if question_type.machine_graded or response.answer == UNKNOWN:
        raise Response.DoesNotExist
    response.answer = {**response.answer, "met": met}
    response.fraction = question_type.grade(item, response.answer).fraction
    response.save(update_fields=["answer", "fraction"])
    reviews.record_self_grading(owner=locked.owner, response=response)
    return response


@transaction.atomic
def submit(*, attempt: Attempt, at: datetime) -> Attempt:
    """Hand the attempt in and return it; an attempt that has ended stays as it is.

    After the deadline it ends as of the deadline, without waiting for the grace period.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.is_open and locked.deadline_at and locked.is_time_up(at):
        _change_status(locked, AttemptStatus.EXPIRED, locked.deadline_at)
    elif locked.is_open:
        _change_status(locked, AttemptStatus.SUBMITTED, at)
    return locked


@transaction.atomic
def finish(*, attempt: Attempt, at: datetime) -> Attempt | None:
    """Hand the attempt in and return it; delete one that can be stopped anywhere and holds no answer or draft, and
    return None."""
    ended = submit(attempt=attempt, at=at)
    if ended.responses.exists():
        return ended
    ended.delete()
    return None


@transaction.atomic
def abandon(*, attempt: Attempt, at: datetime) -> Attempt:
    """Abandon the attempt, keep its answers, and return it; raise IllegalTransition if it has ended."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    close_if_due(attempt=locked, at=at)
    return _change_status(locked, AttemptStatus.ABANDONED, at)


def close_if_due(*, attempt: Attempt, at: datetime) -> Attempt:
    """Return the attempt, ended as of its deadline if that and the grace period have passed."""
    if attempt.is_open and attempt.deadline_at and attempt.is_overdue(at):
        _change_status(attempt, AttemptStatus.EXPIRED, attempt.deadline_at)
    return attempt


def close_overdue(*, owner: Owner, at: datetime) -> int:
    """End all of the owner's overdue attempts as of their deadlines, and return how many."""
    ended = list(Attempt.objects.owned_by(owner).overdue(at))
    for attempt in ended:
        attempt.status, attempt.submitted_at = AttemptStatus.EXPIRED, attempt.deadline_at
    if ended:
        with transaction.atomic():
            Attempt.objects.bulk_update(ended, ["status", "submitted_at"])
            drafts.adopt(ended)
            _schedule_reviews(owner, ended)
    return len(ended)


def claim(*, visitor: uuid.UUID, user: AbstractBaseUser) -> int:
    """Move the visitor's attempts to the user, and return how many there were."""
    return Attempt.objects.owned_by(Owner(visitor=visitor)).update(user=user, visitor=None)


def _locked_open(attempt: Attempt, at: datetime) -> Attempt:
    """Lock the attempt's row and return it; raise AttemptClosed if it has ended or is overdue."""
    (locked,) = _LOCKED(attempt=attempt.pk)
    if not locked.is_open or locked.is_overdue(at):
        raise AttemptClosed
    return locked


@transaction.atomic
def _change_status(attempt: Attempt, status: AttemptStatus, at: datetime) -> Attempt:
    """Return the attempt with its new status, or as another request has just ended it.

    Raises IllegalTransition if TRANSITIONS does not allow the change.
    """
    if status not in TRANSITIONS[attempt.status]:
        raise IllegalTransition(f"An attempt cannot change from {attempt.status} to {status}.")
    changed = Attempt.objects.in_progress().filter(pk=attempt.pk).update(status=status, submitted_at=at)
    if changed:
        attempt.status, attempt.submitted_at = status, at
        if attempt.mode in STOPPED_ANYWHERE:  # the plan will ask these questions again
            attempt.responses.unanswered().exclude(pk__in=drafts.typed_in(attempt)).delete()
        drafts.adopt([attempt])
        _schedule_reviews(attempt.owner, [attempt])
    else:
        attempt.refresh_from_db()
    return attempt


def _schedule_reviews(owner: Owner, ended: Sequence[Attempt]) -> None:
    """Update the schedule with the answers of exams and interviews, which became final only now."""
    exams = [attempt for attempt in ended if not attempt.explains_at_once]
    if exams:
        reviews.record_reviews(
            owner=owner, responses=list(Response.objects.of_attempts(exams).graded().with_question())
        )
