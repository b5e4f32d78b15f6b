"""A question's whole content as frozen dataclasses, to and from JSON, with a digest.

Every other layer speaks Item: types grade it, revisions keep it, exchange formats read and write it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a text to pick, an accepted answer, a step of an order or one side of a pair."""

    text: str
    weight: float = 0.0
    match: str = ""
    tolerance: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an open question's rubric; `weight` counts against the sum of all weights."""

    text: str
    weight: float = 1.0
    essential: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A documentation's name and section, with its address where there is one."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question's content: Markdown texts, the options in the author's order, the rubric."""

    type: str
    stem: str
    code: str = ""
    code_language: str = ""
    holds_for: str = ""
    difficulty: str = ""
    seniority: str = ""
    explanation: str = ""
    model_answer: str = ""
    case_sensitive: bool = False
    options: tuple[Option, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    follow_ups: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The content as JSON-ready values; tuples become lists."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Item":
        """The Item that `to_json` gave; raises TypeError on a field that it does not know."""
        return cls(
            **{
                **content,
                "options": tuple(Option(**option) for option in content.get("options", ())),
                "criteria": tuple(Criterion(**criterion) for criterion in content.get("criteria", ())),
                "follow_ups": tuple(content.get("follow_ups", ())),
                "sources": tuple(Source(**source) for source in content.get("sources", ())),
            }
        )

    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the canonical JSON: equal content, equal digest."""
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
