"""Report on a mock interview: scores, criteria met and missed, what to study, changes since the previous interview."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.attempts.results import Result, Score, result_of
from questions.bank.models.topics import FAQ, Takeaway, Topic
from questions.content.item import Criterion
from questions.enums import AttemptMode
from questions.types import MOSTLY_RIGHT


@dataclass
class Scores:
    """Scores of the open questions, of the machine-graded questions and of both."""

    open: Score = field(default_factory=Score)
    machine_graded: Score = field(default_factory=Score)
    overall: Score = field(default_factory=Score)

    def add(self, asked: AskedQuestion) -> None:
        """Add the response to the overall score and to the score of its kind."""
        self.overall.add(asked.response)
        (self.machine_graded if asked.question_type.machine_graded else self.open).add(asked.response)


def scores_of(questions: Iterable[AskedQuestion]) -> tuple[Scores, dict[Topic, Scores]]:
    """Return the scores of all questions, and the scores by topic in reading order."""
    total, topics = Scores(), dict[Topic, Scores]()
    for asked in questions:
        total.add(asked)
        topics.setdefault(asked.response.revision.question.topic, Scores()).add(asked)
    return total, dict(sorted(topics.items(), key=lambda entry: entry[0].position))


@dataclass(frozen=True, slots=True)
class MarkedCriterion:
    """A criterion of the rubric, and whether the answer met it."""

    criterion: Criterion
    met: bool

    @property
    def label(self) -> str:
        if self.met:
            return _("met")
        return _("not met (essential)") if self.criterion.essential else _("not met")


@dataclass(frozen=True, slots=True)
class Change:
    """Scores of the previous and of this interview in percent; None if nothing counts."""

    name: str
    before: int | None
    now: int | None

    @property
    def difference(self) -> int:
        """Return the percentage points gained, negative if lost; 0 if the scores cannot be compared."""
        return 0 if self.before is None or self.now is None else self.now - self.before

    @property
    def label(self) -> str:
        """Return the difference in words; empty if the scores cannot be compared."""
        points = abs(self.difference)
        if self.before is None or self.now is None:
            return ""
        if not points:
            return _("no change")
        if self.difference > 0:
            return ngettext("%d point better", "%d points better", points) % points
        return ngettext("%d point worse", "%d points worse", points) % points


@dataclass
class Study:
    """Takeaways and FAQs to read again in a topic."""

    takeaways: list[Takeaway] = field(default_factory=list)
    faqs: list[FAQ] = field(default_factory=list)


@dataclass
class InterviewReport:
    """Report on an interview; `previous` is the interview handed in before it, if any, with its scores."""

    result: Result
    scores: Scores
    topics: dict[Topic, Scores]
    previous: Attempt | None = None
    before: Scores = field(default_factory=Scores)
    topics_before: dict[Topic, Scores] = field(default_factory=dict)

    @property
    def attempt(self) -> Attempt:
        return self.result.attempt

    @property
    def time_used(self) -> timedelta:
        return (self.attempt.submitted_at or self.attempt.started_at) - self.attempt.started_at

    @property
    def time_given(self) -> timedelta:
        return (self.attempt.deadline_at or self.attempt.started_at) - self.attempt.started_at

    @property
    def changes(self) -> list[Change]:
        """Return the changes by kind of question, then by topic for the topics of both interviews; empty for the first
        interview."""
        if self.previous is None:
            return []
        before, now = self.before, self.scores
        return [
            Change(_("Open questions"), before.open.percent, now.open.percent),
            Change(_("Automatically graded questions"), before.machine_graded.percent, now.machine_graded.percent),
            *(
                Change(topic.title, self.topics_before[topic].overall.percent, scores.overall.percent)
                for topic, scores in self.topics.items()
                if topic in self.topics_before
            ),
        ]

    @cached_property
    def criteria(self) -> list[tuple[AskedQuestion, list[MarkedCriterion]]]:
        """Return each open question with its marked criteria; no criteria if it is not marked yet."""
        open_questions = [asked for asked in self.result.questions if not asked.question_type.machine_graded]
        return [(asked, marked_criteria(asked)) for asked in open_questions]

    @property
    def missed_criteria(self) -> list[tuple[AskedQuestion, MarkedCriterion]]:
        """Return every criterion that was not met, the essential ones first."""
        missed = [(asked, mark) for asked, marks in self.criteria for mark in marks if not mark.met]
        return sorted(missed, key=lambda entry: not entry[1].criterion.essential)

    @cached_property
    def to_study(self) -> dict[Topic, Study]:
        """Return what to read for the questions that earned less than STUDY_BELOW, by topic."""
        by_topic: dict[Topic, Study] = {}
        for asked in self.result.questions:
            response, question = asked.response, asked.response.revision.question
            if asked.outcome == "unmarked" or (response.fraction or 0) >= MOSTLY_RIGHT:
                continue
            study = by_topic.setdefault(question.topic, Study())
            if question.takeaway and question.takeaway not in study.takeaways:
                study.takeaways.append(question.takeaway)
            if question.faq and question.faq not in study.faqs:
                study.faqs.append(question.faq)
        return dict(sorted(by_topic.items(), key=lambda entry: entry[0].position))


def report_of(attempt: Attempt) -> InterviewReport:
    """Return the report on an interview that has ended, in a fixed number of queries."""
    result = result_of(attempt)
    scores, topics = scores_of(result.questions)
    interviews = Attempt.objects.owned_by(attempt.owner).in_mode(AttemptMode.INTERVIEW).handed_in()
    previous = interviews.started_before(attempt).first()
    if previous is None:
        return InterviewReport(result, scores, topics)
    responses: Iterable[Response] = previous.responses.with_question()
    return InterviewReport(result, scores, topics, previous, *scores_of(map(AskedQuestion, responses)))


def marked_criteria(asked: AskedQuestion) -> list[MarkedCriterion]:
    """Return the rubric of an open question with the candidate's marks; empty if the answer is not marked yet."""
    if asked.outcome == "unmarked":
        return []
    marks = asked.question_type.grade(asked.item, asked.given or {"met": []}).marks
    return [MarkedCriterion(criterion, bool(met)) for criterion, met in zip(asked.item.criteria, marks, strict=True)]
