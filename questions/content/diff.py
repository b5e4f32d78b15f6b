"""How one Item became another: which option is which, and what differs, word by word. No ORM."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item

MIN_SIMILARITY = 0.6  # of the characters in common: below, two texts are two options


def match_texts(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each old text the place of the same one among the new, or None.

    Same means the same words; else, among those left, the same place with most of the characters in common. A text that
    was replaced by another one is gone, whatever stands in its place.
    """
    folded = [" ".join(text.split()) for text in new]
    found: list[int | None] = []
    for text in old:
        same = " ".join(text.split())
        found.append(folded.index(same) if same in folded else None)
    for place, (match, text) in enumerate(zip(found, old, strict=True)):
        free = place < len(new) and place not in found
        if match is None and free and SequenceMatcher(None, text, new[place], autojunk=False).ratio() >= MIN_SIMILARITY:
            found[place] = place
    return found


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, and whether the other side lacks it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One text of an item that differs: where it stands, and both sides in pieces."""

    label: str
    old: tuple[Segment, ...]
    new: tuple[Segment, ...]


def differences(old: Item, new: Item) -> list[Difference]:
    """What differs between two contents, in the order in which a page shows it; empty for equal ones."""
    found = []
    for (label, before), (_label, after) in _text_pairs(old, new):
        if before != after:
            found.append(Difference(label, *_segments(before, after)))
    return found


FIELDS: dict[str, Promise] = {
    "type": gettext_lazy("Type"),
    "difficulty": gettext_lazy("Difficulty"),
    "seniority": gettext_lazy("Seniority"),
    "stem": gettext_lazy("Stem"),
    "code": gettext_lazy("Code"),
    "code_language": gettext_lazy("Language of the code"),
    "case_sensitive": gettext_lazy("Case matters"),
    "explanation": gettext_lazy("Explanation"),
    "model_answer": gettext_lazy("Model answer"),
    "holds_for": gettext_lazy("Holds for"),
}


def _text_pairs(old: Item, new: Item) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of (label, text), one for each text that either item has."""
    for name, title in FIELDS.items():
        yield (str(title), str(getattr(old, name))), (str(title), str(getattr(new, name)))
    lists: list[tuple[str, Sequence[str], Sequence[str]]] = [
        (_("Option %d"), _options(old), _options(new)),
        (_("Criterion %d"), _criteria(old), _criteria(new)),
        (_("Follow-up question %d"), old.follow_ups, new.follow_ups),
        (_("Reference %d"), _sources(old), _sources(new)),
    ]
    for label, before, after in lists:
        for number, (one, other) in enumerate(zip_longest(before, after, fillvalue=""), 1):
            yield (label % number, one), (label % number, other)


def _options(item: Item) -> list[str]:
    return [
        "\n".join(
            [
                " → ".join(filter(None, (option.text, option.match))),
                _("Weight %g") % option.weight,
                *([_("Tolerance %s") % option.tolerance] if option.tolerance else []),
                *([option.feedback] if option.feedback else []),
            ]
        )
        for option in item.options
    ]


def _criteria(item: Item) -> list[str]:
    return [
        f"{one.text}\n{_('Weight %g') % one.weight}{', ' + _('essential') if one.essential else ''}"
        for one in item.criteria
    ]


def _sources(item: Item) -> list[str]:
    return [f"{source.title}\n{source.url}".strip() for source in item.sources]


def _segments(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Both texts in pieces, compared word by word."""
    before, after = re.findall(r"\s+|\w+|[^\w\s]", old), re.findall(r"\s+|\w+|[^\w\s]", new)
    left, right = [], []
    for kind, i, j, k, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if j > i:
            left.append(Segment("".join(before[i:j]), kind != "equal"))
        if n > k:
            right.append(Segment("".join(after[k:n]), kind != "equal"))
    return tuple(left), tuple(right)
