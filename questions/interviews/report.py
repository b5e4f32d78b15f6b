"""The report on a mock interview: which criteria were met, what to study, and what to say next time."""

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
    """What open and machine-graded questions came to, apart and together."""

    spoken: Score = field(default_factory=Score)
    graded: Score = field(default_factory=Score)
    together: Score = field(default_factory=Score)

    def add(self, asked: AskedQuestion) -> None:
        """Counts the question."""
        self.together.add(asked.response)
        (self.graded if asked.question_type.machine_graded else self.spoken).add(asked.response)


def scores_of(questions: Iterable[AskedQuestion]) -> tuple[Scores, dict[Topic, Scores]]:
    """Over all of the questions, and by topic in reading order."""
    whole, topics = Scores(), dict[Topic, Scores]()
    for asked in questions:
        whole.add(asked)
        topics.setdefault(asked.response.revision.question.topic, Scores()).add(asked)
    return whole, dict(sorted(topics.items(), key=lambda entry: entry[0].position))


@dataclass(frozen=True, slots=True)
class Marked:
    """A criterion, and whether the answer met it."""

    criterion: Criterion
    met: bool

    @property
    def label(self) -> str:
        """The same in words."""
        if self.met:
            return _("met")
        return _("missing, and essential") if self.criterion.essential else _("not met")


@dataclass(frozen=True, slots=True)
class Change:
    """What was earned of something the last time and this time, in percent; None where nothing counts."""

    name: str
    before: int | None
    now: int | None

    @property
    def difference(self) -> int:
        """Points gained, or lost where negative."""
        return 0 if self.before is None or self.now is None else self.now - self.before

    @property
    def label(self) -> str:
        """The same in words; empty where the two cannot be compared."""
        points = abs(self.difference)
        if self.before is None or self.now is None:
            return ""
        if not points:
            return _("as before")
        if self.difference > 0:
            return ngettext("%d point better", "%d points better", points) % points
        return ngettext("%d point worse", "%d points worse", points) % points


@dataclass
class Study:
    """What to read again in a topic."""

    takeaways: list[Takeaway] = field(default_factory=list)
    faqs: list[FAQ] = field(default_factory=list)


@dataclass
class InterviewReport:
    """An interview's report; `last` is the one handed in before it, if any."""

    result: Result
    scores: Scores
    topics: dict[Topic, Scores]
    last: Attempt | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def attempt(self) -> Attempt:
        """The interview."""
        return self.result.attempt

    @property
    def time_used(self) -> timedelta:
        """From the beginning to the end."""
        return (self.attempt.submitted_at or self.attempt.started_at) - self.attempt.started_at

    @property
    def time_given(self) -> timedelta:
        """How long it might take."""
        return (self.attempt.deadline_at or self.attempt.started_at) - self.attempt.started_at

    @cached_property
    def criteria(self) -> list[tuple[AskedQuestion, list[Marked]]]:
        """The rubric of each open question as it was marked; empty where there are no marks."""
        return [(asked, marked(asked)) for asked in self.result.questions if not asked.question_type.machine_graded]

    @property
    def to_say(self) -> list[tuple[AskedQuestion, Marked]]:
        """Every criterion that was not met, the essential ones first."""
        missed = [(asked, mark) for asked, marks in self.criteria for mark in marks if not mark.met]
        return sorted(missed, key=lambda entry: not entry[1].criterion.essential)

    @cached_property
    def to_study(self) -> dict[Topic, Study]:
        """What teaches the questions that went badly, by topic."""
        found: dict[Topic, Study] = {}
        for asked in self.result.questions:
            response, question = asked.response, asked.response.revision.question
            if asked.outcome == "unmarked" or (response.fraction or 0) >= MOSTLY_RIGHT:
                continue
            study = found.setdefault(question.topic, Study())
            if question.takeaway and question.takeaway not in study.takeaways:
                study.takeaways.append(question.takeaway)
            if question.faq and question.faq not in study.faqs:
                study.faqs.append(question.faq)
        return dict(sorted(found.items(), key=lambda entry: entry[0].position))


def report_of(attempt: Attempt) -> InterviewReport:
    """The report on an interview that has ended, in a fixed number of queries."""
    result = result_of(attempt)
    scores, topics = scores_of(result.questions)
    last = Attempt.objects.owned_by(attempt.owner).in_mode(AttemptMode.INTERVIEW).handed_in().before(attempt).first()
    return InterviewReport(result, scores, topics, last, _changes(last, scores, topics) if last else [])


def marked(asked: AskedQuestion) -> list[Marked]:
    """The rubric of an open question with the candidate's own marks; empty while the answer waits for them."""
    if asked.outcome == "unmarked":
        return []
    marks = asked.question_type.grade(asked.item, asked.response.answer or {"met": []}).marks
    return [Marked(criterion, bool(met)) for criterion, met in zip(asked.item.criteria, marks, strict=True)]


def _changes(last: Attempt, scores: Scores, topics: dict[Topic, Scores]) -> list[Change]:
    """This interview beside the last one: both kinds of questions, then the topics that both had."""
    responses: Iterable[Response] = last.responses.with_question()
    before, topics_before = scores_of(map(AskedQuestion, responses))
    return [
        Change(_("Open questions"), before.spoken.percent, scores.spoken.percent),
        Change(_("Machine-graded questions"), before.graded.percent, scores.graded.percent),
        *(
            Change(topic.title, topics_before[topic].together.percent, now.together.percent)
            for topic, now in topics.items()
            if topic in topics_before
        ),
    ]
