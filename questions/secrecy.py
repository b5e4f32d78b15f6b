"""Whether the key, grade and outcome of a response may be shown now: the one place that decides it.

Ask `Response.is_revealed` about one response and `ResponseQuerySet.revealed` about many. Queries that reach responses
from another model filter by `revealed` with the path that leads to them.
"""

from datetime import datetime
from typing import TypeVar

from django.db.models import Q

from questions.enums import EXPLAINED_AT_ONCE, TRANSITIONS

ENDED = tuple(status for status, following in TRANSITIONS.items() if not following)
Condition = TypeVar("Condition", bool, Q)


def _rule(*, has_ended: Condition, explains_at_once: Condition, is_answered: Condition) -> Condition:
    """The rule itself, for truth values in Python and for conditions in SQL alike: a response is revealed once its
    attempt has ended; where answers are explained at once, as soon as it is answered."""
    return has_ended | (explains_at_once & is_answered)


def is_revealed(*, status: str, mode: str, answered_at: datetime | None) -> bool:
    """Whether a response is revealed that was answered then, in an attempt of that status and mode."""
    return _rule(
        has_ended=status in ENDED, explains_at_once=mode in EXPLAINED_AT_ONCE, is_answered=answered_at is not None
    )


def revealed(response: str = "", attempt: str | None = None) -> Q:
    """The condition for revealed responses; `response` is the path to them, such as "responses__", and `attempt` the
    path to their attempts where it does not lead through them."""
    attempt = f"{response}attempt__" if attempt is None else attempt
    return _rule(
        has_ended=Q((f"{attempt}status__in", ENDED)),
        explains_at_once=Q((f"{attempt}mode__in", EXPLAINED_AT_ONCE)),
        is_answered=Q((f"{response}answered_at__isnull", False)),
    )
