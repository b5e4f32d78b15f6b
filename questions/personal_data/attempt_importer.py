"""Import of attempts and their responses, graded by the revisions that this site has."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from questions import types
from questions.accounts.owners import Owner
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.attempts.quiz_models import Quiz
from questions.bank import freezing
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.item import Item
from questions.enums import AttemptStatus
from questions.personal_data.import_summary import ImportSummary

BATCH_SIZE = 500
ATTEMPT_FIELDS = ("title", "mode", "status", "seed", "started_at", "deadline_at", "submitted_at", "closing_question")
RESPONSE_FIELDS = ("option_order", "answer", "confidence", "flagged", "answered_at")
ResponseKey = tuple[uuid.UUID, int]  # the attempt's id and the position in it, as in the file
KnownRevision = tuple[QuestionRevision, Item]


def import_attempts(
    *,
    owner: Owner,
    data: Mapping[str, Any],
    questions: Mapping[tuple[str, ...], int],
    at: datetime,
    summary: ImportSummary,
) -> dict[ResponseKey, Response]:
    """Add the attempts that the owner does not have yet, and return their responses by their keys in the file.

    Only responses to revisions that this site has word for word are imported.
    """
    revisions = _known_revisions(data["revisions"], questions, at)
    public_ids = _new_public_ids([record["public_id"] for record in data["attempts"]], owner)
    quizzes = dict(Quiz.objects.order_by().values_list("slug", "pk"))
    attempts: list[Attempt] = []
    responses: dict[ResponseKey, Response] = {}
    for record in data["attempts"]:
        public_id = public_ids[record["public_id"]]
        if public_id is None:
            summary.unchanged["attempts"] += 1
        elif _is_in_future(record, at):
            summary.skipped["future"] += 1
        else:
            attempt = _attempt(record, public_id, owner, at)
            attempt.quiz_id = quizzes.get(record["quiz"])
            gradable = _gradable_responses(record, attempt, revisions, summary)
            if gradable:
                attempts.append(attempt)
                responses |= gradable
            else:
                summary.skipped["attempts"] += 1
    Attempt.objects.bulk_create(attempts, batch_size=BATCH_SIZE)
    Response.objects.bulk_create(responses.values(), batch_size=BATCH_SIZE)
    summary.imported["drafts"] += _import_drafts(data["attempts"], responses)
    summary.imported["attempts"] += len(attempts)
    summary.imported["answers"] += sum(response.is_answered for response in responses.values())
    return responses


def _known_revisions(
    revisions: Iterable[Mapping[str, Any]], questions: Mapping[tuple[str, ...], int], at: datetime
) -> list[KnownRevision | None]:
    """Return for each revision of the file the same revision of this site, frozen now if needed, or None."""
    keys = [(questions.get(tuple(record["question"])), record["digest"]) for record in revisions]
    stored: dict[tuple[int | None, str], QuestionRevision] = {}
    for digests in _batches(sorted({digest for _pk, digest in keys})):
        found = QuestionRevision.objects.with_digests(digests)
        stored |= {(revision.question_id, revision.digest): revision for revision in found}
    missing = {pk: digest for pk, digest in keys if pk is not None and (pk, digest) not in stored}
    current = Question.objects.with_content().in_bulk(list(missing))
    wanted = set(keys)
    unfrozen = [question for pk, question in current.items() if (pk, question.item().digest()) in wanted]
    for pk, revision in freezing.freeze(questions=unfrozen, at=at).items():
        stored[pk, revision.digest] = revision
    items = {key: (revision, revision.item()) for key, revision in stored.items() if key in wanted}
    return [items.get(key) for key in keys]


def _new_public_ids(ids: list[uuid.UUID], owner: Owner) -> dict[uuid.UUID, uuid.UUID | None]:
    """Return the public id for each attempt of the file; None for attempts that the owner already has.

    If the id belongs to somebody else's attempt, the new one is derived from it and the owner, so that a second import
    finds it again.
    """
    key = f"{owner.user_id or owner.visitor}"
    derived = {public_id: uuid.uuid5(public_id, key) for public_id in ids}
    owners: dict[uuid.UUID, Owner] = {}
    for batch in _batches([*derived, *derived.values()]):
        owners |= {attempt.public_id: attempt.owner for attempt in Attempt.objects.with_public_ids(batch)}
    new_ids: dict[uuid.UUID, uuid.UUID | None] = {}
    for public_id, other in derived.items():
        free = [each for each in (public_id, other) if each not in owners]
        is_imported = owner in (owners.get(public_id), owners.get(other))
        new_ids[public_id] = free[0] if free and not is_imported else None
    return new_ids


def _batches(keys: list[Any]) -> Iterable[list[Any]]:
    """Return the keys in batches that fit the parameter limit of every database."""
    return (keys[start : start + BATCH_SIZE] for start in range(0, len(keys), BATCH_SIZE))


def _is_in_future(record: Mapping[str, Any], at: datetime) -> bool:
    """Return whether any time in the attempt is after `at`."""
    responses = record["responses"]
    times = [record["started_at"], record["submitted_at"], *(each["answered_at"] for each in responses)]
    times += [draft["saved_at"] for each in responses for draft in each["drafts"]]
    return any(time is not None and time > at for time in times)


def _attempt(record: Mapping[str, Any], public_id: uuid.UUID, owner: Owner, at: datetime) -> Attempt:
    """Return the unsaved attempt; an exam or an interview in progress becomes abandoned."""
    values = {name: record[name] for name in ATTEMPT_FIELDS} | {"seed": record["seed"] or 0}
    attempt = Attempt(public_id=public_id, imported_at=at, **owner.fields, **values)
    if attempt.is_open and not attempt.explains_at_once:
        attempt.status, attempt.submitted_at = AttemptStatus.ABANDONED, at
    return attempt


def _gradable_responses(
    record: Mapping[str, Any], attempt: Attempt, revisions: list[KnownRevision | None], summary: ImportSummary
) -> dict[ResponseKey, Response]:
    """Return the unsaved responses that can be graded and shown here, with positions from 1."""
    gradable: dict[ResponseKey, Response] = {}
    for response in sorted(record["responses"], key=lambda each: each["position"]):
        known = revisions[response["revision"]]
        if known is None:
            summary.skipped["unknown"] += 1
            continue
        revision, item = known
        question_type = types.get(item.type)
        if response["option_order"] is None:
            response = _unanswered(response, question_type.order(item, Random()))  # noqa: S311 - a shuffle, no secret
        answer = response["answer"]
        fits = answer is None or question_type.is_valid_answer(item, answer)
        if not fits or not question_type.is_valid_order(item, response["option_order"]):
            summary.skipped["misfit"] += 1
            continue
        gradable[record["public_id"], response["position"]] = Response(
            attempt=attempt,
            position=len(gradable) + 1,
            revision=revision,
            fraction=None if answer is None else question_type.grade(item, answer).fraction,
            duration=duration_of(response["seconds"]),
            **{name: response[name] for name in RESPONSE_FIELDS},
        )
    return gradable


def _import_drafts(attempts: Iterable[Mapping[str, Any]], responses: Mapping[ResponseKey, Response]) -> int:
    """Add the drafts of the imported responses, and return how many there were."""
    drafts = [
        Draft(response=responses[attempt["public_id"], response["position"]], **draft)
        for attempt in attempts
        for response in attempt["responses"]
        if (attempt["public_id"], response["position"]) in responses
        for draft in response["drafts"]
    ]
    Draft.objects.bulk_create(drafts, batch_size=BATCH_SIZE)
    return len(drafts)


def _unanswered(response: Mapping[str, Any], order: list[int]) -> Mapping[str, Any]:
    """The response without its answer, which the file could not tell, and with options in that order."""
    return {**response, "option_order": order, "answer": None, "answered_at": None, "confidence": "", "seconds": None}


def duration_of(seconds: float | None) -> timedelta | None:
    """Return the seconds as a duration; None if they are unknown."""
    return None if seconds is None else timedelta(seconds=seconds)
