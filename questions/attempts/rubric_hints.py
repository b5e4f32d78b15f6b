"""Which criteria of a rubric an answer seems to touch, by words that both have in common: a hint, never a mark."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from Stemmer import Stemmer

from questions.content.item import Item

# Measured on the open questions of the fixtures, over these and other values: what is told of a model answer by its own
# rubric and by those of its topic's other questions. A test holds the bank to it.
WINDOW = 4  # sentences within which the words must stand
SHARE = 0.42  # of a criterion's weight that must be found there
LEAST = 1.8  # weight that must be found, unless the whole criterion weighs less
ASKED = 0.7  # weight of a word that the question says itself
REPEATED = 0.8  # of one that several criteria have
USUAL = 0.6  # of one that answers to many questions have

WORD = re.compile(r"[^\W\d_][\w'’-]*|\d{3}")
POSSESSIVE = re.compile(r"['’]s$")
SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")

# Function words, and what rubrics say of any answer.
COMMON = frozenset(
    """
    about above after again against all also although always among and any are asks avoids because been before being
    below between both but can cannot case cases chooses compares contrasts could count decides declares defines
    describes did different does doing done each either else enough even every explains few fewer finds first for from
    gets gives goes good had has have having her here his how instead into its itself keeps know knows least less lets
    like made make makes many may means mentions might more most much must names need needs neither never none nor not
    nothing off once one only other others ought our out over own part places proposes puts question rather right
    rightly same saw says seen sees sets should shows since some something somewhere such takes tell tells than that the
    their them then there these they thing things think this those three through too two under until use used uses using
    very was way ways well were what when where whether which while who whole whom whose why will with within without
    work works would yet you your
    """.split()  # noqa: SIM905 - words are easier to read than a list of strings
)

# Words that a quarter of the model answers use, or most of a topic: two of them, such as "event loop", say little.
USUAL_WORDS = frozenset(
    Stemmer("english").stemWords(
        """
        add another answer ask back body call change check client code column come create data database default django
        end endpoint error event fail fastapi field fix flask function get go header id keep key last limit list lock
        look loop migration miss model name new next nullable number object old order parameter pass per plain pool
        process python query raise read request response rest retry return row rule run second send separate server
        service set share small start stay still store table take test thread time transaction update url user valid
        value wait worker write wrong
        """.split()  # noqa: SIM905 - words are easier to read than a list of strings
    )
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a text has in common with a criterion: the words as the criterion spells them, their weight, and that of all
    words of the criterion."""

    words: list[str]
    found: float
    total: float

    @property
    def is_hint(self) -> bool:
        """Return whether it is enough to say that the text touches the criterion."""
        return self.found >= max(SHARE * self.total, min(LEAST, self.total)) > 0


def hinted_criteria(item: Item, text: str) -> dict[int, list[str]]:
    """The criteria that the text seems to touch, by index, each with the words of the criterion that it mentions."""
    return {index: overlap.words for index, overlap in enumerate(overlaps(item, text)) if overlap.is_hint}


def overlaps(item: Item, text: str) -> list[Overlap]:
    """Return for each criterion of the rubric what the text has in common with it within a few sentences."""
    stems = _stems(item.stem)
    shared = Counter(stem for criterion in item.criteria for stem in _stems(criterion.text))
    said = [_stems(sentence) for sentence in SENTENCE.split(text)]
    windows = [set[str]().union(*said[place : place + WINDOW]) for place in range(len(said))]
    found = []
    for criterion in item.criteria:
        words = _stems(criterion.text)
        weights = {
            stem: (ASKED if stem in stems else 1.0)
            * (REPEATED if shared[stem] > 1 else 1.0)
            * (USUAL if stem in USUAL_WORDS else 1.0)
            for stem in words
        }
        best = max(windows, key=lambda window: _weight(weights, window))
        in_common = [word for stem, word in words.items() if stem in best]
        found.append(Overlap(in_common, _weight(weights, best), sum(weights.values())))
    return found


def _weight(weights: Mapping[str, float], window: set[str]) -> float:
    return sum(weight for stem, weight in weights.items() if stem in window)


def _stems(text: str) -> dict[str, str]:
    """The content words of the text by their stems, each as it is first written there."""
    stem = Stemmer("english").stemWord  # one for each text: threads cannot share it
    found: dict[str, str] = {}
    for word in WORD.findall(text):
        if len(word) > 2 and word.lower() not in COMMON:
            word = POSSESSIVE.sub("", word)
            found.setdefault(stem(word.lower()), word)
    return found
