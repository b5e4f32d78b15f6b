"""What the file holds: the format "quizsite-data/1", field by field.

Questions are named by their natural key, [topic, slug], and what was asked by its place in `revisions`, from 0.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.personal_data.schema_fields import (
    Added,
    Misfit,
    day,
    flag,
    list_of,
    lists_by_name,
    moment,
    number,
    one_of,
    optional,
    plain,
    record,
    text,
    uid,
    whole,
)

FORMAT = "quizsite-data/1"
MOST = 100_000  # entries of a list
MODES = ("practice", "exam", "today", "interview", "placement")
OPEN, ENDED = "in_progress", ("submitted", "expired", "abandoned")
SURE = ("", "guess", "unsure", "sure")
PARTS = ("answer", "marks")
REMINDERS = ("off", "daily", "weekly")
TARGETS = {"question": 2, "guide": 1, "faq": 2}  # and how many slugs name one
LONGEST_NOTE = 10_000
LONGEST_REPORT = 2_000
LONGEST_CLOSING = 5_000
MOST_DRAFTS, LONGEST_DRAFT = 10, 50_000  # of each part, and in characters
MOST_FIELDS, MOST_NUMBER = 1_000, 2**31 - 1
MOST_SECONDS = 10_000_000

slug = text(80, least=1)
question = list_of(slug, 2)
seconds = optional(number(0, MOST_SECONDS))
fraction = number(0, 1)


def _named(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that a question is named by two slugs."""
    if len(found["question"]) != 2:
        raise Misfit(_("must name a topic and a question.")).within(".question")
    return found


