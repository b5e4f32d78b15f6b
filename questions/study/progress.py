"""Progress report: readiness, calibration, confidence, coverage and activity, read in a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import nsmallest

from django.db.models import Count, F, Q, Sum, Value

from questions.accounts.owners import Owner
from questions.bank.models.topics import Topic
from questions.enums import Confidence
from questions.percent import percent
from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.models import Card, CardStatus, Review, ReviewQuerySet
from questions.scheduling.plan_models import StudyPlan
from questions.scheduling.readiness import LOOK_AHEAD_DAYS, Record, expected_recall, forecast_range
from questions.scheduling.reviews import zone_of
from questions.scheduling.study_day import Calendar, study_day
from questions.study.activity import Activity, days_of
from questions.study.calibration import BOUNDS, Calibration
from questions.study.percentages import Forecast, Share

MAX_SURE_BUT_WRONG = 10
WEAKEST_QUESTIONS = 5
MASTERED = 0.9  # probability of a right answer on the day of the forecast from which a question counts as mastered


@dataclass(frozen=True, slots=True)
class TopicReport:
    """Progress in one topic: the share of published questions seen, how many are known or suspended, and the forecast
    for the rest. `mastered` counts the known questions, and those with MASTERED or more in the forecast."""

    topic: Topic
    seen: Share
    known: int
    suspended: int
    mastered: int
    forecast: Forecast

    @property
    def learning(self) -> int:
        """Return the number of questions that were seen and are not mastered, or that are suspended."""
        return self.seen.of - self.mastered - self.not_seen

    @property
    def not_seen(self) -> int:
        """Return the number of questions that were neither seen nor set aside."""
        return self.forecast.unseen

    @property
    def seen_percent(self) -> int:
        """Return the share of the questions that are mastered or being learned, in whole percent."""
        return percent((self.mastered + self.learning) / self.seen.of) if self.seen.of else 0

    @property
    def mastered_percent(self) -> int:
        """Return the share of mastered questions, in whole percent."""
        return percent(self.mastered / self.seen.of) if self.seen.of else 0


@dataclass(frozen=True, slots=True)
class ConfidenceReport:
    """How often answers with this confidence were right."""

    confidence: Confidence
    right: Share


@dataclass(frozen=True)
class ProgressReport:
    """A candidate's progress. `interview_on` is None unless an interview is ahead. `forecast_on` is the day that the
    forecast is for: the interview's, or LOOK_AHEAD_DAYS from today; `missed` counts the questions of the forecast that
    were last answered wrong. `weakest_questions` has the ids of the questions with the lowest forecast, the weakest
    first, each with its recall in whole percent."""

    plan: StudyPlan | None
    interview_on: date | None
    forecast_on: date
    missed: int
    missed_percent: int | None
    topics: list[TopicReport]
    forecast: Forecast
    calibration: Calibration
    confidence: list[ConfidenceReport]
    sure_but_wrong: list[Review]
    activity: Activity
    weakest_questions: list[tuple[int, int]]

    @property
    def known(self) -> int:
        """Return the number of questions marked as known."""
        return sum(topic.known for topic in self.topics)

    @property
    def suspended(self) -> int:
        """Return the number of suspended questions."""
        return sum(topic.suspended for topic in self.topics)

    @property
    def weakest(self) -> TopicReport | None:
        """Return the topic with the lowest forecast, the first of equals, or None without a forecast."""
        return min((one for one in self.topics if one.forecast.of), key=lambda one: one.forecast.middle, default=None)

    @property
    def sure(self) -> Share:
        """Return the share of sure answers that were right."""
        return next(entry.right for entry in self.confidence if entry.confidence == Confidence.SURE)

    @property
    def has_confidence(self) -> bool:
        """Return whether any answer has a confidence."""
        return any(entry.right.of for entry in self.confidence)


def progress_report(owner: Owner, *, at: datetime) -> ProgressReport:
    """Return the owner's progress report at that time."""
    plan = StudyPlan.objects.owned_by(owner).prefetch_related("topics").first()
    today = study_day(at, zone_of(plan))
    interview_on = plan.interview_on if plan and plan.interview_on and plan.interview_on >= today else None
    reviews = Review.objects.owned_by(owner).counting()
    calibration = Calibration.from_records(_records(reviews))
    record = calibration.record
    forecast_on = interview_on or today + timedelta(days=LOOK_AHEAD_DAYS)
    tallies = _tallies(owner, plan, forecast_on)
    seen = sum(len(tally.recalls) for tally in tallies)
    missed = [share for tally in tallies for share in tally.missed]
    return ProgressReport(
        plan=plan,
        interview_on=interview_on,
        forecast_on=forecast_on,
        missed=len(missed),
        missed_percent=percent(missed[0]) if missed else None,
        topics=[tally.report(record, seen) for tally in tallies],
        forecast=_forecast(tallies, record),
        calibration=calibration,
        confidence=_confidence(reviews),
        sure_but_wrong=list(Review.objects.sure_but_wrong(owner).with_question()[:MAX_SURE_BUT_WRONG]),
        activity=Activity(days_of(reviews), today, plan.calendar(today) if plan else Calendar(today)),
        weakest_questions=_weakest_questions(tallies),
    )


