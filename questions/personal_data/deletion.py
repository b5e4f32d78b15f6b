"""Deleting somebody with everything that the site keeps of them."""

import logging
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.models import Model

from questions.accounts.owners import Owned, Owner
from questions.accounts.sessions import end_sessions
from questions.attempts.models import Attempt, Response
from questions.notes.models import Bookmark, Note
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import StudyPlan

logger = logging.getLogger(__name__)


class LastSuperuser(Exception):
    """Nobody would be left who can administer the site."""


def owned_rows(*, owner: Owner) -> dict[str, int]:
    """How many rows of each kind the owner has, under the names that the page shows."""
    return {
        "attempts": Attempt.objects.owned_by(owner).count(),
        "answers": Response.objects.owned_by(owner).answered().count(),
        "plans": StudyPlan.objects.owned_by(owner).count(),
        "reviews": Review.objects.owned_by(owner).count(),
        "cards": Card.objects.owned_by(owner).count(),
        "notes": Note.objects.owned_by(owner).count(),
        "bookmarks": Bookmark.objects.owned_by(owner).count(),
        "reports": QuestionReport.objects.by_owner(owner).count(),
    }


@transaction.atomic
def delete(*, owner: Owner) -> None:
    """Deletes the user or forgets the visitor, with every row that is theirs; raises LastSuperuser.

    Reports of problems stay without their text and without a way back to who made them, since the public log and the
    question's history rest on them.
    """
    if owner.user_id is not None:
        _keep_a_superuser(owner.user_id)
    QuestionReport.objects.by_owner(owner).update(text="")
    for model in apps.get_models():
        if issubclass(model, Owned):
            model._default_manager.owned_by(owner).delete()  # type: ignore[attr-defined]
    if owner.user_id is not None:
        _delete_log_entries(owner.user_id)
        end_sessions(user_id=owner.user_id)
        User.objects.filter(pk=owner.user_id).delete()
    transaction.on_commit(_sweep)


def _keep_a_superuser(user_id: int) -> None:
    """Raises LastSuperuser where no other active superuser would be left; two who leave at once wait for each other."""
    superusers = set(
        User.objects.select_for_update().filter(is_superuser=True, is_active=True).values_list("pk", flat=True)
    )
    if superusers == {user_id}:
        raise LastSuperuser


def _delete_log_entries(user_id: int) -> None:
    """Deletes what the admin's log says about the account, which names it; what the user did there goes with them."""
    addresses = EmailAddress.objects.filter(user=user_id).values_list("pk", flat=True)
    about: list[tuple[type[Model], Iterable[int]]] = [(User, [user_id]), (EmailAddress, addresses)]
    for model, ids in about:
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=map(str, ids)).delete()


def _sweep() -> None:
    """Has SQLite write its file anew: deleted rows are overwritten, but copies of them that were left behind when pages
    were split are not. PostgreSQL does this by itself, when autovacuum comes by."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError as error:  # somebody else holds the file; what is deleted stays deleted
        logger.warning("After a deletion the database could not be vacuumed: %s", error)
