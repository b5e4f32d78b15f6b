"""How words are compared: beginnings, word forms, nearest words, and excerpts with the matches marked."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from Stemmer import Stemmer

from questions.types.typed_text import fold_case

MAX_WORDS = 8
MAX_TOKEN_LENGTH = 60  # PostgreSQL refuses tokens of more than 2 KB
MIN_PREFIX = 3  # letters; shorter tokens match whole tokens only
MIN_TYPO = 4  # letters; shorter tokens are too much alike to be corrected
MAX_TYPOS = 2  # letters that a nearest token is longer or shorter
CERTAIN = 0.8  # difflib's ratio from which a word is taken for a typing error, such as one wrong letter of five
POSSIBLE = 0.7  # the same, from which a word is suggested
EXCERPT_LENGTH = 200  # characters

TOKEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
LATIN_WITH_MARKS = re.compile(r"([A-Za-z])[\u0300-\u036f]+")
Token = tuple[str, int, int]  # folded, and where it begins and ends


def split_words(text: str) -> list[str]:
    """Return the first MAX_WORDS words of a query without duplicates, stripped of quotation marks and punctuation."""
    bare = (word.strip("\"'“”‘’.,;:!?()[]`") for word in text.replace("\x00", "").split())
    return list(dict.fromkeys(word for word in bare if tokens(word)))[:MAX_WORDS]


def fold(text: str) -> str:
    """Return the text with case folded and without the accents of Latin letters, as both databases index it."""
    if text.isascii():
        return text.lower()
    bare = LATIN_WITH_MARKS.sub(r"\1", unicodedata.normalize("NFD", text))
    return fold_case(unicodedata.normalize("NFC", bare))


def tokens(text: str) -> list[Token]:
    """Return the runs of letters and digits in the text."""
    return [(fold(found[0])[:MAX_TOKEN_LENGTH], *found.span()) for found in TOKEN.finditer(text)]


@lru_cache(maxsize=1_000)
def phrase(word: str) -> tuple[str, ...]:
    """Return the folded tokens of a word; "select_related" has two."""
    return tuple(token for token, _begin, _end in tokens(word))


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """Return the stem of an English token."""
    return Stemmer("english").stemWord(token)  # threads cannot share a stemmer


def matches(token: str, wanted: str) -> bool:
    """Return whether the token is the wanted one, begins with it, or is another form of it."""
    return token == wanted or (len(wanted) >= MIN_PREFIX and token.startswith(wanted)) or stem(token) == stem(wanted)


def spans(text: Sequence[Token], word: str) -> list[tuple[int, int]]:
    """Return where the tokens of the word stand in the text, one after the other."""
    wanted = phrase(word)
    return [
        (text[place][1], text[place + len(wanted) - 1][2])
        for place in range(len(text) - len(wanted) + 1)
        if all(matches(found[0], token) for found, token in zip(text[place:], wanted, strict=False))
    ]


def contains(text: Sequence[Token], words: Iterable[str]) -> bool:
    """Return whether the text contains every word."""
    return all(spans(text, word) for word in words)


def nearest(word: str, known: Collection[str], similarity: float) -> str:
    """Return the word with each unknown token replaced by the most similar known one; empty if there is none."""
    for token, begin, end in reversed(tokens(word)):
        if not any(matches(other, token) for other in known):
            found = _most_similar(token, known, similarity)
            if not found:
                return ""
            word = word[:begin] + found + word[end:]
    return word


def _most_similar(token: str, known: Collection[str], similarity: float) -> str:
    near = [other for other in known if abs(len(other) - len(token)) <= MAX_TYPOS]
    return next(iter(get_close_matches(token, near, 1, similarity) if len(token) >= MIN_TYPO else ()), "")


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """Return about EXCERPT_LENGTH characters of the text around the first match, as HTML with every match marked."""
    found = tokens(text)
    first = min((begin for word in words for begin, _end in spans(found, word)), default=0)
    begin = max(0, first - EXCERPT_LENGTH // 3)
    end = min(len(text), begin + EXCERPT_LENGTH)
    if begin:
        begin = text.find(" ", begin) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + 1)
    shown = marked(text[begin:end], words)
    return mark_safe(f"{'… ' if begin else ''}{shown}{' …' if end < len(text) else ''}")  # noqa: S308


def marked(text: str, words: Sequence[str]) -> SafeString:
    """Return the text as HTML with every match marked."""
    found, parts, place = tokens(text), [], 0
    for begin, end in sorted({span for word in words for span in spans(found, word)}):
        if begin >= place:
            parts += [escape(text[place:begin]), f"<mark>{escape(text[begin:end])}</mark>"]
            place = end
    return mark_safe("".join([*parts, escape(text[place:])]))  # noqa: S308
