"""Search in guides, FAQs, published questions, and the owner's notes and bookmarks.

Of a question only the stem and the code are searched, because more would reveal the answer. On PostgreSQL, English
full-text search also finds other forms of a word. On every database, a row that contains each word as it was typed is
found; upper and lower case are the same for all letters.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import Case, CharField, F, FloatField, Q, QuerySet, TextField, Transform, Value, When
from django.dispatch import receiver
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from questions.accounts.owners import Owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, CodeListing, Guide, Section, Takeaway
from questions.content.markdown import plain_text
from questions.notes.models import Bookmark, Note
from questions.notes.saved_items import topic_of, url_of
from questions.types.typed_text import fold_case

MAX_WORDS = 8
MAX_HITS_PER_SOURCE = 10
EXCERPT_LENGTH = 200  # characters
NO_OWNER = Owner()


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """A text with the case of its letters folded, on SQLite only: SQLite's own LIKE folds ASCII letters."""

    lookup_name = "folded"
    function = "FOLD_CASE"
    output_field = TextField()


@receiver(connection_created)
def add_fold_case(*, connection: Any, **_kwargs: Any) -> None:
    """Give a new connection to SQLite the SQL function FOLD_CASE; PostgreSQL folds all letters itself."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLD_CASE", 1, _fold_or_null, deterministic=True)


def _fold_or_null(text: str | None) -> str | None:
    return None if text is None else fold_case(text)


@dataclass(frozen=True)
class Hit:
    """A search result: `title` is plain text, `excerpt` is HTML with the words marked, and `url` is empty for a
    question."""

    row: Any
    title: str
    excerpt: SafeString
    url: str = ""


@dataclass(frozen=True)
class Source:
    """A model that is searched: the names of its heading field and its body fields. `hit` returns the title, text and
    URL of a row. The text is Markdown unless it is `plain`."""

    rows: Callable[[], QuerySet[Any]]
    body: tuple[str, ...]
    hit: Callable[[Any], tuple[str, str, str]]
    heading: str = ""
    plain: bool = False

    def search(self, words: Sequence[str]) -> list[Hit]:
        """Return the best hits, the best first."""
        found = matching_rows(self.rows(), words, heading=self.heading, body=self.body)
        hits = ((row, *self.hit(row)) for row in found[:MAX_HITS_PER_SOURCE])
        return [Hit(row, title, self.excerpt(text, words), url) for row, title, text, url in hits]

    def excerpt(self, text: str, words: Sequence[str]) -> SafeString:
        """Return an excerpt of the text with the words marked."""
        return highlighted_excerpt(" ".join(text.split()), words) if self.plain else excerpt(text, words)


def _in_guide(topic: Any, anchor: str) -> str:
    return f"{topic.get_absolute_url()}#{anchor}"


GUIDES = (
    Source(
        rows=lambda: Guide.objects.select_related("topic"),
        heading="title",
        body=("quick_answer",),
        hit=lambda row: (row.title, row.quick_answer, row.get_absolute_url()),
    ),
    Source(
        rows=lambda: Section.objects.select_related("guide__topic"),
        heading="title",
        body=("body",),
        hit=lambda row: (row.title, row.body, _in_guide(row.guide.topic, row.slug)),
    ),
    Source(
        rows=lambda: CodeListing.objects.select_related("section__guide__topic"),
        heading="title",
        body=("code", "note"),
        hit=lambda row: (row.title, row.note, _in_guide(row.section.guide.topic, f"listing-{row.slug}")),
    ),
    Source(
        rows=lambda: Takeaway.objects.select_related("guide__topic"),
        body=("text",),
        hit=lambda row: (row.guide.title, row.text, _in_guide(row.guide.topic, f"takeaway-{row.slug}")),
    ),
)
FAQS = (
    Source(
        rows=lambda: FAQ.objects.select_related("guide__topic"),
        heading="question",
        body=("answer",),
        hit=lambda row: (row.question, row.answer, _in_guide(row.guide.topic, f"faq-{row.slug}")),
    ),
)
QUESTIONS = (
    Source(
        rows=lambda: Question.objects.published().select_related("topic"),
        body=("stem", "code"),
        hit=lambda row: (row.topic.title, row.stem, ""),
    ),
)


def _saved_by(owner: Owner) -> tuple[Source, ...]:
    """Return the sources for the owner's notes, by their text, and bookmarks, by the text of their target."""
    return (
        Source(
            rows=lambda: Note.objects.owned_by(owner).with_target(),
            body=("text",),
            hit=lambda row: (_title(row.target), row.text, url_of(row.target)),
            plain=True,
        ),
        Source(
            rows=lambda: Bookmark.objects.owned_by(owner).on_public_content().with_target(),
            body=(
                *("question__stem", "question__code", "guide__title", "guide__quick_answer"),
                *("faq__question", "faq__answer"),
            ),
            hit=lambda row: (_title(row.target), _body(row.target), url_of(row.target)),
        ),
    )


