"""Agenda: what a study plan amounts to on one day: today's session, the time left, the days ahead, and whether
everything fits."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import fmean

from django.utils import timezone

from questions import types
from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import AttemptMode, Difficulty
from questions.scheduling import question_order, workload
from questions.scheduling.fsrs_memory import Memory
from questions.scheduling.models import Card, CardStatus, Review
from questions.scheduling.new_question_order import favour_unknown, interleave_topics
from questions.scheduling.plan_models import MAX_MINUTES, StudyPlan, Weight
from questions.scheduling.readiness import Range
from questions.scheduling.retention_forecast import forecast_without_deadline
from questions.scheduling.reviews import zone_of
from questions.scheduling.study_day import Calendar, study_day
from questions.study.activity import Day, days_of
from questions.study.known_topics import known_shares
from questions.study.recent_reviews import RecentReview, recent_reviews_of

DIFFICULTY_RANK = {difficulty: place for place, difficulty in enumerate(Difficulty.values)}


@dataclass(frozen=True, slots=True)
class TopicAhead:
    """How many of a topic's questions were seen or are in the forecast."""

    topic: Topic
    fits: int
    questions: int


@dataclass
class Agenda:
    """A study plan on one study day. All ids are of published questions in the plan's topics."""

    plan: StudyPlan
    day: date
    topics: dict[int, Topic]
    weights: dict[int, float]
    known_shares: dict[int, Range] = field(default_factory=dict)  # by topic, if a placement test was taken
    topic_of: dict[int, int] = field(default_factory=dict)
    time_factors: dict[int, float] = field(default_factory=dict)
    unseen: list[int] = field(default_factory=list)
    known: dict[int, Memory] = field(default_factory=dict)
    set_aside: int = 0  # questions of any topic, as `CardQuerySet.set_aside` lists them
    buried: set[int] = field(default_factory=set)
    recent_reviews: list[RecentReview] = field(default_factory=list)
    studied_days: dict[date, Day] = field(default_factory=dict)  # since the plan began
    running: Attempt | None = None  # today's session, if it was started and can be continued
    left_in_running: list[int] = field(default_factory=list)

    @property
    def is_saved(self) -> bool:
        """Return whether the owner has a plan; otherwise this is the default one."""
        return self.plan.pk is not None

    @cached_property
    def calendar(self) -> Calendar:
        return self.plan.calendar(self.day)

    @cached_property
    def costs(self) -> workload.Costs:
        """Return the candidate's mean seconds for an answer with time factor 1."""
        timed = [(one.kind, one.seconds / one.time_factor) for one in self.recent_reviews if one.seconds is not None]
        return workload.costs_from(timed)

    @cached_property
    def mean_costs(self) -> workload.Costs:
        """Return the mean seconds for an answer, averaged over the plan's questions."""
        return self.costs.scaled(fmean(self.time_factors.values())) if self.time_factors else self.costs

    @property
    def studied_today(self) -> Day:
        return self.studied_days.get(self.day, Day())

    @property
    def seconds_today(self) -> float:
        """Return the seconds studied today."""
        return self.studied_today.time.total_seconds()

    @property
    def is_study_day(self) -> bool:
        return self.calendar.is_study_day(self.day)

    @property
    def is_interview_day(self) -> bool:
        return self.plan.interview_on == self.day

    @property
    def interview_is_over(self) -> bool:
        return self.plan.interview_on is not None and self.plan.interview_on < self.day

    @property
    def days_left(self) -> int:
        """Return the number of study days before the interview, including today; 0 without a date."""
        deadline = self.calendar.deadline
        return self.calendar.study_days_between(self.day, deadline) if deadline else 0

    @property
    def days_to_go(self) -> int:
        """Return the number of days until the interview, days off included; 0 without a date."""
        deadline = self.calendar.deadline
        return (deadline - self.day).days if deadline else 0

    @property
    def planned_days(self) -> int:
        """Return the number of study days since the plan began, including today."""
        return self.calendar.study_days_between(self.plan.begun_on, self.day + timedelta(days=1))

    @property
    def seconds_left(self) -> float:
        """Return the seconds of study time left today; 0 on a day off."""
        return self._seconds_left(self.plan.minutes)

    def _seconds_left(self, minutes: float) -> float:
        return max(0.0, minutes * 60 - self.seconds_today) if self.is_study_day else 0.0

    @cached_property
    def order(self) -> list[int]:
        """Return the questions that can be asked today, in the order of the default policy."""
        weights = {key: self.weights[topic] for key, topic in self.topic_of.items()}
        here = [key for key in self.unseen if key not in self.buried]
        known = {key: memory for key, memory in self.known.items() if key not in self.buried}
        return question_order.default_policy(question_order.Situation(here, known, self.day, self.calendar, weights))

    def session(self, seconds: float) -> list[int]:
        """Return the questions that fit into that time, with new ones spread among the reviews and the topics mixed."""
        return workload.interleave(self._that_fit(seconds), group=self.topic_of, unseen=self._new)

    def _that_fit(self, seconds: float) -> list[int]:
        return workload.fill_session(
            self.order,
            unseen=self._new,
            known=self.known,
            day=self.day,
            costs=self.costs,
            seconds=seconds,
            time_factors=self.time_factors,
        )

    @cached_property
    def _new(self) -> set[int]:
        return set(self.unseen)

    @cached_property
    def today(self) -> workload.DayAhead:
        """Return the session that Today starts, or what is left of the running one: the first row of `ahead`."""
        return self._today_with(self.plan.minutes)

    def _today_with(self, minutes: float) -> workload.DayAhead:
        """Return what `today` would be if the plan had so many minutes a day."""
        if self.running:
            keys = [key for key in self.left_in_running if key in self._new or key in self.known]
        else:
            keys = self._that_fit(self._seconds_left(minutes))
        seconds = sum(self.costs.answer(self.known.get(key), self.day) * self.time_factors[key] for key in keys)
        reviews = sum(key in self.known for key in keys)
        off = not keys and not self.is_study_day
        return workload.DayAhead(self.day, len(keys) - reviews, reviews, off, seconds / 60)

    @cached_property
    def ahead(self) -> list[workload.DayAhead]:
        """Return the forecast of the coming days, today first. Without an interview date it follows the due dates."""
        costs, minutes = self.mean_costs, self.plan.minutes
        calendar, day, unseen = self.calendar, self.day, len(self.unseen)
        if calendar.deadline is None:
            dues = [memory.due for memory in self.known.values()]
            return forecast_without_deadline(
                dues,
                calendar=calendar,
                day=day,
                unseen=unseen,
                minutes=minutes,
                costs=costs,
                today=self.today,
            )
        return workload.forecast_until_deadline(
            calendar=calendar,
            day=day,
            unseen=unseen,
            known=len(self.known),
            minutes=minutes,
            costs=costs,
            today=self.today,
        )

    @property
    def new_by_topic(self) -> Counter[int]:
        """Return the number of new questions of each topic, by the topic's id."""
        return Counter(self.topic_of[key] for key in self.unseen)

    @property
    def new_ahead(self) -> int:
        """Return the number of new questions in all days of `ahead`."""
        return sum(row.new for row in self.ahead)

    @property
    def reviews_ahead(self) -> int:
        """Return the number of reviews in all days of `ahead`."""
        return sum(row.reviews for row in self.ahead)

    @cached_property
    def fit(self) -> workload.Fit:
        """Return whether the study time is enough for all questions."""
        seen = Counter(self.topic_of[key] for key in self.known)
        new = self.new_by_topic
        loads = [workload.TopicLoad(pk, self.weights[pk], new[pk], seen[pk]) for pk in self.topics]
        return workload.fit(
            loads,
            calendar=self.calendar,
            day=self.day,
            minutes=self.plan.minutes,
            costs=self.mean_costs,
            spent=self.seconds_today,
            today=self._today_with,
            max_minutes=MAX_MINUTES,
        )

    @cached_property
    def topics_ahead(self) -> list[TopicAhead]:
        """Return what fits of each topic; the sum is `fit.fits`, since new questions are asked in their order."""
        fits = Counter(self.topic_of[key] for key in [*self.known, *self.unseen[: self.new_ahead]])
        questions = Counter(self.topic_of[key] for key in [*self.known, *self.unseen])
        return [TopicAhead(topic, fits[pk], questions[pk]) for pk, topic in self.topics.items() if questions[pk]]

    @property
    def topics_to_drop(self) -> list[Topic]:
        """Return the topics that count less, if the study time is enough without them."""
        return [self.topics[pk] for pk in self.topics if pk in self.fit.drop]


