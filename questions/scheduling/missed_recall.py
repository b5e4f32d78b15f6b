"""Estimate how often missed questions are remembered, from all reviews of the site."""

from datetime import datetime

from django.db.models import Case, Count, F, Q, When, Window
from django.db.models.functions import Lead

from questions.scheduling.estimate_models import MissedRecall
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Review
from questions.scheduling.readiness import missed_recall


def update(*, at: datetime) -> MissedRecall:
    """Save and return the estimate from the current reviews, in one pass over them."""
    reviews, remembered = count_after_misses()
    share = missed_recall(reviews=reviews, remembered=remembered)
    defaults = {"share": share, "reviews": reviews, "computed_at": at}
    saved, _created = MissedRecall.objects.update_or_create(pk=1, defaults=defaults)
    return saved


def count_after_misses() -> tuple[int, int]:
    """Return how many reviews came next after a miss, of the same owner and question and so on a later study day, and
    how many of them were remembered.

    Undone reviews do not exist here. A review that was imported, or whose attempt was deleted, is neither a miss nor
    the one that came next.
    """
    from_here = Q(response__isnull=False, response__attempt__imported_at__isnull=True)
    rated = Review.objects.counting().order_by().annotate(known=Case(When(from_here, then="rating")))
    following = Window(Lead("known"), partition_by=[F("user"), F("visitor"), F("question")], order_by="day")
    # Not `filter(known=...)`: that would leave reviews out before the window looks for the next one.
    found = rated.annotate(following=following).aggregate(
        reviews=Count("pk", filter=Q(known=Rating.AGAIN, following__isnull=False)),
        remembered=Count("pk", filter=Q(known=Rating.AGAIN, following__gt=Rating.AGAIN)),
    )
    return found["reviews"], found["remembered"]
