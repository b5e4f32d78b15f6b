"""Deletion of an owner with all of their data."""

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
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.notes.models import Bookmark, Note
from questions.problem_reports.models import QuestionReport
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import StudyPlan

logger = logging.getLogger(__name__)


class LastSuperuser(Exception):
    """The user is the only active superuser, so nobody could administer the site afterwards."""


def owned_rows(*, owner: Owner) -> dict[str, int]:
    """Return how many rows of each kind the owner has, by the names that the page uses."""
    return {
        "attempts": Attempt.objects.owned_by(owner).count(),
        "answers": Response.objects.owned_by(owner).answered().count(),
        "drafts": Draft.objects.owned_by(owner).count(),
        "plans": StudyPlan.objects.owned_by(owner).count(),
        "reviews": Review.objects.owned_by(owner).count(),
        "cards": Card.objects.owned_by(owner).count(),
        "notes": Note.objects.owned_by(owner).count(),
        "bookmarks": Bookmark.objects.owned_by(owner).count(),
        "reports": QuestionReport.objects.by_owner(owner).count(),
    }


@transaction.atomic
def delete(*, owner: Owner) -> None:
    """Delete the user or the anonymous visitor with all of their rows.

    Problem reports stay, without text and owner, since the public log and the question's history need them. Raises
    LastSuperuser if no other superuser is left.
    """
    if owner.user_id is not None:
        _require_other_superuser(owner.user_id)
    QuestionReport.objects.by_owner(owner).update(text="")
    for model in apps.get_models():
        if issubclass(model, Owned):
            model._default_manager.owned_by(owner).delete()  # type: ignore[attr-defined]
    if owner.user_id is not None:
        _delete_log_entries(owner.user_id)
        end_sessions(user_id=owner.user_id)
        User.objects.filter(pk=owner.user_id).delete()
    transaction.on_commit(_vacuum)


def _require_other_superuser(user_id: int) -> None:
    """Raise LastSuperuser unless there is another active superuser; lock the rows against two deletions at once."""
    superusers = set(
        User.objects.select_for_update().filter(is_superuser=True, is_active=True).values_list("pk", flat=True)
    )
    if superusers == {user_id}:
        raise LastSuperuser


def _delete_log_entries(user_id: int) -> None:
    """Delete the admin's log entries about the account, which contain its name; those by the user cascade."""
    addresses = EmailAddress.objects.filter(user=user_id).values_list("pk", flat=True)
    targets: list[tuple[type[Model], Iterable[int]]] = [(User, [user_id]), (EmailAddress, addresses)]
    for model, ids in targets:
        content_type = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=content_type, object_id__in=map(str, ids)).delete()


def _vacuum() -> None:
    """Rewrite the SQLite file, so that no copy of the deleted rows is left in it.

    secure_delete overwrites deleted rows, but not copies left over from page splits. PostgreSQL has autovacuum.
    """
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError as error:  # another connection uses the file; the rows are deleted anyway
        logger.warning("Could not vacuum the database after a deletion: %s. Run VACUUM when the site is idle.", error)
