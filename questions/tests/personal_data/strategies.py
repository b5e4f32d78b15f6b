"""Hypothesis strategies for personal data documents as the site writes them."""

import uuid
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from questions import types
from questions.personal_data import schema
from questions.tests.strategies import answer_to, anything, full_items, slugs

FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2199-12-31")
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
days = st.dates(FIRST.date(), LAST.date())
fractions = st.floats(0, 1)
seconds = st.none() | st.floats(0, 1_000_000)
sure = st.sampled_from(schema.SURE)
keys = st.tuples(slugs, slugs).map(list)
texts = anything


def record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


accounts = record(username=texts, email=texts, emails=st.lists(texts, max_size=2), joined=moments)
plans = record(
    interview_on=st.none() | days,
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "Nowhere/At_all"]),
    minutes=st.integers(1, 480),
    weekdays_off=st.lists(st.integers(0, 6), max_size=7),
    dates_off=st.lists(days, max_size=3),
    retention=st.floats(0.7, 0.97),
    begun_on=days,
    updated_at=moments,
    mock_interviews=st.booleans(),
    reminders=st.sampled_from(schema.REMINDERS),
    reminder_language=st.sampled_from(["", "de"]),
    reminded_on=st.none() | days,
    topics=st.lists(record(topic=slugs, weight=st.integers(1, 3)), max_size=3, unique_by=lambda one: one["topic"]),
)
RATED = {
    "day": days,
    "rating": st.integers(1, 4),
    "predicted": st.none() | fractions,
    "undone_at": st.none() | moments,
}
reviews = record(question=keys, at=moments, fraction=fractions, confidence=sure, seconds=seconds, **RATED)
memories = record(
    reviewed_on=days,
    due_on=days,
    stability=st.floats(0.01, 1000),
    difficulty=st.floats(1, 10),
    state=st.integers(1, 3),
    step=st.none() | st.integers(0, 3),
)
cards = record(
    question=keys,
    status=st.sampled_from(["active", "suspended", "known", "leech"]),
    buried_on=st.none() | days,
    taken_up_at=st.none() | moments,
    misses=st.integers(0, 99),
    memory=st.none() | memories,
)
places = st.one_of(
    record(on=st.sampled_from(["question", "faq"]), key=keys),
    record(on=st.just("guide"), key=slugs.map(lambda slug: [slug])),
)
reports = record(
    attempt=st.uuids(),
    position=st.integers(1, 99),
    revision=st.just(0),
    reason=st.just("typo"),
    text=texts,
    reported_at=moments,
    outcome=st.just("open"),
    reply=texts,
    decided_at=st.none() | moments,
)
regradings = record(
    attempt=st.uuids(), position=st.integers(1, 99), before=fractions, after=fractions, reason=texts, at=moments
)


def attached(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(places, record(**fields)).map(lambda pair: pair[0] | pair[1])


def draft(part: str, names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return record(
        part=st.just(part),
        page=st.uuids(),
        number=st.integers(0, 2**31 - 1),
        seen=st.just("") | moments.map(datetime.isoformat),
        fields=st.dictionaries(names, st.lists(texts, max_size=2), min_size=1, max_size=2),
        saved_at=moments,
    )


drafts = draft("answer", st.sampled_from(["text", "confidence", "choice"])) | draft("marks", st.just("met"))


@st.composite
def responses(draw: st.DrawFn, items: list[Any], position: int) -> dict[str, Any]:
    place = draw(st.integers(0, len(items) - 1))
    item, answered = items[place], draw(st.booleans())
    answer = answer_to(item, draw) if answered else None
    if answer is not None and not types.get(item.type).is_valid_answer(item, answer):
        answer = None
    return {
        "position": position,
        "revision": place,
        "option_order": types.get(item.type).order(item, draw(st.randoms(use_true_random=False))),
        "answer": answer,
        "fraction": draw(fractions) if answer else None,
        "confidence": draw(sure),
        "flagged": draw(st.booleans()),
        "answered_at": draw(moments) if answer else None,
        "seconds": draw(seconds),
        "drafts": draw(st.lists(drafts, max_size=2, unique_by=lambda one: (one["part"], one["page"]))),
        "review": draw(st.none() | record(**RATED)) if answer else None,
    }


@st.composite
def attempts(draw: st.DrawFn, items: list[Any], public_id: uuid.UUID) -> dict[str, Any]:
    status, started = draw(st.sampled_from([schema.OPEN, *schema.ENDED])), draw(moments)
    return {
        "public_id": public_id,
        "title": draw(texts),
        "quiz": draw(st.none() | slugs),
        "mode": draw(st.sampled_from(schema.MODES)),
        "status": status,
        "seed": draw(st.integers(0, 2**63 - 1)),
        "started_at": started,
        "deadline_at": draw(st.none() | moments.filter(lambda time: time > started)) if started.year < 2190 else None,
        "submitted_at": None if status == schema.OPEN else draw(moments),
        "imported_at": draw(st.none() | moments),
        "closing_question": draw(texts),
        "responses": [draw(responses(items, position)) for position in range(1, 1 + draw(st.integers(0, 3)))],
    }


@st.composite
def _documents(draw: st.DrawFn) -> dict[str, Any]:
    items = draw(st.lists(full_items, min_size=1, max_size=3))
    ids = draw(st.lists(st.uuids(), max_size=2, unique=True))
    return {
        "format": schema.FORMAT,
        "made_at": draw(moments),
        "account": draw(st.none() | accounts),
        "plan": draw(st.none() | plans),
        "revisions": [
            {"question": draw(keys), "digest": item.digest(), "content": draw(st.sampled_from([None, item.to_json()]))}
            for item in items
        ],
        "attempts": [draw(attempts(items, public_id)) for public_id in ids],
        "reviews": draw(st.lists(reviews, max_size=2)),
        "cards": draw(st.lists(cards, max_size=2)),
        "notes": draw(st.lists(attached(text=texts.filter(bool), written_at=moments), max_size=2)),
        "bookmarks": draw(st.lists(attached(marked_at=moments), max_size=2)),
        "reports": draw(st.lists(reports, max_size=2)),
        "regradings": draw(st.lists(regradings, max_size=2)),
    }


documents = _documents()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
