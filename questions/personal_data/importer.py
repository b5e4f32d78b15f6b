"""Import of personal data that was downloaded from this or another site.

The import only adds: existing data stays as it is, so importing the same file twice changes nothing. The file is not
trusted: every answer is graded again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction

from questions.accounts.owners import Owner
from questions.accounts.preferences import zone_named
from questions.attempts.models import Response
from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, Guide, Topic
from questions.notes.models import MAX_NOTE_LENGTH, Bookmark, Note
from questions.personal_data.attempt_importer import ResponseKey, duration_of, import_attempts
from questions.personal_data.import_summary import ImportSummary
from questions.scheduling import reviews as scheduling
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import PlanTopic, StudyPlan

BATCH_SIZE = 500
NOTE_SEPARATOR = "\n\n"

# Of a plan: a file turns no email on, since it cannot tell whether the address is confirmed here.
NOT_IMPORTED = {"topics", "reminders", "reminder_language", "reminded_on"}


def import_data(*, owner: Owner, data: dict[str, Any], at: datetime) -> ImportSummary:
    """Add the data that `archive_reader` has read to the owner's data, and return what was imported and skipped.

    Skips everything about questions, guides and topics that this site does not have.
    """
    try:
        with transaction.atomic():
            return _import_data(owner, data, at)
    except IntegrityError:  # the same file was imported twice at once; by now the first import is there
        with transaction.atomic():
            return _import_data(owner, data, at)


def _import_data(owner: Owner, data: dict[str, Any], at: datetime) -> ImportSummary:
    summary = ImportSummary()
    questions = _by_key(Question, "topic__slug", "slug")
    targets = {
        "question": questions,
        "guide": _by_key(Guide, "topic__slug"),
        "faq": _by_key(FAQ, "guide__topic__slug", "slug"),
    }
    _import_plan(owner, data["plan"], summary)
    responses = import_attempts(owner=owner, data=data, questions=questions, at=at, summary=summary)
    reviews = chain(_reviews_of_responses(data), data["reviews"])
    reviewed = _import_reviews(owner, reviews, questions, responses, at, summary)
    set_aside = _import_cards(owner, data["cards"], questions, summary)
    scheduling.rebuild_cards(owner=owner, questions=reviewed | set_aside)
    _import_notes(owner, data["notes"], targets, summary)
    _import_bookmarks(owner, data["bookmarks"], targets, summary)
    summary.skipped["reports"] += len(data["reports"])
    return summary


Keys = dict[tuple[str, ...], int]


def _by_key(model: Any, *names: str) -> Keys:
    """Return the ids of all rows by natural key."""
    return {tuple(key): pk for pk, *key in model.objects.order_by().values_list("pk", *names)}


def _import_plan(owner: Owner, plan: dict[str, Any] | None, summary: ImportSummary) -> None:
    if plan is None:
        return
    if StudyPlan.objects.owned_by(owner).exists():
        summary.unchanged["plan"] += 1
        return
    values = {name: value for name, value in plan.items() if name not in NOT_IMPORTED}
    values["zone"] = plan["zone"] if zone_named(plan["zone"]) else "UTC"
    values["weekdays_off"] = sorted(set(plan["weekdays_off"]))
    values["dates_off"] = sorted({day.isoformat() for day in plan["dates_off"]})
    new = StudyPlan.objects.create(**owner.fields, **values)
    topics = _by_key(Topic, "slug")
    known = [(topics.get((record["topic"],)), record["weight"]) for record in plan["topics"]]
    PlanTopic.objects.bulk_create(PlanTopic(plan=new, topic_id=pk, weight=weight) for pk, weight in known if pk)
    summary.imported["plan"] += 1
    summary.skipped["topics"] += sum(pk is None for pk, _weight in known)


def _reviews_of_responses(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the reviews that are stored within responses, completed to the shape of the others and with a key."""
    for attempt in data["attempts"]:
        for response in attempt["responses"]:
            if response["review"]:
                yield response["review"] | {
                    "question": data["revisions"][response["revision"]]["question"],
                    "at": response["answered_at"],
                    "response": (attempt["public_id"], response["position"]),
                    **{name: response[name] for name in ("fraction", "confidence", "seconds")},
                }


