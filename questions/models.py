"""The models, one module per concept."""

from questions.accounts.owners import Owner
from questions.attempts.draft_models import Draft
from questions.attempts.models import Attempt, Response
from questions.attempts.quiz_models import Quiz, QuizItem
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank.models.comparisons import Comparison, ComparisonRow
from questions.bank.models.editorial import ImportFile, ReviewNote
from questions.bank.models.item_statistics import ItemStatistics
from questions.bank.models.pictures import KeptPicture, Picture
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import FAQ, CodeListing, Guide, Section, Takeaway, Topic
from questions.enums import AttemptMode, AttemptStatus, Confidence, Difficulty, Mode, Seniority, Status, Task
from questions.notes.models import Bookmark, Note
from questions.practice.focus import Focus
from questions.problem_reports.models import Outcome, QuestionReport, Reason
from questions.scheduling.estimate_models import MissedRecall
from questions.scheduling.models import Card, CardStatus, Review, SchedulerVersion
from questions.scheduling.plan_models import PlanTopic, StudyPlan, Weight

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
    "Draft",
    "Focus",
    "FollowUp",
    "Guide",
    "ImportFile",
    "ItemStatistics",
    "KeptPicture",
    "MissedRecall",
    "Mode",
    "Note",
    "Outcome",
    "Owner",
    "Picture",
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