def _title(target: Question | Guide | FAQ) -> str:
    return str(topic_of(target) if isinstance(target, Question) else target)


def _body(target: Question | Guide | FAQ) -> str:
    if isinstance(target, Question):
        return target.stem
    return target.answer if isinstance(target, FAQ) else target.quick_answer


@dataclass(frozen=True)
class SearchResults:
    """Hits by kind."""

    saved: list[Hit]
    guides: list[Hit]
    faqs: list[Hit]
    questions: list[Hit]

    def __bool__(self) -> bool:
        return bool(self.saved or self.guides or self.faqs or self.questions)


def split_words(text: str) -> list[str]:
    """Return the first MAX_WORDS words of a query without duplicates, stripped of quotation marks and punctuation."""
    bare = (word.strip("\"'“”‘’.,;:!?()[]`") for word in text.replace("\x00", "").split())
    return list(dict.fromkeys(word for word in bare if word))[:MAX_WORDS]


def search(text: str, owner: Owner = NO_OWNER) -> SearchResults:
    """Return the hits for the words of the query, including the owner's saved items; no hits for an empty query."""
    words = split_words(text)
    return SearchResults(
        saved=_hits(_saved_by(owner), words),
        guides=_hits(GUIDES, words),
        faqs=_hits(FAQS, words),
        questions=_hits(QUESTIONS, words),
    )


def search_saved(text: str, owner: Owner) -> list[Hit]:
    """Return the hits among the owner's notes and bookmarks."""
    return _hits(_saved_by(owner), split_words(text))


def _hits(sources: Iterable[Source], words: Sequence[str]) -> list[Hit]:
    return [hit for source in sources for hit in source.search(words)] if words else []


def matching_rows(rows: QuerySet[Any], words: Sequence[str], *, heading: str, body: Sequence[str]) -> QuerySet[Any]:
    """Return the rows that contain every word; rows with all of them in the heading (or the first field) come first."""
    fields = [heading, *body] if heading else [*body]
    literal = Q()
    in_heading = Q()
    contains, texts = "icontains", list(words)
    if connection.vendor == "sqlite":
        contains, texts = "folded__contains", [fold_case(word) for word in words]
    for text in texts:
        literal &= Q.create([(f"{field}__{contains}", text) for field in fields], connector=Q.OR)
        in_heading &= Q(**{f"{fields[0]}__{contains}": text})
    ranked = rows.annotate(place=Case(When(in_heading, then=Value(1.0)), default=Value(0.0), output_field=FloatField()))
    if connection.vendor != "postgresql":
        return ranked.filter(literal).order_by("-place", "pk")
    vector = SearchVector(fields[0], weight="A", config="english") + SearchVector(*body, weight="B", config="english")
    query = SearchQuery(" ".join(words), search_type="plain", config="english")
    ranked = ranked.annotate(vector=vector, rank=F("place") + SearchRank(F("vector"), query))
    return ranked.filter(literal | Q(vector=query)).order_by("-rank", "pk")


def excerpt(markdown: str, words: Sequence[str]) -> SafeString:
    """Return about EXCERPT_LENGTH characters of the Markdown around the first match, as HTML with every word marked."""
    return highlighted_excerpt(plain_text(markdown), words)


def highlighted_excerpt(text: str, words: Sequence[str]) -> SafeString:
    """Return the same as `excerpt` for a plain text on one line."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    first = pattern.search(text)
    begin = max(0, (first.start() if first else 0) - EXCERPT_LENGTH // 3)
    end = min(len(text), begin + EXCERPT_LENGTH)
    if begin:
        begin = text.find(" ", begin) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + 1)
    shown = text[begin:end]
    parts, place = [], 0
    for match in pattern.finditer(shown):
        parts += [escape(shown[place : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        place = match.end()
    parts.append(escape(shown[place:]))
    return mark_safe(f"{'… ' if begin else ''}{''.join(parts)}{' …' if end < len(text) else ''}")  # noqa: S308
