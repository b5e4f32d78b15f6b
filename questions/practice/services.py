"""Practice services: start a quiz from a curated list, from filters, from a focus, or from missed questions."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.utils.translation import gettext as _

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.attempts.quiz_models import Quiz
from questions.bank.models.questions import Question, QuestionQuerySet
from questions.bank.models.topics import Topic
from questions.enums import Mode
from questions.practice.focus import FOCUSES, Focus

MAX_FOCUS_QUESTIONS = 20
IDS_PER_QUESTION = 16  # random ids to try for each question that is drawn


def start_quiz(*, quiz: Quiz, owner: Owner, at: datetime, public_id: uuid.UUID | None = None) -> Attempt:
    """Start an attempt at the published questions of a curated quiz, in its order. Raise ValueError if it has none."""
    return attempts.start(
        owner=owner,
        questions=list(Question.objects.published().in_quiz(quiz)),
        mode=quiz.mode,
        title=quiz.title,
        at=at,
        time_limit=timedelta(minutes=quiz.time_limit) if quiz.time_limit else None,
        quiz=quiz,
        public_id=public_id,
    )


def start_practice(
    *,
    owner: Owner,
    questions: QuestionQuerySet,
    number: int,
    mode: str,
    title: str,
    at: datetime,
    time_limit: timedelta | None = None,
    public_id: uuid.UUID | None = None,
) -> Attempt:
    """Start an attempt at up to `number` of the questions, drawn at random. Raise ValueError if there are none."""
    public_id = public_id or uuid.uuid4()
    return attempts.start(
        owner=owner,
        questions=draw(questions, number, seed=public_id.int),
        mode=mode,
        title=title,
        at=at,
        time_limit=time_limit,
        public_id=public_id,
    )


def start_missed(*, attempt: Attempt, owner: Owner, at: datetime, public_id: uuid.UUID | None = None) -> Attempt:
    """Start a practice attempt at the questions that did not earn full credit in `attempt`. Raise ValueError if there
    are none."""
    return attempts.start(
        owner=owner,
        questions=list(Question.objects.published().missed_in(attempt)),
        mode=Mode.PRACTICE,
        title=_("My mistakes: %s") % attempt.title.removeprefix(_("My mistakes: %s") % ""),
        at=at,
        public_id=public_id,
    )


def start_one(*, question: Question, owner: Owner, at: datetime, public_id: uuid.UUID | None = None) -> Attempt:
    """Start a practice attempt at one question."""
    return attempts.start(
        owner=owner,
        questions=[question],
        mode=Mode.PRACTICE,
        title=question.topic.title,
        at=at,
        public_id=public_id,
    )


def start_selected(
    *, owner: Owner, questions: Sequence[Question], title: str, at: datetime, public_id: uuid.UUID | None = None
) -> Attempt:
    """Start a practice attempt at these questions, in their order. Raise ValueError if there are none."""
    return attempts.start(owner=owner, questions=questions, mode=Mode.PRACTICE, title=title, at=at, public_id=public_id)


def start_focus(
    *,
    owner: Owner,
    focus: Focus,
    day: date,
    at: datetime,
    topic: Topic | None = None,
    public_id: uuid.UUID | None = None,
) -> Attempt:
    """Start a practice attempt at up to MAX_FOCUS_QUESTIONS questions of that focus, from one topic if given; `day` is
    the owner's study day. Raise ValueError if there are none."""
    questions = Question.objects.published().in_topics([topic.slug] if topic else [])
    ids = list(FOCUSES[focus](questions, owner, day)[:MAX_FOCUS_QUESTIONS])
    found = Question.objects.in_bulk(ids)
    title = _("Practice: %s") % focus.label
    return attempts.start(
        owner=owner,
        questions=[found[pk] for pk in ids],
        mode=Mode.PRACTICE,
        title=f"{title} · {topic.title}" if topic else title,
        at=at,
        public_id=public_id,
    )


def draw(questions: QuestionQuerySet, number: int, *, seed: int) -> Sequence[Question]:
    """Return up to `number` of the questions in uniformly random order; the same seed gives the same draw.

    Random ids are drawn from the whole id range and those that do not match are dropped, so a draw from many questions
    costs no more than one from few. If too few are left, the rest is drawn from all matching questions.
    """
    random = Random(seed)  # noqa: S311 - a draw, no secret
    ids = Question.objects.ids()
    tried = random.sample(ids, min(IDS_PER_QUESTION * number, len(ids)))
    fitting = set(questions.filter(pk__in=tried).order_by().values_list("pk", flat=True))
    chosen = [pk for pk in tried if pk in fitting][:number]
    if len(chosen) < number and len(tried) < len(ids):
        others = questions.exclude(pk__in=chosen).order_by("pk").values_list("pk", flat=True)
        chosen += random.sample(list(others), min(number - len(chosen), len(others)))
    found = Question.objects.in_bulk(chosen)
    return [found[pk] for pk in chosen]