def _import_reviews(
    owner: Owner,
    reviews: Iterable[dict[str, Any]],
    questions: Keys,
    responses: dict[ResponseKey, Response],
    at: datetime,
    summary: ImportSummary,
) -> set[int]:
    """Add the reviews of questions on days without one, and return the ids of these questions."""
    today = scheduling.study_day_of(owner=owner, at=at)
    known = Review.objects.owned_by(owner).values_list("question", "at", "day", "undone_at")
    times, counting = set(), set()
    for question, time, day, undone_at in known:
        times.add((question, time))
        if undone_at is None:
            counting.add((question, day))
    new = []
    for record in reviews:
        pk = questions.get(tuple(record["question"]))
        day = (pk, record["day"]) if record["undone_at"] is None else None
        if pk is None:
            summary.skipped["reviews"] += 1
        elif record["day"] > today or record["at"] > at:
            summary.skipped["future"] += 1
        elif (pk, record["at"]) in times or day in counting:
            summary.unchanged["reviews"] += 1
        else:
            times.add((pk, record["at"]))
            counting |= {day} if day else set()
            new.append(_review(owner, pk, record, responses))
    Review.objects.bulk_create(new, batch_size=BATCH_SIZE)
    summary.imported["reviews"] += len(new)
    return {review.question_id for review in new}


def _review(owner: Owner, question: int, record: dict[str, Any], responses: dict[ResponseKey, Response]) -> Review:
    """Return the review, linked to its imported response and with the fraction graded here, if there is one."""
    response = responses.get(record["response"]) if "response" in record else None
    fraction = response.fraction if response is not None else None
    names = ("day", "at", "rating", "confidence", "predicted", "undone_at")
    return Review(
        **owner.fields,
        question_id=question,
        response=None if fraction is None else response,
        fraction=record["fraction"] if fraction is None else fraction,
        duration=duration_of(record["seconds"]),
        **{name: record[name] for name in names},
    )


def _import_cards(owner: Owner, cards: Iterable[dict[str, Any]], questions: Keys, summary: ImportSummary) -> set[int]:
    """Add the cards of questions without one, and return the ids of these questions."""
    known = set(Card.objects.owned_by(owner).values_list("question", flat=True))
    new = {}
    for record in cards:
        pk = questions.get(tuple(record["question"]))
        if pk is None:
            summary.skipped["cards"] += 1
        elif pk in known or pk in new:
            summary.unchanged["cards"] += 1
        else:
            values = {name: record[name] for name in ("status", "buried_on", "taken_up_at")}
            new[pk] = Card(**owner.fields, question_id=pk, **values)
    Card.objects.bulk_create(new.values(), batch_size=BATCH_SIZE)
    summary.imported["cards"] += len(new)
    return set(new)


def _targets(
    records: Iterable[dict[str, Any]], targets: dict[str, Keys], skip: Callable[[], None]
) -> Iterable[tuple[tuple[str, int], dict[str, Any]]]:
    """Yield kind and id of the target of each note or bookmark, and the record; call `skip` for unknown targets."""
    for record in records:
        pk = targets[record["on"]].get(tuple(record["key"]))
        if pk is None:
            skip()
        else:
            yield (record["on"], pk), record


def _import_notes(
    owner: Owner, notes: Iterable[dict[str, Any]], targets: dict[str, Keys], summary: ImportSummary
) -> None:
    """Add the notes; append the text to a note that exists already."""
    known = {(note.kind, getattr(note, f"{note.kind}_id")): note for note in Note.objects.owned_by(owner)}
    new: dict[tuple[str, int], Note] = {}
    changed: dict[tuple[str, int], Note] = {}
    for target, record in _targets(notes, targets, lambda: summary.skipped.update(["notes"])):
        note = known.get(target) or new.get(target)
        if note is None:
            kind, pk = target
            values = {f"{kind}_id": pk, "text": record["text"], "written_at": record["written_at"]}
            new[target] = Note(**owner.fields, **values)
            summary.imported["notes"] += 1
        elif record["text"] in note.text:
            summary.unchanged["notes"] += 1
        elif len(note.text) + len(NOTE_SEPARATOR) + len(record["text"]) > MAX_NOTE_LENGTH:
            summary.skipped["long"] += 1
        else:
            note.text += NOTE_SEPARATOR + record["text"]
            note.written_at = max(note.written_at, record["written_at"])
            if target in known:
                changed[target] = note
            summary.imported["notes"] += 1
    Note.objects.bulk_create(new.values(), batch_size=BATCH_SIZE)
    Note.objects.bulk_update(changed.values(), ["text", "written_at"], batch_size=BATCH_SIZE)


def _import_bookmarks(
    owner: Owner, bookmarks: Iterable[dict[str, Any]], targets: dict[str, Keys], summary: ImportSummary
) -> None:
    known = {(mark.kind, getattr(mark, f"{mark.kind}_id")) for mark in Bookmark.objects.owned_by(owner)}
    new: dict[tuple[str, int], Bookmark] = {}
    for target, record in _targets(bookmarks, targets, lambda: summary.skipped.update(["bookmarks"])):
        if target in known or target in new:
            summary.unchanged["bookmarks"] += 1
        else:
            kind, pk = target
            new[target] = Bookmark(**owner.fields, **{f"{kind}_id": pk}, marked_at=record["marked_at"])
    Bookmark.objects.bulk_create(new.values(), batch_size=BATCH_SIZE)
    summary.imported["bookmarks"] += len(new)
