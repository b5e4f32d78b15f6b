"""Brings what somebody has downloaded here or on another site. It only adds: what is there already stays, so that the
same file brings nothing a second time. The file is not trusted: every answer is graded anew."""

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
from questions.personal_data.attempt_importer import Place, duration_of, import_attempts
from questions.personal_data.import_summary import ImportSummary
from questions.scheduling import reviews as study
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import PlanTopic, StudyPlan

AT_ONCE = 500
JOINT = "\n\n"


def import_data(*, owner: Owner, found: dict[str, Any], at: datetime) -> ImportSummary:
    """Adds what the file holds, as `archive_reader` read it, to what the owner has, as far as this site knows it."""
    try:
        with transaction.atomic():
            return _import_data(owner, found, at)
    except IntegrityError:  # the same file was sent twice at the same moment
        with transaction.atomic():
            return _import_data(owner, found, at)


def _import_data(owner: Owner, found: dict[str, Any], at: datetime) -> ImportSummary:
    summary = ImportSummary()
    questions = _by_key(Question, "topic__slug", "slug")
    targets = {
        "question": questions,
        "guide": _by_key(Guide, "topic__slug"),
        "faq": _by_key(FAQ, "guide__topic__slug", "slug"),
    }
    _import_plan(owner, found["plan"], summary)
    responses = import_attempts(owner=owner, found=found, questions=questions, at=at, summary=summary)
    reviews = chain(_rated(found), found["reviews"])
    reviewed = _import_reviews(owner, reviews, questions, responses, at, summary)
    set_aside = _import_cards(owner, found["cards"], questions, summary)
    study.rebuild_cards(owner=owner, questions=reviewed | set_aside)
    _import_notes(owner, found["notes"], targets, summary)
    _import_bookmarks(owner, found["bookmarks"], targets, summary)
    summary.skipped["reports"] += len(found["reports"])
    return summary


Keys = dict[tuple[str, ...], int]


def _by_key(model: Any, *names: str) -> Keys:
    """The ids of all rows by their natural keys."""
    return {tuple(key): pk for pk, *key in model.objects.order_by().values_list("pk", *names)}


def _import_plan(owner: Owner, plan: dict[str, Any] | None, summary: ImportSummary) -> None:
    if plan is None:
        return
    if StudyPlan.objects.owned_by(owner).exists():
        summary.unchanged["plan"] += 1
        return
    values = {name: value for name, value in plan.items() if name != "topics"}
    values["zone"] = plan["zone"] if zone_named(plan["zone"]) else "UTC"
    values["weekdays_off"] = sorted(set(plan["weekdays_off"]))
    values["dates_off"] = sorted({one.isoformat() for one in plan["dates_off"]})
    made = StudyPlan.objects.create(**owner.fields, **values)
    topics = _by_key(Topic, "slug")
    known = [(topics.get((one["topic"],)), one["weight"]) for one in plan["topics"]]
    PlanTopic.objects.bulk_create(PlanTopic(plan=made, topic_id=pk, weight=weight) for pk, weight in known if pk)
    summary.imported["plan"] += 1
    summary.skipped["topics"] += sum(pk is None for pk, _weight in known)