def _attached(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that what something is attached to is named by as many slugs as it takes."""
    length = TARGETS[found["on"]]
    if len(found["key"]) != length:
        text = ngettext("must be a list of exactly %d slug.", "must be a list of exactly %d slugs.", length)
        raise Misfit(text % length).within(".key")
    return found


def _whole_plan(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that no topic stands in a plan twice."""
    slugs = [one["topic"] for one in found["topics"]]
    if len(set(slugs)) < len(slugs):
        raise Misfit(_("names a topic twice.")).within(".topics")
    return found


def _answered_or_not(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that an answer and its time come together, unless the file was not allowed to tell how options were ordered;
    and that a review is one of something that was graded."""
    if found["option_order"] is None and found["answer"] is not None:
        raise Misfit(_("is allowed only with “option_order”.")).within(".answer")
    if found["option_order"] is not None and (found["answer"] is None) != (found["answered_at"] is None):
        raise Misfit(_("is required with an answer, and not allowed without one.")).within(".answered_at")
    if found["option_order"] is None and found["drafts"]:
        raise Misfit(_("is allowed only with “option_order”.")).within(".drafts")
    if found["review"] is not None and (found["answer"] is None or found["fraction"] is None):
        raise Misfit(_("is allowed only with “answer” and “fraction”.")).within(".review")
    return found


def _ticks_of_marks(found: dict[str, Any]) -> dict[str, Any]:
    """Return the draft; raise Misfit if it is of marks, and has another field than the ticks."""
    if found["part"] == "marks" and list(found["fields"]) != ["met"]:
        raise Misfit(_("must contain only “met”.")).within(".fields")
    return found


def _drafts(value: Any) -> list[dict[str, Any]]:
    """Return the drafts of a response, one of each page and part. Raises Misfit."""
    found: list[dict[str, Any]] = list_of(draft, 2 * MOST_DRAFTS)(value)
    pages = [(one["part"], one["page"]) for one in found]
    if len(set(pages)) < len(pages):
        raise Misfit(_("has two drafts of the same page."))
    return found


def _coherent(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that an attempt has ended or not, and that its questions have places of their own."""
    if (found["status"] == OPEN) != (found["submitted_at"] is None):
        raise Misfit(_("is required if the attempt has ended, and not allowed otherwise.")).within(".submitted_at")
    if found["deadline_at"] is not None and found["deadline_at"] <= found["started_at"]:
        raise Misfit(_("must be after “started_at”.")).within(".deadline_at")
    places = [one["position"] for one in found["responses"]]
    if len(set(places)) < len(places):
        raise Misfit(_("has two answers at the same position.")).within(".responses")
    return found


account = record(
    username=text(150),
    email=text(254),
    emails=list_of(text(254), 100),
    joined=moment,
)
revision = record(_named, question=question, digest=text(64, least=64), content=optional(plain))
plan = record(
    _whole_plan,
    interview_on=optional(day),
    zone=text(64, least=1),
    minutes=whole(1, 480),
    weekdays_off=list_of(whole(0, 6), 7),
    dates_off=list_of(day, 1_000),
    retention=number(0.7, 0.97),
    begun_on=day,
    updated_at=moment,
    mock_interviews=Added(flag, True),
    reminders=Added(one_of(*REMINDERS), "off"),
    reminder_language=Added(text(10), ""),
    reminded_on=Added(optional(day), None),
    topics=list_of(record(topic=slug, weight=whole(1, 3)), 1_000),
)
rated = {"day": day, "rating": whole(1, 4), "predicted": optional(fraction), "undone_at": optional(moment)}
draft = record(
    _ticks_of_marks,
    part=one_of(*PARTS),
    page=uid,
    number=whole(0, MOST_NUMBER),
    seen=text(40),
    fields=partial(lists_by_name, most=MOST_FIELDS, most_characters=LONGEST_DRAFT),
    saved_at=moment,
)
response = record(
    _answered_or_not,
    position=whole(1, 32_767),
    revision=whole(0, MOST),
    option_order=optional(list_of(whole(0, 999), 1_000)),  # null, as the answer, while it would tell what is right
    answer=optional(plain),
    fraction=optional(fraction),
    confidence=one_of(*SURE),
    flagged=flag,
    answered_at=optional(moment),
    seconds=seconds,
    drafts=Added(_drafts, ()),
    review=optional(record(**rated)),  # of this answer: when, how sure and how fast is said beside it
)
attempt = record(
    _coherent,
    public_id=uid,
    title=text(200),
    quiz=optional(slug),
    mode=one_of(*MODES),
    status=one_of(OPEN, *ENDED),
    seed=optional(whole(0, 2**63 - 1)),  # null while the attempt goes on
    started_at=moment,
    deadline_at=optional(moment),
    submitted_at=optional(moment),
    imported_at=optional(moment),
    closing_question=Added(text(LONGEST_CLOSING), ""),
    responses=list_of(response, 1_000),
)
review = record(
    _named, question=question, at=moment, fraction=fraction, confidence=one_of(*SURE), seconds=seconds, **rated
)
memory = record(
    reviewed_on=day,
    due_on=day,
    stability=number(0, 1_000_000),
    difficulty=number(0, 100),
    state=whole(0, 9),
    step=optional(whole(0, 99)),
)
card = record(
    _named,
    question=question,
    status=one_of("active", "suspended", "known", "leech"),
    buried_on=optional(day),
    taken_up_at=optional(moment),
    misses=whole(0, 32_767),
    memory=optional(memory),
)
note = record(_attached, on=one_of(*TARGETS), key=list_of(slug, 2), text=text(LONGEST_NOTE, least=1), written_at=moment)
bookmark = record(_attached, on=one_of(*TARGETS), key=list_of(slug, 2), marked_at=moment)
report = record(
    attempt=uid,
    position=whole(1, 32_767),
    revision=whole(0, MOST),
    reason=text(20),
    text=text(LONGEST_REPORT),
    reported_at=moment,
    outcome=text(20),
    reply=text(LONGEST_REPORT),
    decided_at=optional(moment),
)
regrading = record(
    attempt=uid,
    position=whole(1, 32_767),
    before=fraction,
    after=fraction,
    reason=text(LONGEST_REPORT),
    at=moment,
)

# The lists of the file, in the order in which it holds them.
LISTS = {
    "revisions": revision,
    "attempts": attempt,
    "reviews": review,
    "cards": card,
    "notes": note,
    "bookmarks": bookmark,
    "reports": report,
    "regradings": regrading,
}


def _linked(found: dict[str, Any]) -> dict[str, Any]:
    """Sees that everything that was asked is among the revisions, and that nothing stands there twice."""
    count = len(found["revisions"])
    for number_, one in enumerate(found["attempts"]):
        for place, asked in enumerate(one["responses"]):
            if asked["revision"] >= count:
                problem = Misfit(_("names a revision that is not in the file.")).within(".revision")
                raise problem.within(f"attempts[{number_}].responses[{place}]")
    ids = [one["public_id"] for one in found["attempts"]]
    if len(set(ids)) < len(ids):
        raise Misfit(_("has two attempts with the same ID.")).within("attempts")
    return found


document = record(
    _linked,
    format=one_of(FORMAT),
    made_at=moment,
    account=optional(account),
    plan=optional(plan),
    **{name: list_of(check, MOST) for name, check in LISTS.items()},
)
