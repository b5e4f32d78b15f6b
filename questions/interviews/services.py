"""Services for mock interviews."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from django.db.models import Max
from django.utils.translation import gettext as _

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, Difficulty
from questions.interviews import selection
from questions.scheduling.plan_models import StudyPlan, Weight


def start(
    *, owner: Owner, minutes: int, topics: Collection[str], at: datetime, public_id: uuid.UUID | None = None
) -> Attempt:
    """Return a new interview of that many minutes on the topics with these slugs; on all topics if there are none.

    Topics have the weights of the owner's study plan. Raises ValueError if no question is available.
    """
    public_id = public_id or uuid.uuid4()
    selected = selection.select_questions(
        candidates(owner=owner, topics=topics),
        defaultdict(lambda: Weight.NORMAL.value, weights(owner=owner)),
        minutes,
        Random(public_id.int),  # noqa: S311 - a draw, no secret
    )
    questions = Question.objects.in_bulk([candidate.key for candidate in selected])
    return attempts.start(
        owner=owner,
        questions=[questions[candidate.key] for candidate in selected],
        mode=AttemptMode.INTERVIEW,
        title=_("%d-minute mock interview") % minutes,
        at=at,
        time_limit=timedelta(minutes=minutes),
        public_id=public_id,
    )


def candidates(*, owner: Owner, topics: Collection[str]) -> list[selection.Candidate]:
    """Return the published questions of the topics, each with when it was last asked to the owner."""
    asked_at = _last_asked(owner)
    rows = Question.objects.published().in_topics(topics).order_by("pk")
    return [
        selection.Candidate(
            key=pk,
            topic=topic,
            is_open=not types.get(type_name).machine_graded,
            difficulty=Difficulty.values.index(difficulty),
            asked_at=asked_at.get(pk),
        )
        for pk, topic, type_name, difficulty in rows.values_list("pk", "topic__slug", "type", "difficulty")
    ]


def _last_asked(owner: Owner) -> dict[int, datetime]:
    """Return when each question was last asked to the owner, by question id, in any mode, answered or not."""
    mine = Response.objects.owned_by(owner).order_by()
    return dict(mine.values_list("revision__question").annotate(Max("attempt__started_at")))


def weights(*, owner: Owner) -> dict[str, int]:
    """Return the weight of each topic in the owner's study plan, by slug; empty without a plan."""
    rows = StudyPlan.objects.owned_by(owner).values_list("topics__topic__slug", "topics__weight")
    return {slug: weight for slug, weight in rows if slug}
