"""Results of attempts and progress by topic, computed from the responses."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from questions.accounts.owners import Owner
from questions.attempts.asked_question import AskedQuestion
from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.enums import Confidence
from questions.percent import percent


@dataclass
class Score:
    """Sum of the fractions earned and number of questions asked.

    Unanswered questions count as 0; answers that the candidate has still to mark do not count yet.
    """

    asked: int = 0
    unmarked: int = 0
    earned: float = 0.0

    def add(self, response: Response) -> None:
        self.asked += 1
        self.unmarked += response.is_answered and response.fraction is None
        self.earned += response.fraction or 0.0

    @property
    def counted(self) -> int:
        """Return the number of questions that the percentage is based on."""
        return self.asked - self.unmarked

    @property
    def percent(self) -> int | None:
        """Return the score in whole percent; None while nothing counts."""
        return percent(self.earned / self.counted) if self.counted else None


@dataclass
class Result:
    """Result of an attempt: the score as a whole and by topic, and the questions."""

    attempt: Attempt
    questions: list[AskedQuestion]
    score: Score = field(default_factory=Score)
    topics: dict[Topic, Score] = field(default_factory=dict)

    @property
    def question_ids(self) -> list[int]:
        """Return the ids of the questions, in the order of `questions`."""
        return [question.response.revision.question_id for question in self.questions]

    @property
    def right(self) -> int:
        """Return the number of questions with full credit."""
        return sum(question.outcome == "right" for question in self.questions)

    @property
    def missed(self) -> int:
        """Return the number of questions that have not earned full credit, or have still to be marked."""
        return len(self.questions) - self.right

    @property
    def confident_mistakes(self) -> int:
        """Return the number of sure answers that are not right."""
        return sum(question.is_confident_mistake for question in self.questions)

    @property
    def sure(self) -> int:
        """Return the number of graded answers that the candidate was sure of."""
        graded = ("right", "partly", "wrong")
        return sum(one.outcome in graded and one.response.confidence == Confidence.SURE for one in self.questions)

    @property
    def sure_and_right(self) -> int:
        """Return the number of sure answers that are right."""
        return self.sure - self.confident_mistakes

    @property
    def is_regraded(self) -> bool:
        """Return whether a regrade changed a response of the attempt."""
        return any(question.response.regradings.all() for question in self.questions)

    @property
    def has_missed(self) -> bool:
        """Return whether any answer was not right."""
        return self.missed > 0


def result_of(attempt: Attempt) -> Result:
    """Return the attempt's result, in a fixed number of queries."""
    responses = list(attempt.responses.with_question().with_regradings().prefetch_related("drafts"))
    question_ids = [response.revision.question_id for response in responses]
    current = Question.objects.with_content().in_bulk(question_ids)
    result = Result(
        attempt=attempt,
        questions=[
            AskedQuestion(response, current_item=current[pk].item(), drafts=list(response.drafts.all()))
            for pk, response in zip(question_ids, responses, strict=True)
        ],
    )
    for response in responses:
        result.score.add(response)
        result.topics.setdefault(response.revision.question.topic, Score()).add(response)
    return result


def scored(attempts: Iterable[Attempt]) -> list[tuple[Attempt, Score]]:
    """Return each attempt of a queryset annotated by `with_progress`, with the score of what is revealed of it."""
    return [
        (attempt, Score(attempt.revealed_count, attempt.unmarked_count, attempt.fraction_sum or 0.0))
        for attempt in attempts
    ]


@dataclass
class TopicProgress:
    """Progress in a topic: number of questions, of those ever answered, and of those whose latest answer was right.

    Answers count once they are revealed.
    """

    topic: Topic
    asked: int
    answered: int = 0
    right: int = 0


def progress(owner: Owner) -> list[TopicProgress]:
    """Return the owner's progress in every topic, in reading order and in two queries; published questions count."""
    topics = Topic.objects.with_counts()
    by_topic = {topic.pk: TopicProgress(topic=topic, asked=topic.published_count) for topic in topics}
    for topic_id, fraction in Response.objects.last_of_each_question(owner).values_list(
        "revision__question__topic", "fraction"
    ):
        by_topic[topic_id].answered += 1
        by_topic[topic_id].right += fraction is not None and fraction >= 1
    return list(by_topic.values())
