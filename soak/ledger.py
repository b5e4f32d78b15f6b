"""Verdict on a run: compares the answers in the database with the acknowledged answers."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from soak.candidates import Fields, RequestLog, ResponseKey, percentile

RESPONSES = """
    SELECT a.public_id, r.position, r.option_order, r.answer, a.status
    FROM questions_response r JOIN questions_attempt a ON a.id = r.attempt_id
"""
ATTEMPTS = "SELECT visitor, public_id FROM questions_attempt WHERE visitor IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts and latencies of a run."""

    name: str
    requests: int
    acknowledged: int
    lost: int
    duplicated: int
    open: int  # exams still in progress although their candidate has finished
    unavailable: int
    disconnected: int
    refused: int
    errors: int
    p50: float
    p99: float
    notes: tuple[str, ...] = ()

    @property
    def keeps_all(self) -> bool:
        """Return whether no answer is lost or duplicated, and every failure had an error page that offers a retry."""
        return self.acknowledged > 0 and not (self.lost or self.duplicated or self.open or self.errors)

    @property
    def is_undisturbed(self) -> bool:
        """Return whether, in addition, every request succeeded the first time."""
        return self.keeps_all and not (self.unavailable or self.disconnected or self.refused)


def judge(
    name: str, log: RequestLog, responses: Iterable[tuple[Any, ...]], attempts: Iterable[tuple[Any, ...]]
) -> Verdict:
    """Return the verdict on a run, from its log and the rows of the queries RESPONSES and ATTEMPTS."""
    attempt_ids = {attempt for attempt, _ in log.answers} | set(log.finished)
    rows = [(uuid.UUID(str(row[0])), *row[1:]) for row in responses]
    rows = [row for row in rows if row[0] in attempt_ids]
    stored: dict[ResponseKey, list[Any]] = {}
    for attempt, position, order, answer, _ in rows:
        stored.setdefault((attempt, position), []).append(_as_sent(_from_json(order), _from_json(answer)))
    lost = [
        f"{key}: {found}, not {[sent.fields for sent in log.answers[key]]}"
        for key in log.answers
        if not _is_kept(log, key, found := stored.get(key, []))
    ]
    started = [(visitor, uuid.UUID(str(attempt))) for visitor, attempt in attempts]
    crowd = {visitor for visitor, attempt in started if attempt in attempt_ids}
    duplicated_answers = sum(len(found) - 1 for found in stored.values())
    duplicated_attempts = sum(visitor in crowd for visitor, _ in started) - len(crowd)
    still_open = {row[0] for row in rows if row[4] == "in_progress"} & set(log.finished)
    latencies = log.milliseconds["answer"]
    return Verdict(
        name=name,
        requests=log.requests,
        acknowledged=log.acknowledged,
        lost=len(lost),
        duplicated=duplicated_answers + duplicated_attempts,
        open=len(still_open),
        unavailable=len(log.unavailable),
        disconnected=len(log.disconnected),
        refused=len(log.refused),
        errors=len(log.errors),
        p50=percentile(latencies, 0.5),
        p99=percentile(latencies, 0.99),
        notes=tuple(lost[:3] + log.errors[:3]),
    )


def _is_kept(log: RequestLog, key: ResponseKey, found: list[Any]) -> bool:
    """Return whether the stored answer is the last acknowledged one, or one sent later without a response."""
    sent = log.answers[key]
    last = max((number for number, answer in enumerate(sent) if answer.acknowledged), default=None)
    if last is None:
        return True
    candidates = [_sent_value(later.fields) for later in sent[last:]]
    return bool(found) and all(value in candidates for value in found)


def _sent_value(fields: Fields) -> Any:
    """Return the answer in the form of `_as_sent`."""
    texts = [value for name, value in fields if name == "text"]
    return texts[0] if texts else sorted(int(value) for name, value in fields if name == "choice")


def _as_sent(order: list[int], answer: dict[str, Any] | None) -> Any:
    """Return the text of a stored answer, or the positions, from 1, of the chosen options as they were shown."""
    if answer is None:
        return None
    return answer["text"] if "text" in answer else sorted(order.index(index) + 1 for index in answer["chosen"])


def _from_json(value: Any) -> Any:
    """Parse JSON, which SQLite returns as text and PostgreSQL as a value."""
    return json.loads(value) if isinstance(value, str) else value


HEADINGS = ("", "requests", "acked", "lost", "duplicate", "503", "cut off", "refused", "errors", "p50 ms", "p99 ms")


def line(verdict: Verdict) -> str:
    """Return the verdict as a row below HEADINGS."""
    figures = (
        verdict.requests,
        verdict.acknowledged,
        verdict.lost,
        verdict.duplicated + verdict.open,
        verdict.unavailable,
        verdict.disconnected,
        verdict.refused,
        verdict.errors,
        round(verdict.p50),
        round(verdict.p99),
    )
    return f"{verdict.name:36}" + "".join(f"{figure:>10}" for figure in figures)


def heading() -> str:
    """Return the header row."""
    return f"{HEADINGS[0]:36}" + "".join(f"{name:>10}" for name in HEADINGS[1:])
