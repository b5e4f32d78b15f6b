"""Agenda: what a study plan amounts to on one day: today's session, the time left, the days ahead, and whether
everything fits."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from statistics import fmean

from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.scheduling import mock_interviews, question_order, workload
from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.fsrs_memory import Memory
from questions.scheduling.models import Review
from questions.scheduling.plan_models import MAX_MINUTES, StudyPlan, Weight
from questions.scheduling.readiness import Range
from questions.scheduling.retention_forecast import forecast_without_deadline
from questions.scheduling.reviews import zone_of
from questions.scheduling.study_day import Calendar, study_day
from questions.study.activity import Day, days_of
from questions.study.agenda_reading import read_interviews, read_questions, read_running_session
from questions.study.known_topics import known_shares
from questions.study.recent_reviews import RecentReview, recent_reviews_of


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
    mock_interview_held_on: date | None = None  # the last mock interview since the plan began
    mock_interview_seconds: float = 0.0  # of today's mock interviews, without the answers that count as study

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
        """Return the seconds of today's time that are used: studied, or spent in a mock interview."""
        return self.studied_today.time.total_seconds() + self.mock_interview_seconds

    @cached_property
    def mock_interviews(self) -> dict[date, int]:
        """Return the minutes of each mock interview that is planned from today on, by study day. One that was missed
        lately is planned for today."""
        if not self.plan.mock_interviews:
            return {}
        days = mock_interviews.mock_interview_days(self.calendar)
        due = mock_interviews.is_due(days, calendar=self.calendar, day=self.day, held_on=self.mock_interview_held_on)
        ahead = [self.day] * due + [day for day in days if day > self.day]
        return dict.fromkeys(ahead, mock_interviews.MINUTES)

    @property
    def next_mock_interview_is_soon(self) -> bool:
        """Return whether the weekday alone says when the next mock interview is."""
        return self.next_mock_interview is not None and self.next_mock_interview - self.day < timedelta(days=7)

    @property
    def next_mock_interview(self) -> date | None:
        """Return the day of the next mock interview, which may be today, or None if none is planned."""
        return min(self.mock_interviews, default=None)

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
        """Return the seconds left for questions today, after a mock interview; 0 on a day off."""
        return self._seconds_left(self.plan.minutes)

    def _seconds_left(self, minutes: float) -> float:
        left = (minutes - self.mock_interviews.get(self.day, 0)) * 60 - self.seconds_today
        return max(0.0, left) if self.is_study_day else 0.0

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
    def today(self) -> DayAhead:
        """Return the session that Today starts, or what is left of the running one: the first row of `ahead`."""
        return self._today_with(self.plan.minutes)

    def _today_with(self, minutes: float) -> DayAhead:
        """Return what `today` would be if the plan had so many minutes a day."""
        keys = self._asked_today(minutes)
        seconds = sum(self.costs.answer(self.known.get(key), self.day) * self.time_factors[key] for key in keys)
        reviews = sum(key in self.known for key in keys)
        off = not keys and not self.is_study_day
        return DayAhead(
            self.day, len(keys) - reviews, reviews, off, seconds / 60, self.mock_interviews.get(self.day, 0)
        )

    def _asked_today(self, minutes: float) -> list[int]:
        if self.running:
            return [key for key in self.left_in_running if key in self._new or key in self.known]
        return self._that_fit(self._seconds_left(minutes))

    @cached_property
    def ahead(self) -> list[DayAhead]:
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
            interviews=self.mock_interviews,
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
            interviews=self.mock_interviews,
        )

    @cached_property
    def asked_ahead(self) -> list[list[int]]:
        """Return the questions of each day of `ahead` as far as they are certain: the session of today, and the new
        questions of the later days, since these are asked in their order."""
        today = self._asked_today(self.plan.minutes)
        is_today = set(today)
        later = (key for key in self.unseen if key not in is_today)
        return [today if row.day == self.day else list(islice(later, row.new)) for row in self.ahead]

    @cached_property
    def topics_ahead(self) -> list[TopicAhead]:
        """Return what fits of each topic; the sum is `fit.fits`."""
        asked = {key for keys in self.asked_ahead for key in keys}
        fits = Counter(self.topic_of[key] for key in {*self.known, *asked})
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
    read_questions(agenda, owner)
    agenda.recent_reviews = recent_reviews_of(owner)
    agenda.studied_days = days_of(Review.objects.owned_by(owner).counting().since(min(plan.begun_on, day)))
    read_running_session(agenda, owner)
    read_interviews(agenda, owner, at)
    return agenda


def default_plan(owner: Owner, day: date) -> StudyPlan:
    """Return the plan, not saved, of an owner who has none."""
    return StudyPlan(**owner.fields, begun_on=day, zone=timezone.get_current_timezone_name())
