"""Drafts: keep what a page holds and no answer does yet, show it again, and turn it into the answer at the end."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.draft_models import Draft, PageSave, stamp_of, stamp_of_marks
from questions.attempts.models import Attempt, Response
from questions.attempts.signals import answer_recorded
from questions.performance.compiled_queries import CompiledUpdate, Parameter
from questions.performance.sqlite_write_lock import serialized

MAX_VERSIONS = 10  # drafts of different pages for the same question
MAX_CHARACTERS = 50_000  # of one draft: two answers of the longest kind, and then some


def _save_of_a_page() -> tuple[models.QuerySet[Draft], dict[str, Parameter]]:
    """Return the update of a page's draft by a later save of that page."""
    response = Parameter("response", models.BigAutoField())
    part, page = Parameter.of_field(Draft, "part"), Parameter.of_field(Draft, "page")
    values = {name: Parameter.of_field(Draft, name) for name in ("number", "seen", "fields", "saved_at")}
    rows = Draft.objects.filter(response=response, part=part, page=page, number__lte=values["number"])
    return rows, values


_UPDATE = CompiledUpdate(_save_of_a_page)


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

    A save that a later one of the same page has overtaken changes nothing. Raises TooMuch; of ticks, the oldest draft
    goes instead.
    """
    if sum(len(value) for values in fields.values() for value in values) > MAX_CHARACTERS:
        raise TooMuch
    values = {"number": page.number, "seen": page.seen, "fields": fields, "saved_at": at}
    if not page.based_on and _update(response, part, page, values):
        return
    with transaction.atomic():
        _discard_base(response, part, page)  # first, so that a page can replace one of the most that there may be
        if not _update(response, part, page, values):
            _create(response, part, page, values)


def _update(response: Response, part: str, page: PageSave, values: dict[str, Any]) -> bool:
    """Save over the draft of the page; return False if it has none, or has made a later save."""
    return page.page is not None and _UPDATE(response=response.pk, part=part, page=page.page, **values) > 0


def _create(response: Response, part: str, page: PageSave, values: dict[str, Any]) -> None:
    """Save the first draft of the page; do nothing if the page has saved a later one meanwhile. Raises TooMuch."""
    drafts = Draft.objects.filter(response=response, part=part)
    others = list(drafts.values_list("page", flat=True))
    source = page.page or uuid.uuid4()
    if source in others:
        return
    if len(others) >= MAX_VERSIONS:
        if part == Draft.Part.ANSWER:
            raise TooMuch
        drafts.filter(page=others[-1]).delete()
    try:
        with transaction.atomic():
            Draft.objects.create(response=response, part=part, page=source, **values)
    except IntegrityError:  # the same page at the same time
        _update(response, part, page, values)


def use(*, response: Response, pk: int, at: datetime) -> None:
    """Make the draft of another page the one that the question's page shows; nothing happens if it is gone."""
    last = at + timedelta(microseconds=1)  # after what the page itself has just saved
    for part, seen in ((Draft.Part.ANSWER, stamp_of(response)), (Draft.Part.MARKS, stamp_of_marks(response))):
        response.drafts.filter(pk=pk, part=part).update(seen=seen, saved_at=last)


def delete(*, response: Response, pk: int, number: int) -> None:
    """Delete the draft of another page, and those with the same text, unless it has changed since that save."""
    found = list(response.drafts.all())
    unwanted = [(draft.part, draft.fields) for draft in found if draft.pk == pk and draft.number <= number]
    response.drafts.filter(pk__in=[draft.pk for draft in found if (draft.part, draft.fields) in unwanted]).delete()


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


def typed_in(attempt: Attempt) -> set[int]:
    """Return the ids of the attempt's responses with drafts in which something is filled in."""
    found = Draft.objects.of_answers().of_attempts([attempt])
    return {draft.response_id for draft in found if not draft.is_blank}


def adopt(ended: Iterable[Attempt]) -> None:
    """Make the last draft with a valid answer the answer of its response, in interviews that have just ended."""
    interviews = {attempt.pk: attempt for attempt in ended if attempt.is_interview}
    if not interviews:
        return
    found = Draft.objects.of_answers().of_attempts(interviews.values()).select_related("response__revision__question")
    last_first = found.order_by("-saved_at", "-pk")
    adopted = set[int]()
    for draft in last_first:
        response = draft.response
        response.attempt = interviews[response.attempt_id]
        if response.pk in adopted or draft.seen != stamp_of(response) or draft.is_blank:
            continue
        asked = AskedQuestion(response)
        form = asked.form(draft.data)
        if not form.is_valid() or (answer := form.answer()) is None:
            continue
        response.answer = asked.question_type.merge(response.answer, answer)
        response.fraction = asked.question_type.grade(asked.item, response.answer).fraction
        response.answered_at = min(draft.saved_at, response.attempt.deadline_at or draft.saved_at)
        response.save(update_fields=["answer", "fraction", "answered_at"])
        answer_recorded.send(Response)
        draft.delete()
        adopted.add(response.pk)
