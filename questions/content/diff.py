"""Differences between two versions of a question: which option corresponds to which, and a word-by-word diff. No
ORM."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.content.item import Item

DIGEST_LENGTH = 8  # characters of a picture's digest that name its version
MIN_SIMILARITY = 0.6  # share of common characters from which a text counts as reworded


def match_texts(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return the index in `new` of each old text, or None if it is gone.

    Texts match if their words are equal. Otherwise, among the unmatched ones, they match if they have the same position
    and are similar (MIN_SIMILARITY). A text that was replaced by a different one is gone, whatever takes its position.
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


def match_lines(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return the index in `new` of each old line of a listing, or None if it is gone, has changed, or could be one of
    several. Trailing white space is ignored.

    Unlike texts, lines repeat and have an order, so their neighbours decide. A line is known only if a comparison from
    the beginning and one from the end find the same.
    """
    before, after = [line.rstrip() for line in old], [line.rstrip() for line in new]
    forwards, backwards = _matching_lines(before, after), _matching_lines(before[::-1], after[::-1])
    return [
        found if found == len(new) - 1 - backwards.get(len(old) - 1 - place, len(new)) else None
        for place in range(len(old))
        for found in [forwards.get(place)]
    ]


def _matching_lines(old: list[str], new: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {start + offset: at + offset for start, at, size in blocks for offset in range(size)}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, and whether it is missing on the other side."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that differs: its label, and both sides in segments."""

    label: str
    old: tuple[Segment, ...]
    new: tuple[Segment, ...]


def differences(old: Item, new: Item) -> list[Difference]:
    """Return the texts that differ, in the order in which the page of a question shows them."""
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
    "code_language": gettext_lazy("Code language"),
    "case_sensitive": gettext_lazy("Case matters"),
    "units": gettext_lazy("Units"),
    "explanation": gettext_lazy("Explanation"),
    "model_answer": gettext_lazy("Model answer"),
    "holds_for": gettext_lazy("Applies to"),
}


def _text_pairs(old: Item, new: Item) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield both (label, text) pairs for each text that either item has."""
    for name, title in FIELDS.items():
        yield (str(title), str(getattr(old, name))), (str(title), str(getattr(new, name)))
    lists: list[tuple[str, Sequence[str], Sequence[str]]] = [
        (_("Option %d"), _options(old), _options(new)),
        (_("Criterion %d"), _criteria(old), _criteria(new)),
        (_("Follow-up question %d"), _follow_ups(old), _follow_ups(new)),
        (_("Reference %d"), _sources(old), _sources(new)),
        (_("Picture %d"), _pictures(old), _pictures(new)),
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


def _follow_ups(item: Item) -> list[str]:
    return [f"{one.text}\n\n{one.model_answer}".strip() for one in item.follow_ups]


def _sources(item: Item) -> list[str]:
    return [f"{source.title}\n{source.url}".strip() for source in item.sources]


def _pictures(item: Item) -> list[str]:
    return [
        "\n".join(
            filter(None, (one.name, one.alternative_text, one.caption, _("Version %s") % one.digest[:DIGEST_LENGTH]))
        )
        for one in item.pictures
    ]


def _segments(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return both texts in segments, compared word by word."""
    before, after = re.findall(r"\s+|\w+|[^\w\s]", old), re.findall(r"\s+|\w+|[^\w\s]", new)
    left, right = [], []
    for kind, i, j, k, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if j > i:
            left.append(Segment("".join(before[i:j]), kind != "equal"))
        if n > k:
            right.append(Segment("".join(after[k:n]), kind != "equal"))
    return tuple(left), tuple(right)
