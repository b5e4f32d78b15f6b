"""Search for hits, the best first, and for the words that were probably meant if there are none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils.html import format_html
from django.utils.safestring import SafeString

from questions.accounts.owners import Owner
from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, CodeListing, Guide, Section, Takeaway
from questions.content.markdown import plain_text
from questions.notes.models import Bookmark, Note
from questions.notes.saved_items import Target, topic_of, url_of
from questions.search.index import Found, searched_columns, vocabulary
from questions.search.words import CERTAIN, POSSIBLE, contains, excerpt, marked, nearest, spans, split_words, tokens

MAX_HITS_PER_SOURCE = 10
NO_OWNER = Owner()


@dataclass(frozen=True)
class Hit:
    """A search result: `title` and `excerpt` are HTML with the matches marked, and `url` is empty for a question."""

    row: Any
    title: SafeString
    excerpt: SafeString
    url: str = ""


@dataclass(frozen=True)
class SearchResults:
    """Hits by kind. `meant` is the query that they are for if the one that was typed has none; `suggestions` are the
    nearest words if neither has."""

    saved: list[Hit] = field(default_factory=list)
    guides: list[Hit] = field(default_factory=list)
    faqs: list[Hit] = field(default_factory=list)
    questions: list[Hit] = field(default_factory=list)
    meant: str = ""
    suggestions: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.saved or self.guides or self.faqs or self.questions)


@dataclass(frozen=True)
class Shown:
    """What a hit shows: the text is Markdown unless it is `plain`; the code is shown if only the code matches."""

    title: str
    text: str
    url: str = ""
    code: str = ""
    plain: bool = False

    def hit(self, row: Any, words: Sequence[str]) -> Hit:
        """Return the hit for a row with these words."""
        shown = excerpt(" ".join(self.text.split()) if self.plain else plain_text(self.text), words)
        if self.code and "<mark>" not in shown and "<mark>" in (code := excerpt(self.code, words)):
            shown = format_html("{} {}", shown, code)
        return Hit(row, marked(self.title, words), shown, self.url)


@dataclass(frozen=True)
class Source:
    """A model of published content, and what its hits show."""

    rows: Callable[[], QuerySet[Any]]
    show: Callable[[Any], Shown]

    def ranked(self, words: Sequence[str]) -> QuerySet[Any]:
        """Return the best rows that contain every word: words in titles count most, then other forms of a word, then
        words that only begin alike; of two rows with the same `score` the shorter one is better."""
        rows = self.rows()
        score: Any = Value(0)
        for word in words:
            form, begins = Found(rows.model, word), Found(rows.model, word, begins=True)
            in_title = Found(rows.model, word, in_title=True), Found(rows.model, word, begins=True, in_title=True)
            rows = rows.filter(form | begins)
            for found, points in zip((*in_title, form), (4, 2, 1), strict=True):
                score += Case(When(found, then=Value(points)), default=Value(0))
        length = sum((Length(F(column)) for column in searched_columns(rows.model)), start=Value(0))
        return rows.annotate(score=score, length=length).order_by("-score", "length", "pk")[:MAX_HITS_PER_SOURCE]


def _in_guide(topic: Any, anchor: str) -> str:
    return f"{topic.get_absolute_url()}#{anchor}"


GUIDES = (
    Source(
        rows=lambda: Guide.objects.select_related("topic"),
        show=lambda row: Shown(row.title, row.quick_answer, row.get_absolute_url()),
    ),
    Source(
        rows=lambda: Section.objects.select_related("guide__topic"),
        show=lambda row: Shown(row.title, row.body, _in_guide(row.guide.topic, row.slug)),
    ),
    Source(
        rows=lambda: CodeListing.objects.select_related("section__guide__topic"),
        show=lambda row: Shown(
            row.title, row.note, _in_guide(row.section.guide.topic, f"listing-{row.slug}"), code=row.code
        ),
    ),
    Source(
        rows=lambda: Takeaway.objects.select_related("guide__topic"),
        show=lambda row: Shown(row.guide.title, row.text, _in_guide(row.guide.topic, f"takeaway-{row.slug}")),
    ),
)
FAQS = (
    Source(
        rows=lambda: FAQ.objects.select_related("guide__topic"),
        show=lambda row: Shown(row.question, row.answer, _in_guide(row.guide.topic, f"faq-{row.slug}")),
    ),
)
QUESTIONS = (
    Source(
        rows=lambda: Question.objects.published().select_related("topic"),
        show=lambda row: Shown(row.topic.title, row.stem, code=row.code),
    ),
)


@dataclass(frozen=True)
class SavedText:
    """A note or bookmark of the owner, which is searched without an index: nobody has many."""

    row: Note | Bookmark
    shown: Shown
    heading: str = ""

    @classmethod
    def of_note(cls, note: Note) -> "SavedText":
        """Return the text of the note itself."""
        return cls(note, Shown(_title(note.target), note.text, url_of(note.target), plain=True))

    @classmethod
    def of_bookmark(cls, bookmark: Bookmark) -> "SavedText":
        """Return the text of the bookmark's target, of which only the current content of a published one is public."""
        target = bookmark.target
        shown = Shown(_title(target), _body(target), url_of(target), code=getattr(target, "code", ""))
        return cls(bookmark, shown, "" if isinstance(target, Question) else str(target))

    @property
    def searched(self) -> str:
        """Return all text that is searched."""
        return "\n".join((self.heading, self.shown.text, self.shown.code))


