"""What the database holds, against what was acknowledged."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from soak.candidates import Diary, Fields, Place, percentile

RESPONSES = """
    SELECT a.public_id, r.position, r.option_order, r.answer, a.status
    FROM questions_response r JOIN questions_attempt a ON a.id = r.attempt_id
"""
ATTEMPTS = "SELECT visitor, public_id FROM questions_attempt WHERE visitor IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A run in figures."""

    name: str
    requests: int
    acknowledged: int
    lost: int
    doubled: int
    open: int  # exams that their candidate has finished and that still run
    told: int
    cut: int
    refused: int
    bare: int
    p50: float
    p99: float
    notes: tuple[str, ...] = ()

    @property
    def keeps_all(self) -> bool:
        """Whether nothing is lost or doubled, and nobody was left without a word."""
        return self.acknowledged > 0 and not (self.lost or self.doubled or self.open or self.bare)

    @property
    def is_undisturbed(self) -> bool:
        """Whether everything went through at once, too."""
        return self.keeps_all and not (self.told or self.cut or self.refused)


def judge(
    name: str, diary: Diary, responses: Iterable[tuple[Any, ...]], attempts: Iterable[tuple[Any, ...]]
) -> Verdict:
    """The verdict on a run, from the rows that RESPONSES and ATTEMPTS give afterwards."""
    ours = {attempt for attempt, _ in diary.answers} | set(diary.finished)
    rows = [(uuid.UUID(str(row[0])), *row[1:]) for row in responses]
    rows = [row for row in rows if row[0] in ours]
    held: dict[Place, list[Any]] = {}
    for attempt, position, order, answer, _ in rows:
        held.setdefault((attempt, position), []).append(_shown(_read(order), _read(answer)))
    lost = [
        f"{place}: {found}, not {[sent.fields for sent in diary.answers[place]]}"
        for place in diary.answers
        if not _is_kept(diary, place, found := held.get(place, []))
    ]
    begun = [(visitor, uuid.UUID(str(attempt))) for visitor, attempt in attempts]
    crowd = {visitor for visitor, attempt in begun if attempt in ours}
    doubled = (
        sum(len(found) - 1 for found in held.values()) + sum(visitor in crowd for visitor, _ in begun) - len(crowd)
    )
    still_open = {row[0] for row in rows if row[4] == "in_progress"} & set(diary.finished)
    answers = diary.milliseconds["answer"]
    return Verdict(
        name=name,
        requests=diary.requests,
        acknowledged=diary.acknowledged,
        lost=len(lost),
        doubled=doubled,
        open=len(still_open),
        told=len(diary.told),
        cut=len(diary.cut),
        refused=len(diary.refused),
        bare=len(diary.bare),
        p50=percentile(answers, 0.5),
        p99=percentile(answers, 0.99),
        notes=tuple(lost[:3] + diary.bare[:3]),
    )


def _is_kept(diary: Diary, place: Place, found: list[Any]) -> bool:
    """Whether what is held there is the last acknowledged answer, or one sent after it of which nothing was said."""
    sent = diary.answers[place]
    last = max((number for number, one in enumerate(sent) if one.acknowledged), default=None)
    if last is None:
        return True
    return bool(found) and all(one in [_as_held(later.fields) for later in sent[last:]] for one in found)


def _as_held(fields: Fields) -> Any:
    """The answer as `_shown` gives it."""
    texts = [value for name, value in fields if name == "text"]
    return texts[0] if texts else sorted(int(value) for name, value in fields if name == "choice")


def _shown(order: list[int], answer: dict[str, Any] | None) -> Any:
    """The text of a stored answer, or the places, from 1, at which its options were shown; None where there is none."""
    if answer is None:
        return None
    return answer["text"] if "text" in answer else sorted(order.index(index) + 1 for index in answer["chosen"])


def _read(value: Any) -> Any:
    """JSON, which SQLite gives as text."""
    return json.loads(value) if isinstance(value, str) else value


HEADINGS = ("", "requests", "acked", "lost", "doubled", "told", "cut off", "refused", "bare", "p50 ms", "p99 ms")


def line(verdict: Verdict) -> str:
    """The verdict as a row under HEADINGS."""
    figures = (
        verdict.requests,
        verdict.acknowledged,
        verdict.lost,
        verdict.doubled + verdict.open,
        verdict.told,
        verdict.cut,
        verdict.refused,
        verdict.bare,
        round(verdict.p50),
        round(verdict.p99),
    )
    return f"{verdict.name:36}" + "".join(f"{figure:>10}" for figure in figures)


def heading() -> str:
    """The row above them."""
    return f"{HEADINGS[0]:36}" + "".join(f"{name:>10}" for name in HEADINGS[1:])
