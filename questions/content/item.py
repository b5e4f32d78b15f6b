"""Item: the whole content of a question as frozen dataclasses, with JSON conversion and a digest.

Every other layer uses Item: question types grade it, revisions store it, and import and export formats read and write
it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from questions.content.pictures import Picture


@dataclass(frozen=True, slots=True)
class Option:
    """An option: a text to pick, an accepted answer, a step of an order, or one side of a pair."""

    text: str
    weight: float = 0.0
    match: str = ""
    tolerance: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of an open question's rubric; `weight` is relative to the sum of all weights."""

    text: str
    weight: float = 1.0
    essential: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpQuestion:
    """A follow-up question of an open question, and a model answer to it."""

    text: str
    model_answer: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A reference: name and section of the documentation, and its URL if there is one."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Content of a question: Markdown texts, the options in the author's order, and the rubric."""

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
    units: str = ""  # left out of the JSON if empty, so that older content keeps its digest
    options: tuple[Option, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    follow_ups: tuple[FollowUpQuestion, ...] = ()
    sources: tuple[Source, ...] = ()
    pictures: tuple[Picture, ...] = ()  # that its texts name; left out of the JSON if empty

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values; tuples become lists.

        A follow-up question without a model answer is just its text, so that older content keeps its digest.
        """
        content = json.loads(json.dumps(asdict(self)))
        if not self.units:
            del content["units"]
        content["follow_ups"] = [one if one["model_answer"] else one["text"] for one in content["follow_ups"]]
        if not self.pictures:
            del content["pictures"]
        return content

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Item":
        """Return the Item for the output of `to_json`. Raise TypeError for an unknown field."""
        return cls(
            **{
                **content,
                "options": tuple(Option(**option) for option in content.get("options", ())),
                "criteria": tuple(Criterion(**criterion) for criterion in content.get("criteria", ())),
                "follow_ups": tuple(
                    FollowUpQuestion(one) if isinstance(one, str) else FollowUpQuestion(**one)
                    for one in content.get("follow_ups", ())
                ),
                "sources": tuple(Source(**source) for source in content.get("sources", ())),
                "pictures": tuple(Picture(**picture) for picture in content.get("pictures", ())),
            }
        )

    def markdown_texts(self) -> Iterator[tuple[str, str]]:
        """Yield (field, text) for each text that is Markdown."""
        for name in ("stem", "explanation", "model_answer"):
            yield name, getattr(self, name)
        for option in self.options:
            yield "options", option.text
            yield "options", option.feedback
        for criterion in self.criteria:
            yield "criteria", criterion.text
        for follow_up in self.follow_ups:
            yield from (("follow_ups", follow_up.text), ("follow_ups", follow_up.model_answer))

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON in hexadecimal; equal content has an equal digest."""
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
