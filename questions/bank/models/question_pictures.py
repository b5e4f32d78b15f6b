"""How questions find the pictures that their texts show, in one query for all questions of a queryset."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Self

from django.db import models

from questions.bank.models.pictures import Picture
from questions.content.item import Item
from questions.content.markdown import names_in
from questions.content.pictures import Picture as ShownPicture


class ShowsPictures:
    """Part of Question: adds the pictures to its content."""

    found_pictures: tuple[ShownPicture, ...] | None = None  # those of a whole queryset, set by `with_pictures`

    def with_pictures(self, item: Item) -> Item:
        """Return the item with the pictures that its texts show. It needs a query only if there are any and the
        question was fetched without `with_content`."""
        names = names_in(text for _field, text in item.markdown_texts())
        if not names:
            return item
        found = Picture.objects.shown(names) if self.found_pictures is None else self.found_pictures
        return replace(item, pictures=tuple(picture for picture in found if picture.name in names))


class ShowsPicturesQuerySet(models.QuerySet[Any]):
    """Queries for questions whose pictures are fetched with them."""

    fetches_pictures = False

    def with_pictures(self) -> Self:
        """Fetch the pictures of all questions in one query, or in none if no text shows one."""
        found = self._chain()  # type: ignore[attr-defined]
        found.fetches_pictures = True
        return found

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.fetches_pictures = self.fetches_pictures
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self.fetches_pictures:
            rows = [row for row in self._result_cache or () if isinstance(row, ShowsPictures)]
            find_pictures(rows, _texts)


def _own_texts(question: Any) -> Iterator[str]:
    """Yield the Markdown texts of a question without its parts."""
    yield from (question.stem, question.explanation, question.model_answer)


def find_pictures(questions: Sequence[Any], texts: Callable[[Any], Iterator[str]] = _own_texts) -> None:
    """Let the questions know the pictures that these texts of them show, in one query, or in none if they show none."""
    found = Picture.objects.shown(names_in(text for question in questions for text in texts(question)))
    for question in questions:
        question.found_pictures = found


def _texts(question: Any) -> Iterator[str]:
    """Yield the Markdown texts of a question whose parts were prefetched."""
    yield from _own_texts(question)
    for choice in question.choices.all():
        yield from (choice.text, choice.feedback)
    for part in (*question.criteria.all(), *question.follow_ups.all()):
        yield part.text