def agenda_of(*, owner: Owner, at: datetime) -> Agenda:
    """Return the owner's agenda at that time, in a fixed number of queries. Without a saved plan it covers all topics
    and has no interview date."""
    plan = StudyPlan.objects.owned_by(owner).first()
    day = study_day(at, zone_of(plan))
    plan = plan or default_plan(owner, day)
    rows = {row.topic_id: row for row in plan.topics.select_related("topic")} if plan.pk else {}
    topics = {row.topic_id: row.topic for row in rows.values()} if plan.pk else Topic.objects.in_bulk()
    weights = {pk: 2.0 ** (rows[pk].weight - Weight.NORMAL) if rows else 1.0 for pk in topics}
    agenda = Agenda(plan, day, topics, weights, known_shares(owner, topics))
    _read_questions(agenda, owner)
    agenda.recent_reviews = recent_reviews_of(owner)
    agenda.studied_days = days_of(Review.objects.owned_by(owner).counting().since(min(plan.begun_on, day)))
    _read_running_session(agenda, owner)
    return agenda


def default_plan(owner: Owner, day: date) -> StudyPlan:
    """Return the plan, not saved, of an owner who has none."""
    return StudyPlan(**owner.fields, begun_on=day, zone=timezone.get_current_timezone_name())


def _read_running_session(agenda: Agenda, owner: Owner) -> None:
    """Read the owner's session of that study day if it can still be continued, and its unanswered questions."""
    last = Attempt.objects.owned_by(owner).in_mode(AttemptMode.TODAY).in_progress().latest_first().first()
    if last and study_day(last.started_at, zone_of(agenda.plan)) == agenda.day:
        agenda.running = last
        agenda.left_in_running = list(last.responses.unanswered().values_list("revision__question", flat=True))


def _read_questions(agenda: Agenda, owner: Owner) -> None:
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
