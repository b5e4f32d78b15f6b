"""Saved items: an owner's bookmark and note for each question, guide or FAQ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.bank.models.question_pictures import find_pictures
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import FAQ, Guide, Topic
from questions.content.item import Item
from questions.content.markdown import plain_text
from questions.enums import Status
from questions.notes.models import TARGETS, AttachedQuerySet, Bookmark, Note, stamp

Target = Question | Guide | FAQ


@dataclass
class SavedItem:
    """An owner's bookmark and note on one target; `text` is the note, empty if there is none."""

    kind: str
    pk: int
    is_bookmarked: bool = False
    text: str = ""

    @property
    def stamp(self) -> str:
        """Return the version stamp of the note."""
        return stamp(self.text)


Found = dict[tuple[str, int], SavedItem]


def of_questions(owner: Owner, ids: Iterable[int]) -> dict[int, SavedItem]:
    """Return the owner's saved item for each question with these ids, in one query."""
    wanted = list(ids)
    found = _found(
        Bookmark.objects.owned_by(owner).on_any("question", wanted),
        Note.objects.owned_by(owner).on_any("question", wanted),
    )
    return {pk: _at(found, "question", pk) for pk in wanted}


def of_guide(owner: Owner, guide: Guide) -> tuple[SavedItem, list[tuple[FAQ, SavedItem]]]:
    """Return the owner's saved items for the guide and for each of its FAQs; in one query if the FAQs were
    prefetched."""
    found = _found(
        Bookmark.objects.owned_by(owner).in_topic(guide.topic_id), Note.objects.owned_by(owner).in_topic(guide.topic_id)
    )
    return _at(found, "guide", guide.pk), [(faq, _at(found, "faq", faq.pk)) for faq in guide.faqs.all()]


def of_one(owner: Owner, kind: str, pk: int) -> SavedItem:
    """Return the owner's saved item for that question, guide or FAQ."""
    found = _found(Bookmark.objects.owned_by(owner).on(kind, pk), Note.objects.owned_by(owner).on(kind, pk))
    return _at(found, kind, pk)


def _found(bookmarks: AttachedQuerySet, notes: AttachedQuerySet) -> Found:
    """Return the bookmarks and notes merged by target, in one query."""
    found: Found = {}
    nothing = Value(None, output_field=TextField())
    for *ids, text in bookmarks.as_rows(nothing).union(notes.as_rows(F("text")), all=True):
        kind, pk = next(pair for pair in zip(TARGETS, ids, strict=True) if pair[1] is not None)
        saved = found.setdefault((kind, pk), SavedItem(kind, pk))
        saved.is_bookmarked |= text is None
        saved.text = text or saved.text
    return found


def _at(found: Found, kind: str, pk: int) -> SavedItem:
    return found.get((kind, pk)) or SavedItem(kind, pk)


def can_be_saved(owner: Owner, kind: str) -> QuerySet[Any]:
    """Return what the owner may bookmark or write a note on: guides, FAQs, and questions that are published, that the
    owner was asked, or that the owner has saved. Raise KeyError for an unknown kind."""
    model = TARGETS[kind]
    if model is FAQ:
        return FAQ.objects.select_related("guide__topic")
    if model is Guide:
        return Guide.objects.select_related("topic")
    asked = Response.objects.filter(attempt__in=Attempt.objects.owned_by(owner), revision__question=OuterRef("pk"))
    saved = (rows.objects.owned_by(owner).filter(question=OuterRef("pk")) for rows in (Bookmark, Note))
    mine = Q(Exists(asked), *map(Exists, saved), _connector=Q.OR)
    return Question.objects.filter(Q(status=Status.PUBLISHED) | mine).select_related("topic")


def topic_of(target: Target) -> Topic:
    """Return the topic of a question, guide or FAQ."""
    return (target.guide if isinstance(target, FAQ) else target).topic


def url_of(target: Target) -> str:
    """Return the URL at which the target can be read. For a question it is the page of the owner's note, because
    candidates see questions only in attempts."""
    if isinstance(target, Question):
        return reverse("note", args=["question", target.pk])
    topic = topic_of(target).get_absolute_url()
    return f"{topic}#faq-{target.slug}" if isinstance(target, FAQ) else topic


def readable_content(owner: Owner, questions: Iterable[Question]) -> dict[int, Item]:
    """Return the content that the owner may read, by question id: the current content of a published question,
    otherwise the revision that the owner was asked last. A question without either is left out. Options are not
    included."""
    current = [question for question in questions if question.status == Status.PUBLISHED]
    find_pictures(current)
    published = {question.pk: question.item_with() for question in current}
    others = [question.pk for question in questions if question.pk not in published]
    if not others:
        return published
    asked = Response.objects.filter(attempt__in=Attempt.objects.owned_by(owner), revision__question__in=others)
    revisions = QuestionRevision.objects.filter(pk__in=asked.values("revision")).order_by("question", "number")
    return published | {revision.question_id: revision.item() for revision in revisions}


@dataclass(frozen=True)
class Entry:
    """An entry of the list of saved items."""

    saved: SavedItem
    target: Target
    title: str

    @property
    def topic(self) -> Topic:
        return topic_of(self.target)

    @property
    def url(self) -> str:
        return url_of(self.target)

    @property
    def may_be_asked(self) -> bool:
        """Return whether the target is a question that can be practised."""
        return isinstance(self.target, Question) and self.target.status == Status.PUBLISHED


def all_saved(owner: Owner) -> list[tuple[SavedItem, Target]]:
    """Return everything that the owner has saved with its target, by topic: guide, FAQs, questions; in two queries."""
    found: dict[tuple[str, int], tuple[SavedItem, Target]] = {}
    for bookmark in Bookmark.objects.owned_by(owner).with_target():
        kind, pk = bookmark.key
        found[kind, pk] = SavedItem(kind, pk, is_bookmarked=True), bookmark.target
    for note in Note.objects.owned_by(owner).with_target():
        kind, pk = note.key
        saved, _target = found.setdefault((kind, pk), (SavedItem(kind, pk), note.target))
        saved.text = note.text
    kinds = ("guide", "faq", "question")
    return sorted(found.values(), key=lambda pair: (topic_of(pair[1]).position, kinds.index(pair[0].kind), pair[0].pk))


def entries(owner: Owner, listed: Sequence[tuple[SavedItem, Target]]) -> list[Entry]:
    """Return a list entry with a title for each saved item; in one more query at most."""
    questions = [target for _saved, target in listed if isinstance(target, Question)]
    content = readable_content(owner, questions)
    return [Entry(saved, target, title_of(target, content)) for saved, target in listed]


def title_of(target: Target, content: dict[int, Item]) -> str:
    """Return the title of the target; empty for a question that is not in `content`."""
    if isinstance(target, Question):
        return plain_text(content[target.pk].stem) if target.pk in content else ""
    return str(target)
