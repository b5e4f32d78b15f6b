"""Export of all personal data of one owner."""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.attempts.regrade_models import RegradedResponse
from questions.bank.models.revisions import QuestionRevision
from questions.enums import AttemptStatus
from questions.notes.models import Bookmark, Note
from questions.personal_data import archive_writer
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import StudyPlan
from questions.secrecy import is_revealed

CHUNK_SIZE = 2000
Records = Iterator[dict[str, Any]]


def export(*, owner: Owner, file: IO[bytes], at: datetime) -> None:
    """Write the owner's data to the file as a ZIP, in a fixed number of queries.

    Of a response that is not revealed there are neither its fraction nor the content of its question nor anything in
    the author's order of the options where that order is the key; nor is there the seed that it was drawn by.
    """
    attempts.close_overdue(owner=owner, at=at)
    archive_writer.write(file, parts(owner=owner, at=at), readme=readme())


def parts(*, owner: Owner, at: datetime) -> archive_writer.Parts:
    """Return the owner's data; its lists are read from the database while they are written."""
    responses = Response.objects.owned_by(owner)
    revisions = QuestionRevision.objects.asked_in(responses).select_related("question__topic")
    indices = {revision.pk: index for index, revision in enumerate(revisions)}
    revealed = set(responses.revealed().values_list("revision", flat=True).distinct())
    key_orders = {revision.pk for revision in revisions if types.get(revision.content["type"]).order_is_key}
    return archive_writer.Parts(
        made_at=at,
        account=_account(owner),
        plan=_plan(owner),
        lists={
            "revisions": [
                {
                    "question": [revision.question.topic.slug, revision.question.slug],
                    "digest": revision.digest,
                    "content": revision.content if revision.pk in revealed else None,
                }
                for revision in revisions
            ],
            "attempts": _attempts(owner, responses, indices, key_orders),
            "reviews": _reviews(owner),
            "cards": _cards(owner),
            "notes": _attached(Note.objects.owned_by(owner), "text", "written_at"),
            "bookmarks": _attached(Bookmark.objects.owned_by(owner), "marked_at"),
            "reports": _reports(owner, indices),
            "regradings": _regradings(responses.revealed()),
        },
    )


def _account(owner: Owner) -> dict[str, Any] | None:
    if owner.user_id is None:
        return None
    user = User.objects.get(pk=owner.user_id)
    emails = user.emailaddress_set.order_by("pk").values_list("email", flat=True)  # type: ignore[attr-defined]
    return {"username": user.username, "email": user.email, "emails": list(emails), "joined": user.date_joined}


PLAN_FIELDS = (
    *("interview_on", "zone", "minutes", "weekdays_off", "dates_off", "retention", "begun_on", "updated_at"),
    *("mock_interviews", "reminders", "reminder_language", "reminded_on"),
)


def _plan(owner: Owner) -> dict[str, Any] | None:
    plan = StudyPlan.objects.owned_by(owner).first()
    if plan is None:
        return None
    topics = plan.topics.values_list("topic__slug", "weight")
    return {name: getattr(plan, name) for name in PLAN_FIELDS} | {
        "topics": [{"topic": slug, "weight": weight} for slug, weight in topics]
    }


ATTEMPT_FIELDS = (
    "public_id",
    "title",
    "mode",
    "status",
    "seed",
    "started_at",
    "deadline_at",
    "submitted_at",
    "imported_at",
    "closing_question",
)
RESPONSE_FIELDS = ("position", "option_order", "answer", "fraction", "confidence", "flagged", "answered_at")
AUTHOR_ORDER_FIELDS = ("option_order", "answer")  # they name options by their position in the author's order
DRAFT_FIELDS = ("part", "page", "number", "seen", "fields", "saved_at")
REVIEW_FIELDS = ("day", "rating", "predicted", "undone_at")


def _attempts(
    owner: Owner, responses: QuerySet[Response], indices: dict[int, int], key_orders: Container[int]
) -> Records:
    """Yield the attempts with their responses; attempts without responses, which should not exist, come last.

    `key_orders` are the revisions whose key is the author's order of the options.
    """
    attempts = {row["pk"]: row for row in Attempt.objects.owned_by(owner).values("pk", "quiz__slug", *ATTEMPT_FIELDS)}
    ordered = responses.order_by("attempt__started_at", "attempt", "position")
    of_review = (f"review__{name}" for name in REVIEW_FIELDS)
    rows = ordered.values("pk", "attempt", "revision", "duration", *RESPONSE_FIELDS, *of_review).iterator(CHUNK_SIZE)
    drafts = _drafts(owner)
    for pk, group in groupby(rows, key=itemgetter("attempt")):
        if pk in attempts:  # leave out an attempt that was started after `attempts` was read
            found = [row | {"drafts": drafts.get(row["pk"], [])} for row in group]
            yield _attempt(attempts.pop(pk), found, indices, key_orders)
    for row in attempts.values():
        yield _attempt(row, [], indices, key_orders)


def _drafts(owner: Owner) -> dict[int, list[dict[str, Any]]]:
    """Return the drafts of the owner's responses by the responses' ids."""
    rows = Draft.objects.owned_by(owner).order_by("response", "pk")
    groups = groupby(rows.values("response", *DRAFT_FIELDS), key=itemgetter("response"))
    return {pk: [{name: row[name] for name in DRAFT_FIELDS} for row in group] for pk, group in groups}