@dataclass
class _Tally:
    """Running count of a topic's questions: those set aside, and the recall of the others that were seen."""

    topic: Topic
    seen: int = 0
    cards: int = 0
    set_aside: dict[str, int] = field(default_factory=lambda: {CardStatus.KNOWN: 0, CardStatus.SUSPENDED: 0})
    recall_of: dict[int, float] = field(default_factory=dict)  # by question
    model_recall_of: dict[int, float] = field(
        default_factory=dict
    )  # of questions last answered wrong, without the limit
    missed: list[float] = field(default_factory=list)  # what each of those last answered wrong counts for at most

    @property
    def recalls(self) -> Collection[float]:
        return self.recall_of.values()

    @property
    def total(self) -> int:
        """Return the number of questions that the forecast covers."""
        return self.topic.published_count - sum(self.set_aside.values())

    def report(self, record: Record, seen: int) -> TopicReport:
        """Return the topic's report; `seen` is the number of questions seen in all topics."""
        # Reviews are not counted by topic. Assume that they are spread evenly, so that no topic seems well tested.
        own = replace(record, answers=record.answers * len(self.recalls) // max(1, seen))
        return TopicReport(
            topic=self.topic,
            seen=Share(self.seen, self.topic.published_count),
            known=self.set_aside[CardStatus.KNOWN],
            suspended=self.set_aside[CardStatus.SUSPENDED],
            mastered=self.set_aside[CardStatus.KNOWN] + sum(recall >= MASTERED for recall in self.recalls),
            forecast=_forecast([self], own),
        )


def _forecast(tallies: Iterable[_Tally], record: Record) -> Forecast:
    recalls = [one for tally in tallies for one in tally.recalls]
    total = sum(tally.total for tally in tallies)
    return Forecast.from_range(forecast_range(recalls, total=total, record=record), seen=len(recalls), of=total)


def _weakest_questions(tallies: Iterable[_Tally]) -> list[tuple[int, int]]:
    """Return the weakest questions. Of those last answered wrong, which count for the same, the model decides."""
    found = (
        (recall, tally.model_recall_of.get(question, recall), question)
        for tally in tallies
        for question, recall in tally.recall_of.items()
    )
    return [(question, percent(recall)) for recall, _model, question in nsmallest(WEAKEST_QUESTIONS, found)]


def _tallies(owner: Owner, plan: StudyPlan | None, day: date) -> list[_Tally]:
    """Return a tally for each topic of the plan or, if the plan has none, for each topic with cards."""
    found = {topic.pk: _Tally(topic) for topic in Topic.objects.with_counts()}
    cards = Card.objects.owned_by(owner).to_published().with_missed_recall(owner).order_by()
    for question, topic, status, stability, reviewed, missed in cards.values_list(
        "question", "question__topic", "status", "stability", "reviewed_on", "missed_recall"
    ):
        tally = found[topic]
        tally.cards += 1
        tally.seen += reviewed is not None
        if status in tally.set_aside:
            tally.set_aside[status] += 1
        elif reviewed is not None:
            if missed is not None:
                tally.missed.append(missed)
                tally.model_recall_of[question] = expected_recall(stability=stability, reviewed=reviewed, day=day)
            recall = expected_recall(stability=stability, reviewed=reviewed, day=day, at_most=missed)
            tally.recall_of[question] = recall
    planned = {entry.topic_id for entry in plan.topics.all()} if plan else set()
    return [tally for key, tally in found.items() if (key in planned if planned else tally.cards)]


def _records(reviews: ReviewQuerySet) -> list[Record]:
    """Return the totals of predicted and actual recall for each of BOUNDS, in one query: a union with one part per
    group, because an index holds the reviews by predicted recall."""
    predicted = F("predicted")
    sums = {
        "answers": Count("*"),
        "expected": Sum("predicted", default=0.0),
        "remembered": Count("rating", filter=Q(rating__gt=Rating.AGAIN)),
        "variance": Sum(predicted * (1 - predicted), default=0.0),
    }
    parts = [
        reviews.order_by().predicted_from(low, high).values_list(Value(number)).annotate(**sums)
        for number, (low, high) in enumerate(BOUNDS)
    ]
    rows = parts[0].union(*parts[1:], all=True)
    found = {number: Record(*sums) for number, *sums in rows}
    return [found.get(number, Record(0, 0.0, 0.0, 0.0)) for number in range(len(BOUNDS))]


def _confidence(reviews: ReviewQuerySet) -> list[ConfidenceReport]:
    grouped = reviews.with_confidence().order_by("confidence").values("confidence")
    rows = grouped.annotate(right=Count("fraction", filter=Q(fraction__gte=1)), answers=Count("*"))
    found = {said: Share(right, answers) for said, right, answers in rows.values_list("confidence", "right", "answers")}
    return [
        ConfidenceReport(one, found.get(one, Share(0, 0)))
        for one in (Confidence.SURE, Confidence.UNSURE, Confidence.GUESS)
    ]
