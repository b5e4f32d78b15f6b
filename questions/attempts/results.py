"""Reads across models: what an attempt came to. Everything here is derived from responses, nothing is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from questions.accounts.owners import Owner
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.percent import percent


@dataclass
class Score:
    """Fractions earned over questions asked. Unanswered ones count as 0, answers that wait for the candidate's own
    marks do not count yet."""

    asked: int = 0
    unmarked: int = 0
    earned: float = 0.0

    def add(self, response: Response) -> None:
        """Counts the response."""
        self.asked += 1
        self.unmarked += response.is_answered and response.fraction is None
        self.earned += response.fraction or 0.0

    @property
    def counted(self) -> int:
        """Questions that the percentage is over."""
        return self.asked - self.unmarked

    @property
    def percent(self) -> int | None:
        """Share earned in whole percent; None while nothing counts. 100 means everything, 0 nothing."""
        return percent(self.earned / self.counted) if self.counted else None


@dataclass
class Result:
    """An attempt as a whole, per topic and per question."""

    attempt: Attempt
    questions: list[AskedQuestion]
    score: Score = field(default_factory=Score)
    topics: dict[Topic, Score] = field(default_factory=dict)

    @property
    def question_ids(self) -> list[int]:
        """The ids of the questions, in the order of `questions`."""
        return [question.response.revision.question_id for question in self.questions]

    @property
    def is_regraded(self) -> bool:
        """Whether an answer in it was graded anew."""
        return any(question.response.regradings.all() for question in self.questions)

    @property
    def has_missed(self) -> bool:
        """Whether anything is left to practise."""
        return any(question.outcome != "right" for question in self.questions)


def result_of(attempt: Attempt) -> Result:
    """The attempt's result, in a fixed number of queries."""
    responses = list(attempt.responses.with_question().with_regradings())
    asked = [response.revision.question_id for response in responses]
    current = Question.objects.with_content().in_bulk(asked)
    result = Result(
        attempt=attempt,
        questions=[
            AskedQuestion(response, now_says=current[pk].item()) for pk, response in zip(asked, responses, strict=True)
        ],
    )
    for response in responses:
        result.score.add(response)
        result.topics.setdefault(response.revision.question.topic, Score()).add(response)
    return result


def scored(attempts: Iterable[Attempt]) -> list[tuple[Attempt, Score]]:
    """Each attempt of a queryset `with_progress`, with the score of what is revealed of it."""
    return [
        (attempt, Score(attempt.revealed_count, attempt.unmarked_count, attempt.fraction_sum or 0.0))
        for attempt in attempts
    ]


@dataclass
class TopicProgress:
    """How far somebody has come in a topic: its questions, those answered at least once, those right the last time;
    answers count once they are revealed."""

    topic: Topic
    asked: int
    answered: int = 0
    right: int = 0


def progress(owner: Owner) -> list[TopicProgress]:
    """Every topic, in reading order, with the owner's progress over its published questions; in two queries."""
    found = {topic.pk: TopicProgress(topic=topic, asked=topic.published_count) for topic in Topic.objects.with_counts()}
    for topic_id, fraction in Response.objects.last_of_each_question(owner).values_list(
        "revision__question__topic", "fraction"
    ):
        found[topic_id].answered += 1
        found[topic_id].right += fraction is not None and fraction >= 1
    return list(found.values())