def _attempt(
    row: dict[str, Any], responses: list[dict[str, Any]], indices: dict[int, int], key_orders: Container[int]
) -> dict[str, Any]:
    return {name: row[name] for name in ATTEMPT_FIELDS} | {
        "quiz": row["quiz__slug"],
        "seed": None if row["status"] == AttemptStatus.IN_PROGRESS else row["seed"],
        "responses": [
            {name: response[name] for name in RESPONSE_FIELDS}
            | {
                "revision": indices[response["revision"]],
                "seconds": _seconds(response["duration"]),
                "drafts": response["drafts"],
                "review": _review(response) if response["review__day"] else None,
            }
            | _withheld(row, response, key_orders)
            for response in responses
            if response["revision"] in indices
        ],
    }


def _withheld(row: dict[str, Any], response: dict[str, Any], key_orders: Container[int]) -> dict[str, Any]:
    """Return the fields of a response that would reveal too much, as the file has them instead."""
    if is_revealed(status=row["status"], mode=row["mode"], answered_at=response["answered_at"]):
        return {}
    if response["revision"] not in key_orders:
        return {"fraction": None}
    return dict.fromkeys(("fraction", *AUTHOR_ORDER_FIELDS)) | {"drafts": []}  # they follow the order of the options


def _review(response: dict[str, Any]) -> dict[str, Any]:
    return {name: response[f"review__{name}"] for name in REVIEW_FIELDS}


def _reviews(owner: Owner) -> Records:
    """Yield the reviews whose responses no longer exist; the others are stored within their responses."""
    names = ("at", "fraction", "confidence", *REVIEW_FIELDS)
    rows = Review.objects.owned_by(owner).without_response()
    for row in rows.values("question__topic__slug", "question__slug", "duration", *names).iterator(CHUNK_SIZE):
        yield {name: row[name] for name in names} | {
            "question": [row["question__topic__slug"], row["question__slug"]],
            "seconds": _seconds(row["duration"]),
        }


def _cards(owner: Owner) -> Records:
    for card in Card.objects.owned_by(owner).select_related("question__topic").iterator(CHUNK_SIZE):
        names = ("reviewed_on", "due_on", "stability", "difficulty", "state", "step")
        yield {
            "question": [card.question.topic.slug, card.question.slug],
            "status": card.status,
            "buried_on": card.buried_on,
            "taken_up_at": card.taken_up_at,
            "misses": card.misses,
            "memory": {name: getattr(card, name) for name in names} if card.memory else None,
        }


def _attached(rows: Any, *names: str) -> Records:
    for row in rows.with_target().order_by("pk").iterator(CHUNK_SIZE):
        yield {"on": row.kind, "key": list(row.target.natural_key())} | {name: getattr(row, name) for name in names}


def _reports(owner: Owner, indices: dict[int, int]) -> Records:
    names = ("reason", "text", "reported_at", "outcome", "reply", "decided_at")
    for report in QuestionReport.objects.by_owner(owner).with_question().order_by("pk").iterator(CHUNK_SIZE):
        if report.response is not None and report.revision_id in indices:
            yield {name: getattr(report, name) for name in names} | {
                "attempt": report.response.attempt.public_id,
                "position": report.response.position,
                "revision": indices[report.revision_id],
            }


def _regradings(responses: QuerySet[Response]) -> Records:
    names = {"response__attempt__public_id": "attempt", "response__position": "position"}
    names |= {"before": "before", "after": "after", "regrade__reason": "reason", "regrade__done_at": "at"}
    for row in (
        RegradedResponse.objects.filter(response__in=responses).order_by("pk").values(*names).iterator(CHUNK_SIZE)
    ):
        yield {name: row[column] for column, name in names.items()}


def _seconds(duration: timedelta | None) -> float | None:
    return duration.total_seconds() if duration is not None else None


def readme() -> str:
    """Return the text of README.txt, which describes the files of the ZIP."""
    return _(
        """Your data on this site.

data.json      All your data, in the format "quizsite-data/1". You can import this file, or the whole ZIP
               file, on this site or on another one: use the form on the page "Your data".
attempts.csv   The quizzes and interviews that you took, one per row.
answers.csv    Your answers, one per row: the question, your answer, the share of the credit that it earned
               (0 to 1), how sure you were, and how many seconds you took.
reviews.csv    The answers that your study plan uses: your first answer to each question on each day.
notes.csv      Your notes.
bookmarks.csv  Your bookmarks.

Times are in UTC. Tables are comma-separated and encoded in UTF-8. Text that a spreadsheet might read as a
formula starts with an apostrophe in the tables; data.json contains it as you wrote it.

data.json identifies a question by its topic and its slug. "revisions" contains the wording that you saw, and
"drafts" contains what you wrote or ticked but did not submit. While the right answers are still hidden, as in
an exam in progress, the right answers, your scores, and the order or matches that you chose are left out.
Download your data again when the quiz has ended.

Not included: your password, which the site does not know; the secrets of your two-step login; the address of
your calendar, because anyone who has it can read your calendar; and your recordings, theme and shortcut
settings, which only your browser stores.
"""
    )
