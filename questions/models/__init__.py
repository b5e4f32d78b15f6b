"""The models, one module per concept."""

from questions.models.attempts import Attempt, Response
from questions.models.cards import Card, CardStatus, Review, SchedulerVersion
from questions.models.comparisons import Comparison, ComparisonRow
from questions.models.feedback import Outcome, QuestionReport, Reason
from questions.models.focus import Focus
from questions.models.levels import Difficulty, Seniority, Status, Task
from questions.models.notes import Bookmark, Note
from questions.models.owners import Owner
from questions.models.parts import Choice, FollowUp, Reference, RubricCriterion
from questions.models.plans import PlanTopic, StudyPlan, Weight
from questions.models.questions import Question
from questions.models.quizzes import Mode, Quiz, QuizItem
from questions.models.review import ImportFile, Regrade, RegradedResponse, ReviewNote
from questions.models.revisions import QuestionRevision
from questions.models.states import AttemptMode, AttemptStatus, Confidence
from questions.models.statistics import ItemStatistics
from questions.models.topics import FAQ, CodeListing, Guide, Section, Takeaway, Topic

__all__ = [
    "FAQ",
    "Attempt",
    "AttemptMode",
    "AttemptStatus",
    "Bookmark",
    "Card",
    "CardStatus",
    "Choice",
    "CodeListing",
    "Comparison",
    "ComparisonRow",
    "Confidence",
    "Difficulty",
    "Focus",
    "FollowUp",
    "Guide",
    "ImportFile",
    "ItemStatistics",
    "Mode",
    "Note",
    "Outcome",
    "Owner",
    "PlanTopic",
    "Question",
    "QuestionReport",
    "QuestionRevision",
    "Quiz",
    "QuizItem",
    "Reason",
    "Reference",
    "Regrade",
    "RegradedResponse",
    "Response",
    "Review",
    "ReviewNote",
    "RubricCriterion",
    "SchedulerVersion",
    "Section",
    "Seniority",
    "Status",
    "StudyPlan",
    "Takeaway",
    "Task",
    "Topic",
    "Weight",
]