def _rated(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The reviews that stand beside their answers, each whole and with the place of its answer."""
    for attempt in found["attempts"]:
        for one in attempt["responses"]:
            if one["review"]:
                yield one["review"] | {
                    "question": found["revisions"][one["revision"]]["question"],
                    "at": one["answered_at"],
                    "place": (attempt["public_id"], one["position"]),
                    **{name: one[name] for name in ("fraction", "confidence", "seconds")},
                }


def _import_reviews(
    owner: Owner,
    reviews: Iterable[dict[str, Any]],
    questions: Keys,
    responses: dict[Place, Response],
    at: datetime,
    summary: ImportSummary,
) -> set[int]:
    """Adds the reviews of days on which there is none; returns the questions that they are of."""
    today = study.study_day_of(owner=owner, at=at)
    known = Review.objects.owned_by(owner).values_list("question", "at", "day", "undone_at")
    times, counting = set(), set()
    for question, time, day, undone_at in known:
        times.add((question, time))
        if undone_at is None:
            counting.add((question, day))
    made = []
    for one in reviews:
        pk = questions.get(tuple(one["question"]))
        day = (pk, one["day"]) if one["undone_at"] is None else None
        if pk is None:
            summary.skipped["reviews"] += 1
        elif one["day"] > today or one["at"] > at:
            summary.skipped["future"] += 1
        elif (pk, one["at"]) in times or day in counting:
            summary.unchanged["reviews"] += 1
        else:
            times.add((pk, one["at"]))
            counting |= {day} if day else set()
            made.append(_review(owner, pk, one, responses))
    Review.objects.bulk_create(made, batch_size=AT_ONCE)
    summary.imported["reviews"] += len(made)
    return {review.question_id for review in made}


def _review(owner: Owner, question: int, one: dict[str, Any], responses: dict[Place, Response]) -> Review:
    """The review, of the response that came with it where there is one; what it was worth is what that earned here."""
    response = responses.get(one["place"]) if "place" in one else None
    fraction = response.fraction if response is not None else None
    names = ("day", "at", "rating", "confidence", "predicted", "undone_at")
    return Review(
        **owner.fields,
        question_id=question,
        response=None if fraction is None else response,
        fraction=one["fraction"] if fraction is None else fraction,
        duration=duration_of(one["seconds"]),
        **{name: one[name] for name in names},
    )


def _import_cards(owner: Owner, cards: Iterable[dict[str, Any]], questions: Keys, summary: ImportSummary) -> set[int]:
    """Adds how questions are dealt with where that was not said here; returns those questions."""
    known = set(Card.objects.owned_by(owner).values_list("question", flat=True))
    made = {}
    for one in cards:
        pk = questions.get(tuple(one["question"]))
        if pk is None:
            summary.skipped["cards"] += 1
        elif pk in known or pk in made:
            summary.unchanged["cards"] += 1
        else:
            values = {name: one[name] for name in ("status", "buried_on", "taken_up_at")}
            made[pk] = Card(**owner.fields, question_id=pk, **values)
    Card.objects.bulk_create(made.values(), batch_size=AT_ONCE)
    summary.imported["cards"] += len(made)
    return set(made)


def _targets(
    found: Iterable[dict[str, Any]], targets: dict[str, Keys], leave: Callable[[], None]
) -> Iterable[tuple[tuple[str, int], dict[str, Any]]]:
    """Each note or bookmark with the kind and the id of what it is on; calls `leave` for what is not known here."""
    for one in found:
        pk = targets[one["on"]].get(tuple(one["key"]))
        if pk is None:
            leave()
        else:
            yield (one["on"], pk), one


def _import_notes(
    owner: Owner, notes: Iterable[dict[str, Any]], targets: dict[str, Keys], summary: ImportSummary
) -> None:
    """Adds notes; where another one is there already, the text is put beneath it."""
    known = {(note.kind, getattr(note, f"{note.kind}_id")): note for note in Note.objects.owned_by(owner)}
    new: dict[tuple[str, int], Note] = {}
    joined: dict[tuple[str, int], Note] = {}
    for target, one in _targets(notes, targets, lambda: summary.skipped.update(["notes"])):
        note = known.get(target) or new.get(target)
        if note is None:
            kind, pk = target
            values = {f"{kind}_id": pk, "text": one["text"], "written_at": one["written_at"]}
            new[target] = Note(**owner.fields, **values)
            summary.imported["notes"] += 1
        elif one["text"] in note.text:
            summary.unchanged["notes"] += 1
        elif len(note.text) + len(JOINT) + len(one["text"]) > MAX_NOTE_LENGTH:
            summary.skipped["long"] += 1
        else:
            note.text += JOINT + one["text"]
            note.written_at = max(note.written_at, one["written_at"])
            if target in known:
                joined[target] = note
            summary.imported["notes"] += 1
    Note.objects.bulk_create(new.values(), batch_size=AT_ONCE)
    Note.objects.bulk_update(joined.values(), ["text", "written_at"], batch_size=AT_ONCE)


def _import_bookmarks(
    owner: Owner, bookmarks: Iterable[dict[str, Any]], targets: dict[str, Keys], summary: ImportSummary
) -> None:
    known = {(mark.kind, getattr(mark, f"{mark.kind}_id")) for mark in Bookmark.objects.owned_by(owner)}
    made: dict[tuple[str, int], Bookmark] = {}
    for target, one in _targets(bookmarks, targets, lambda: summary.skipped.update(["bookmarks"])):
        if target in known or target in made:
            summary.unchanged["bookmarks"] += 1
        else:
            kind, pk = target
            made[target] = Bookmark(**owner.fields, **{f"{kind}_id": pk}, marked_at=one["marked_at"])
    Bookmark.objects.bulk_create(made.values(), batch_size=AT_ONCE)
    summary.imported["bookmarks"] += len(made)
