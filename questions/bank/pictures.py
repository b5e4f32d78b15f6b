"""Pictures and the texts that name them: where a picture is used, names that no picture has, and the stored files."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from questions.bank.models.pictures import KeptPicture, Picture
from questions.bank.models.questions import Question
from questions.bank.models.topics import Guide
from questions.content.markdown import names_in
from questions.content.pictures import Picture as ShownPicture
from questions.content.pictures import missing_message

# The Markdown fields of each model that staff write.
MARKDOWN_FIELDS = {
    "guide": ("quick_answer",),
    "section": ("body",),
    "codelisting": ("note",),
    "comparison": ("note",),
    "comparisonrow": ("cells",),
    "takeaway": ("text",),
    "faq": ("answer",),
    "question": ("stem", "explanation", "model_answer"),
    "choice": ("text", "feedback"),
    "rubriccriterion": ("text",),
    "followup": ("text", "model_answer"),
    "quiz": ("description",),
}


def markdown_texts(row: models.Model) -> Iterator[tuple[str, str]]:
    """Yield (field, text) for each Markdown text of a row; nothing for other models."""
    for name in MARKDOWN_FIELDS.get(str(row._meta.model_name), ()):
        value = getattr(row, name)
        yield name, "\n\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def shown_in(texts: Iterable[str]) -> tuple[ShownPicture, ...]:
    """Return the pictures that the texts show, in one query, or in none if they name none."""
    return Picture.objects.shown(names_in(texts))


def shown_beside_guide(guide: Guide | None, questions: Iterable[Question]) -> tuple[ShownPicture, ...]:
    """Return the pictures of a guide fetched by `with_guide` and of the open questions listed below it, in one query at
    most."""
    rows: list[models.Model] = []
    if guide:
        rows += [guide, *guide.takeaways.all(), *guide.faqs.all()]
        for section in guide.sections.all():
            rows += [section, *section.listings.all()]
        for comparison in guide.comparisons.all():
            rows += [comparison, *comparison.rows.all()]
    texts = [text for row in rows for _field, text in markdown_texts(row)]
    for question in questions:
        texts += [question.stem, *(follow_up.text for follow_up in question.follow_ups.all())]
    return shown_in(texts)


def problem(texts: Iterable[str]) -> str:
    """Return an error for the pictures that the texts show and that do not exist, in one query at most; empty if all
    exist."""
    wanted = names_in(texts)
    unknown = wanted - {picture.name for picture in Picture.objects.shown(wanted)}
    return missing_message(unknown) if unknown else ""


def uses(picture: Picture) -> list[models.Model]:
    """Return the rows whose texts show the picture, in one query for each model that has Markdown texts."""
    found: list[models.Model] = []
    for model_name, fields in MARKDOWN_FIELDS.items():
        model: Any = apps.get_model("questions", model_name)
        texts = {f"{field}_text": Cast(field, models.TextField()) for field in fields}
        wanted = (Q(**{f"{text}__contains": f"picture:{picture.name}"}) for text in texts)
        rows = model._default_manager.alias(**texts).filter(Q(*wanted, _connector=Q.OR))
        found += [row for row in rows if picture.name in names_in(text for _field, text in markdown_texts(row))]
    return found


def content(digest: str, kind: str) -> bytes | None:
    """Return the file with this digest, current or replaced, in one query for current ones; None if there is none."""
    current = Picture.objects.filter(digest=digest, kind=kind).first()
    if current:
        return current.content()
    kept = KeptPicture.objects.filter(digest=digest, kind=kind).first()
    return bytes(kept.content) if kept else None
