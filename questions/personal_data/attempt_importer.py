"""The attempts of a file and their answers, graded by the revisions that this site knows."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from questions import types
from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.attempts.quiz_models import Quiz
from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.item import Item
from questions.enums import EXPLAINED_AT_ONCE, AttemptStatus
from questions.personal_data.import_summary import ImportSummary

AT_ONCE = 500
ATTEMPT = ("title", "mode", "status", "seed", "started_at", "deadline_at", "submitted_at")
RESPONSE = ("option_order", "answer", "confidence", "flagged", "answered_at")
Place = tuple[uuid.UUID, int]  # an attempt's id and a position in it, as the file has them
Asked = tuple[QuestionRevision, Item]


def import_attempts(
    *,
    owner: Owner,
    found: Mapping[str, Any],
    questions: Mapping[tuple[str, ...], int],
    at: datetime,
    summary: ImportSummary,
) -> dict[Place, Response]:
    """Adds the attempts that the owner does not have yet, with their answers to what this site knows word for word;
    returns the new responses by where they stand in the file."""
    asked = _known_revisions(found["revisions"], questions, at)
    names = _names([one["public_id"] for one in found["attempts"]], owner)
    quizzes = dict(Quiz.objects.order_by().values_list("slug", "pk"))
    attempts: list[Attempt] = []
    responses: dict[Place, Response] = {}
    for one in found["attempts"]:
        name = names[one["public_id"]]
        if name is None:
            summary.unchanged["attempts"] += 1
        elif _is_ahead(one, at):
            summary.skipped["future"] += 1
        else:
            attempt = _attempt(one, name, owner, at)
            attempt.quiz_id = quizzes.get(one["quiz"])
            its = _responses(one, attempt, asked, summary)
            if its:
                attempts.append(attempt)
                responses |= its
            else:
                summary.skipped["attempts"] += 1
    Attempt.objects.bulk_create(attempts, batch_size=AT_ONCE)
    Response.objects.bulk_create(responses.values(), batch_size=AT_ONCE)
    summary.imported["attempts"] += len(attempts)
    summary.imported["answers"] += sum(response.is_answered for response in responses.values())
    return responses


def _known_revisions(
    revisions: Iterable[Mapping[str, Any]], questions: Mapping[tuple[str, ...], int], at: datetime
) -> list[Asked | None]:
    """For each revision of the file the one of this site that says the same; None where none does."""
    wanted = [(questions.get(tuple(one["question"])), one["digest"]) for one in revisions]
    stored: dict[tuple[int | None, str], QuestionRevision] = {}
    for some in _in_lots(sorted({digest for _pk, digest in wanted})):
        stored |= {(one.question_id, one.digest): one for one in QuestionRevision.objects.saying(some)}
    unmet = {pk: digest for pk, digest in wanted if pk is not None and (pk, digest) not in stored}
    now = Question.objects.with_content().in_bulk(list(unmet))
    asked = set(wanted)
    unfrozen = [question for pk, question in now.items() if (pk, question.item().digest()) in asked]
    for pk, revision in authoring.freeze(questions=unfrozen, at=at).items():
        stored[pk, revision.digest] = revision
    items = {key: (revision, revision.item()) for key, revision in stored.items() if key in asked}
    return [items.get(key) for key in wanted]


def _names(ids: list[uuid.UUID], owner: Owner) -> dict[uuid.UUID, uuid.UUID | None]:
    """The id under which each attempt comes; None for those that the owner has already. An id that is somebody else's
    is replaced by one that is made of it and the owner, so that it is the same the next time."""
    mine = f"{owner.user_id or owner.visitor}"
    own = {one: uuid.uuid5(one, mine) for one in ids}
    here: dict[uuid.UUID, Owner] = {}
    for some in _in_lots([*own, *own.values()]):
        here |= {attempt.public_id: attempt.owner for attempt in Attempt.objects.with_public_ids(some)}
    names: dict[uuid.UUID, uuid.UUID | None] = {}
    for one, other in own.items():
        free = [name for name in (one, other) if name not in here]
        names[one] = free[0] if free and owner not in (here.get(one), here.get(other)) else None
    return names


def _in_lots(keys: list[Any]) -> Iterable[list[Any]]:
    """The keys, as many at once as every database takes."""
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _is_ahead(one: Mapping[str, Any], at: datetime) -> bool:
    """Whether anything in the attempt is dated after `at`."""
    times = [one["started_at"], one["submitted_at"], *(response["answered_at"] for response in one["responses"])]
    return any(time is not None and time > at for time in times)


def _attempt(one: Mapping[str, Any], name: uuid.UUID, owner: Owner, at: datetime) -> Attempt:
    """The attempt as it comes: an exam or an interview that still ran has been given up."""
    attempt = Attempt(public_id=name, imported_at=at, **owner.fields, **{name: one[name] for name in ATTEMPT})
    if attempt.is_open and one["mode"] not in EXPLAINED_AT_ONCE:
        attempt.status, attempt.submitted_at = AttemptStatus.ABANDONED, at
    return attempt


def _responses(
    one: Mapping[str, Any], attempt: Attempt, asked: list[Asked | None], summary: ImportSummary
) -> dict[Place, Response]:
    """The responses that can be graded and shown here, numbered anew from 1."""
    found: dict[Place, Response] = {}
    for response in sorted(one["responses"], key=lambda each: each["position"]):
        known = asked[response["revision"]]
        if known is None:
            summary.skipped["unknown"] += 1
            continue
        revision, item = known
        question_type, answer = types.get(item.type), response["answer"]
        fits = answer is None or question_type.is_answer(item, answer)
        if not fits or not question_type.is_order(item, response["option_order"]):
            summary.skipped["misfit"] += 1
            continue
        found[one["public_id"], response["position"]] = Response(
            attempt=attempt,
            position=len(found) + 1,
            revision=revision,
            fraction=None if answer is None else question_type.grade(item, answer).fraction,
            duration=duration_of(response["seconds"]),
            **{name: response[name] for name in RESPONSE},
        )
    return found


def duration_of(seconds: float | None) -> timedelta | None:
    """So many seconds; None where it is not known."""
    return None if seconds is None else timedelta(seconds=seconds)
