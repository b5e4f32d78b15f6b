"""Drafts: keep what a page holds and no answer does yet, show it again, and turn it into the answer at the end."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft, PageSave, stamp_of, stamp_of_marks
from questions.attempts.models import Attempt, Response
from questions.performance.sqlite_write_lock import serialized

MAX_VERSIONS = 10  # drafts of different pages for the same question
MAX_CHARACTERS = 50_000  # of one draft: two answers of the longest kind, and then some


class TooMuch(Exception):
    """The draft is too long, or there are too many of other pages. It was not saved."""


@serialized
def save(
    *,
    response: Response,
    page: PageSave,
    fields: Mapping[str, list[str]],
    at: datetime,
    part: str = Draft.Part.ANSWER,
) -> None:
    """Keep what the page holds, in place of the drafts that it was based on; drafts of other pages stay.

    A save that a later one of the same page has overtaken changes nothing. Raises TooMuch.
    """
    if sum(len(value) for values in fields.values() for value in values) > MAX_CHARACTERS:
        raise TooMuch
    values = {"number": page.number, "seen": page.seen, "fields": fields, "saved_at": at}
    drafts = Draft.objects.filter(response=response, part=part)
    with transaction.atomic():
        if not drafts.saved_by(page.page, page.number).update(**values):
            _create(response, part, page, values)
        _discard_base(response, part, page)


def _create(response: Response, part: str, page: PageSave, values: dict[str, Any]) -> None:
    """Save the first draft of the page; do nothing if the page has saved a later one meanwhile. Raises TooMuch."""
    drafts = Draft.objects.filter(response=response, part=part)
    others = list(drafts.values_list("page", flat=True))
    source = page.page or uuid.uuid4()
    if source in others:
        return
    if len(others) >= MAX_VERSIONS:
        raise TooMuch
    try:
        with transaction.atomic():
            Draft.objects.create(response=response, part=part, page=source, **values)
    except IntegrityError:  # the same page at the same time
        drafts.saved_by(page.page, page.number).update(**values)


def use(*, response: Response, pk: int, at: datetime) -> None:
    """Make the draft of another page the one that the question's page shows; nothing happens if it is gone."""
    last = at + timedelta(microseconds=1)  # after what the page itself has just saved
    for part, seen in ((Draft.Part.ANSWER, stamp_of(response)), (Draft.Part.MARKS, stamp_of_marks(response))):
        response.drafts.filter(pk=pk, part=part).update(seen=seen, saved_at=last)


@serialized
def discard(*, response: Response, page: PageSave, part: str = Draft.Part.ANSWER) -> None:
    """Delete the drafts of the page and those that it was based on, whose text has become the answer."""
    with transaction.atomic():
        Draft.objects.filter(response=response, part=part).saved_by(page.page, page.number).delete()
        _discard_base(response, part, page)


def _discard_base(response: Response, part: str, page: PageSave) -> None:
    for base, number in page.based_on:
        if base != page.page:
            Draft.objects.filter(response=response, part=part).saved_by(base, number).delete()


def adopt(ended: Iterable[Attempt]) -> None:
    """Make the last draft of each response in an interview that has just ended its answer, if it is a valid one."""
    interviews = {attempt.pk: attempt for attempt in ended if attempt.is_interview}
    if not interviews:
        return
    found = Draft.objects.of_answers().of_attempts(interviews.values()).select_related("response__revision__question")
    last_first = found.order_by("-saved_at", "-pk")
    adopted = set[int]()
    for draft in last_first:
        response = draft.response
        response.attempt = interviews[response.attempt_id]
        if response.pk in adopted or draft.seen != stamp_of(response):
            continue
        asked = AskedQuestion(response)
        form = asked.form(draft.data)
        if not form.is_valid() or (answer := form.answer()) is None:
            continue
        response.answer = asked.question_type.merge(response.answer, answer)
        response.fraction = asked.question_type.grade(asked.item, response.answer).fraction
        response.answered_at = min(draft.saved_at, response.attempt.deadline_at or draft.saved_at)
        response.save(update_fields=["answer", "fraction", "answered_at"])
        draft.delete()
        adopted.add(response.pk)
