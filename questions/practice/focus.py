"""Focus queries: the questions that an owner should practise next.

Each focus is one query for question ids in the order in which to ask them. It starts from the owner's rows, never from
everybody's answers, so it costs no more on a busy site.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import QuestionQuerySet
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Confidence
from questions.notes.models import Bookmark
from questions.scheduling.models import Card, CardStatus


class Focus(models.TextChoices):
    """What to practise."""

    MISTAKES = "mistakes", _("My mistakes")
    UNSEEN = "unseen", _("Unseen questions")
    DUE = "due", _("Due questions")
    BOOKMARKED = "bookmarked", _("Bookmarks")
    SURE = "sure", _("Sure but wrong")


Ids = models.QuerySet[Any, Any]


def missed(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Return the questions whose last answer by the owner did not earn full credit, the latest first."""
    return _not_right_since(questions, owner, models.Q(fraction__lt=1))


def sure_but_wrong(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Return the questions that the owner was sure of, missed, and has not answered right since, the latest first."""
    return _not_right_since(questions, owner, models.Q(fraction__lt=1, confidence=Confidence.SURE))


def unseen(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Return the questions that the owner was never asked, in random order."""
    # Go through the revisions, so that the database looks up each revision once instead of once per response.
    asked = Response.objects.filter(attempt__in=Attempt.objects.owned_by(owner)).values("revision")
    revisions = QuestionRevision.objects.filter(pk__in=asked).values("question")
    return questions.exclude(pk__in=revisions).order_by("?").values_list("pk", flat=True)


def due(questions: QuestionQuerySet, owner: Owner, day: date) -> Ids:
    """Return the questions that are due in the owner's schedule on that study day, the longest overdue first."""
    cards = Card.objects.owned_by(owner).with_status(CardStatus.ACTIVE).filter(due_on__lte=day).exclude(buried_on=day)
    return _question_ids(cards.order_by("due_on", "pk"), questions)


def bookmarked(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Return the questions that the owner has bookmarked, the latest first."""
    return _question_ids(Bookmark.objects.owned_by(owner).order_by("-marked_at", "-pk"), questions)


FOCUSES: dict[str, Callable[[QuestionQuerySet, Owner, date], Ids]] = {
    Focus.MISTAKES: lambda questions, owner, _day: missed(questions, owner),
    Focus.UNSEEN: lambda questions, owner, _day: unseen(questions, owner),
    Focus.DUE: due,
    Focus.BOOKMARKED: lambda questions, owner, _day: bookmarked(questions, owner),
    Focus.SURE: lambda questions, owner, _day: sure_but_wrong(questions, owner),
}


def _question_ids(rows: models.QuerySet[Any], questions: QuestionQuerySet) -> Ids:
    """Return the ids of the rows' questions that are among `questions`, in the order of the rows."""
    return rows.filter(question__in=questions).values_list("question", flat=True)


def _not_right_since(questions: QuestionQuerySet, owner: Owner, wrong: models.Q) -> Ids:
    """Return the questions whose last answer matching `wrong` is later than any right answer."""
    right = models.Q(fraction__gte=1)
    mine = Response.objects.owned_by(owner).revealed()
    last = (
        mine.filter(wrong | right, revision__question__in=questions)
        .values("revision__question")
        .annotate(wrong_at=models.Max("answered_at", filter=wrong), right_at=models.Max("answered_at", filter=right))
    )
    since = models.Q(right_at__isnull=True) | models.Q(wrong_at__gt=models.F("right_at"))
    found = last.filter(since, wrong_at__isnull=False).order_by("-wrong_at", "revision__question")
    return found.values_list("revision__question", flat=True)
