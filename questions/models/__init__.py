"""The models, one module per concept."""

from questions.models.attempts import Attempt, AttemptStatus, Confidence, Owner, Response
from questions.models.comparisons import Comparison, ComparisonRow
from questions.models.feedback import Outcome, QuestionReport, Reason
from questions.models.levels import Difficulty, Seniority, Status, Task
from questions.models.parts import Choice, FollowUp, Reference, RubricCriterion
from questions.models.questions import Question
from questions.models.quizzes import Mode, Quiz, QuizItem
from questions.models.review import ImportFile, Regrade, RegradedResponse, ReviewNote
from questions.models.revisions import QuestionRevision
from questions.models.statistics import ItemStatistics
from questions.models.topics import FAQ, CodeListing, Guide, Section, Takeaway, Topic

__all__ = [
    "FAQ",
    "Attempt",
    "AttemptStatus",
    "Choice",
    "CodeListing",
    "Comparison",
    "ComparisonRow",
    "Confidence",
    "Difficulty",
    "FollowUp",
    "Guide",
    "ImportFile",
    "ItemStatistics",
    "Mode",
    "Outcome",
    "Owner",
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
    "ReviewNote",
    "RubricCriterion",
    "Section",
    "Seniority",
    "Status",
    "Takeaway",
    "Task",
    "Topic",
]