def _title(target: Target) -> str:
    return str(topic_of(target) if isinstance(target, Question) else target)


def _body(target: Target) -> str:
    if isinstance(target, Question):
        return target.stem
    return target.answer if isinstance(target, FAQ) else target.quick_answer


Saved = tuple[list[SavedText], ...]


def _saved_by(owner: Owner) -> Saved:
    """Return the owner's notes and the bookmarks of public content, the newest first; in two queries."""
    notes = Note.objects.owned_by(owner).with_target()
    bookmarks = Bookmark.objects.owned_by(owner).on_public_content().with_target()
    return [*map(SavedText.of_note, notes)], [*map(SavedText.of_bookmark, bookmarks)]


def search(text: str, owner: Owner = NO_OWNER) -> SearchResults:
    """Return the hits for the words of the query, including the owner's saved items; no hits for an empty query."""
    words = split_words(text)
    saved = _saved_by(owner) if words else ()

    def find(words: Sequence[str]) -> SearchResults:
        return SearchResults(
            saved=_saved_hits(saved, words),
            guides=_hits(GUIDES, words),
            faqs=_hits(FAQS, words),
            questions=_hits(QUESTIONS, words),
        )

    return _forgiving(words, find, lambda: vocabulary() | _words_of(saved))


def search_saved(text: str, owner: Owner) -> SearchResults:
    """Return the hits among the owner's notes and bookmarks."""
    words = split_words(text)
    saved = _saved_by(owner) if words else ()
    return _forgiving(words, lambda words: SearchResults(saved=_saved_hits(saved, words)), lambda: _words_of(saved))


def _forgiving(
    words: Sequence[str], find: Callable[[Sequence[str]], SearchResults], known: Callable[[], set[str]]
) -> SearchResults:
    """Return the hits for the words; if there are none, those for the words without typing errors, or suggestions."""
    found = find(words) if words else SearchResults()
    if found or not words:
        return found
    terms = known()
    meant = [nearest(word, terms, CERTAIN) for word in words]
    if all(meant) and meant != words and (corrected := find(meant)):
        return replace(corrected, meant=" ".join(meant))
    near = [nearest(word, terms, POSSIBLE) for word in words]
    return replace(found, suggestions=[word for word in dict.fromkeys(near) if word and word not in words])


def _hits(sources: Iterable[Source], words: Sequence[str]) -> list[Hit]:
    found = [(row, source) for source in sources for row in source.ranked(words)]
    found.sort(key=lambda pair: (-pair[0].score, pair[0].length))
    return [source.show(row).hit(row, words) for row, source in found]


def _saved_hits(saved: Saved, words: Sequence[str]) -> list[Hit]:
    hits = []
    for texts in saved:
        found = [text for text in texts if contains(tokens(text.searched), words)]
        found.sort(key=lambda text: -sum(bool(spans(tokens(text.heading), word)) for word in words))
        hits += [text.shown.hit(text.row, words) for text in found[:MAX_HITS_PER_SOURCE]]
    return hits


def _words_of(saved: Saved) -> set[str]:
    return {token for texts in saved for text in texts for token, _begin, _end in tokens(text.searched)}
