"""What somebody had better practise now.

Every focus is one query for the ids of questions, in the order in which they had better be asked. It starts from what
the owner has, never from what everybody answered, so that it costs no more on a busy site.
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

    MISTAKES = "mistakes", _("my mistakes")
    UNSEEN = "unseen", _("unseen")
    DUE = "due", _("due")
    BOOKMARKED = "bookmarked", _("bookmarked")
    SURE = "sure", _("sure but wrong")


Ids = models.QuerySet[Any, Any]


def missed(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Those of the questions that earned less than everything when the owner last answered them, the last one missed
    first."""
    return _not_right_since(questions, owner, models.Q(fraction__lt=1))


def sure_but_wrong(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Those of the questions that the owner was sure of and missed, and has not got right since, the last one first."""
    return _not_right_since(questions, owner, models.Q(fraction__lt=1, confidence=Confidence.SURE))


def unseen(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Those of the questions that the owner was never asked, in random order."""
    # By way of the revisions: a database then looks up each revision once, and not once for every response.
    asked = Response.objects.filter(attempt__in=Attempt.objects.owned_by(owner)).values("revision")
    revisions = QuestionRevision.objects.filter(pk__in=asked).values("question")
    return questions.exclude(pk__in=revisions).order_by("?").values_list("pk", flat=True)


def due(questions: QuestionQuerySet, owner: Owner, day: date) -> Ids:
    """Those of the questions that the owner's schedule asks on that study day, the longest due first."""
    cards = Card.objects.owned_by(owner).having(CardStatus.ACTIVE).filter(due_on__lte=day).exclude(buried_on=day)
    return _of(cards.order_by("due_on", "pk"), questions)


def bookmarked(questions: QuestionQuerySet, owner: Owner) -> Ids:
    """Those of the questions that the owner has bookmarked, the last one first."""
    return _of(Bookmark.objects.owned_by(owner).order_by("-marked_at", "-pk"), questions)


FOCUSES: dict[str, Callable[[QuestionQuerySet, Owner, date], Ids]] = {
    Focus.MISTAKES: lambda questions, owner, _day: missed(questions, owner),
    Focus.UNSEEN: lambda questions, owner, _day: unseen(questions, owner),
    Focus.DUE: due,
    Focus.BOOKMARKED: lambda questions, owner, _day: bookmarked(questions, owner),
    Focus.SURE: lambda questions, owner, _day: sure_but_wrong(questions, owner),
}


def _of(rows: models.QuerySet[Any], questions: QuestionQuerySet) -> Ids:
    """The ids of those of the questions that the rows are on, in the order of the rows."""
    return rows.filter(question__in=questions).values_list("question", flat=True)


def _not_right_since(questions: QuestionQuerySet, owner: Owner, wrong: models.Q) -> Ids:
    """Those of the questions whose last answer that was wrong in that way is later than any right one."""
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
