"""Rebuild item statistics from all answers; the database computes the sums."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from questions import types
from questions.bank.item_analysis import Sums
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.revisions import QuestionRevision
from questions.content.item import Item
from questions.secrecy import revealed

# `final` holds the graded answers that are final. x is the fraction of an answer, y the mean of the other graded
# answers in the same attempt.
GRADED_CTE = """
    WITH final (revision_id, question_id, attempt_id, x, confidence, answer, duration) AS ({final}), graded AS (
        SELECT revision_id, question_id, x, confidence, answer, {seconds} AS seconds,
               COUNT(*) OVER (PARTITION BY attempt_id) AS k,
               SUM(x) OVER (PARTITION BY attempt_id) AS total
        FROM final
    ), paired AS (
        SELECT {group} AS id, x, (total - x) / (k - 1) AS y FROM graded WHERE k > 1
    )
"""
COUNTS_AND_MEANS = """
    SELECT {group}, COUNT(*), AVG(x),
           SUM(CASE WHEN confidence = 'sure' THEN 1 ELSE 0 END),
           SUM(CASE WHEN confidence = 'sure' AND x = 0 THEN 1 ELSE 0 END)
    FROM graded GROUP BY {group}
"""
SUMS = "SELECT id, COUNT(*), SUM(x), SUM(y), SUM(x * x), SUM(y * y), SUM(x * y) FROM paired GROUP BY id"
SORTED_PRODUCTS = """
    SELECT one.id, SUM(one.x * other.y)
    FROM (SELECT id, x, ROW_NUMBER() OVER (PARTITION BY id ORDER BY x) AS place FROM paired) one
    JOIN (SELECT id, y, ROW_NUMBER() OVER (PARTITION BY id ORDER BY y) AS place FROM paired) other
      ON one.id = other.id AND one.place = other.place
    GROUP BY one.id
"""
MEDIANS = """
    SELECT id, AVG(seconds) FROM (
        SELECT {group} AS id, seconds, ROW_NUMBER() OVER (PARTITION BY {group} ORDER BY seconds) AS place,
               COUNT(*) OVER (PARTITION BY {group}) AS n
        FROM graded WHERE seconds IS NOT NULL
    ) timed WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY id
"""
ANSWER_COUNTS = "SELECT revision_id, {answer}, COUNT(*) FROM graded GROUP BY revision_id, {answer}"


@transaction.atomic
def rebuild(*, at: datetime) -> int:
    """Replace all item statistics with those of the current answers, and return how many were created."""
    revisions = {revision.pk: revision for revision in QuestionRevision.objects.order_by("question", "number")}
    latest = {revision.question_id: revision for revision in revisions.values()}
    choice_counts = _choice_counts({pk: revision.item() for pk, revision in revisions.items()})
    by_question = _computed_statistics("question_id", {pk: revision.item() for pk, revision in latest.items()}, at)
    for statistics in by_question:
        _add_choice_counts(statistics, latest[statistics.question_id], choice_counts)
    by_revision = _computed_statistics("revision_id", {pk: revision.item() for pk, revision in revisions.items()}, at)
    for statistics in by_revision:
        statistics.question_id = revisions[statistics.revision_id].question_id  # type: ignore[index]
        _add_choice_counts(statistics, revisions[statistics.revision_id], choice_counts)  # type: ignore[index]
    ItemStatistics.objects.all().delete()
    ItemStatistics.objects.bulk_create(by_question + by_revision, batch_size=500)
    return len(by_question) + len(by_revision)


def _computed_statistics(group: str, items: dict[int, Item], at: datetime) -> list[ItemStatistics]:
    """Return unsaved statistics, without choice counts, for each value of the column `group`."""
    sums = {row[0]: row[1:] for row in _rows(SUMS, group)}
    ordered = dict(_rows(SORTED_PRODUCTS, group))
    medians = dict(_rows(MEDIANS, group))
    made = []
    for pk, n, facility, sure, sure_but_wrong in _rows(COUNTS_AND_MEANS, group):
        paired = Sums(*(*sums[pk], ordered[pk])) if pk in sums else None
        made.append(
            ItemStatistics(
                **{group: pk},
                n=n,
                facility=facility,
                discrimination=paired.discrimination() if paired else None,
                efficiency=paired.efficiency() if paired else None,
                guess_score=types.get(items[pk].type).guess_score(items[pk]),
                median_seconds=medians.get(pk),
                sure_but_wrong=sure_but_wrong / sure if sure else None,
                computed_at=at,
            )
        )
    return made


def _add_choice_counts(
    statistics: ItemStatistics, revision: QuestionRevision, choice_counts: dict[int, list[int]]
) -> None:
    """Set how often each option of the revision was chosen, and the share of the weakest distractor."""
    counts = choice_counts.get(revision.pk, [])
    wrong = [count for count, option in zip(counts, revision.item().options, strict=False) if option.weight <= 0]
    statistics.choice_counts = counts
    statistics.weakest_distractor = min(wrong) / sum(counts) if wrong and sum(counts) else None


def _choice_counts(items: dict[int, Item]) -> dict[int, list[int]]:
    """Return how often each option was chosen, by revision, for the types whose answers pick options."""
    counts: dict[int, list[int]] = {}
    for pk, text, n in _rows(ANSWER_COUNTS, "revision_id"):
        question_type, answer = types.get(items[pk].type), json.loads(text)
        for place in question_type.picked(items[pk], answer) if answer != types.UNKNOWN else ():
            counts.setdefault(pk, [0] * len(question_type.countable(items[pk])))[place] += n
    return counts


def _rows(query: str, group: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, grouped by `group`, which is "question_id" or "revision_id"."""
    postgres = connection.vendor == "postgresql"
    seconds = "EXTRACT(EPOCH FROM duration)" if postgres else "duration / 1000000.0"
    answer = "answer::text" if postgres else "answer"
    final, params = _final().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute((GRADED_CTE + query).format(final=final, seconds=seconds, group=group, answer=answer), params)
        return cursor.fetchall()


def _final() -> QuerySet[QuestionRevision, tuple[Any, ...]]:
    """The graded answers that are revealed, and so final, with the columns that GRADED names; without imported ones."""
    answers = QuestionRevision.objects.filter(
        revealed("responses__"), responses__fraction__isnull=False, responses__attempt__imported_at__isnull=True
    )
    columns = (f"responses__{name}" for name in ("attempt", "fraction", "confidence", "answer", "duration"))
    return answers.order_by().values_list("pk", "question", *columns)
