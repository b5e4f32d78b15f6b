"""Read what an agenda is made of: the plan's questions, today's running session, and the mock interviews held."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from questions import types
from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, Difficulty
from questions.scheduling.fsrs_memory import Memory
from questions.scheduling.models import Card, CardStatus
from questions.scheduling.new_question_order import favour_unknown, interleave_topics
from questions.scheduling.reviews import zone_of
from questions.scheduling.study_day import study_day
from questions.study.activity import counted_time

if TYPE_CHECKING:
    from questions.study.agenda import Agenda

DIFFICULTY_RANK = {difficulty: place for place, difficulty in enumerate(Difficulty.values)}


def read_questions(agenda: "Agenda", owner: Owner) -> None:
    """Divide the plan's questions into new, known and set aside."""
    questions = Question.objects.published().of_topics(agenda.topics).values_list("pk", "topic", "type", "difficulty")
    cards = {card[0]: card[1:] for card in Card.objects.owned_by(owner).states()}
    agenda.set_aside = sum(card[0] != CardStatus.ACTIVE or card[1] == agenda.day for card in cards.values())
    fresh: dict[int, list[tuple[int, int]]] = {}
    for pk, topic, type_name, difficulty in questions:
        agenda.topic_of[pk] = topic
        agenda.time_factors[pk] = types.get(type_name).time_factor
        status, buried_on, *memory = cards.get(pk, (CardStatus.ACTIVE, None, None))
        if status != CardStatus.ACTIVE:
            continue
        if buried_on == agenda.day:
            agenda.buried.add(pk)
        if memory[0] is None:
            fresh.setdefault(topic, []).append((DIFFICULTY_RANK[difficulty], pk))
        else:
            agenda.known[pk] = Memory(*memory)
    in_topic = {topic: [pk for _rank, pk in sorted(keys)] for topic, keys in fresh.items()}
    known = {topic: share.middle for topic, share in agenda.known_shares.items()}
    agenda.unseen = interleave_topics(in_topic, favour_unknown(agenda.weights, known))


def read_running_session(agenda: "Agenda", owner: Owner) -> None:
    """Read the owner's session of that study day if it can still be continued, and its unanswered questions."""
    last = Attempt.objects.owned_by(owner).in_mode(AttemptMode.TODAY).in_progress().latest_first().first()
    if last and study_day(last.started_at, zone_of(agenda.plan)) == agenda.day:
        agenda.running = last
        agenda.left_in_running = list(last.responses.unanswered().values_list("revision__question", flat=True))


def read_interviews(agenda: "Agenda", owner: Owner, at: datetime) -> None:
    """Read the day of the last mock interview since the plan began, and how long today's took. Only interviews with an
    answer count."""
    since = datetime.combine(agenda.plan.begun_on, time(), UTC) - timedelta(days=1)
    reviewed = Sum(
        counted_time("responses__review__duration"), filter=Q(responses__review__undone_at__isnull=True), default=None
    )
    mine = Attempt.objects.owned_by(owner).in_mode(AttemptMode.INTERVIEW).filter(started_at__gte=since)
    over = mine.handed_in() | mine.overdue(at)
    answered = over.annotate(answered=Count("responses__answered_at"), reviewed=reviewed).filter(answered__gt=0)
    for begun, submitted, deadline, counted in answered.order_by("started_at").values_list(
        "started_at", "submitted_at", "deadline_at", "reviewed"
    ):
        agenda.mock_interview_held_on = study_day(begun, zone_of(agenda.plan))
        if agenda.mock_interview_held_on == agenda.day:
            took = (submitted or deadline) - begun
            agenda.mock_interview_seconds += max(timedelta(), took - (counted or timedelta())).total_seconds()
