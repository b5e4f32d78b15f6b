"""Question types: the registry of all types, and their public interface."""

from questions.types.base import (
    MOSTLY_RIGHT,
    UNKNOWN,
    Answer,
    AnswerForm,
    Grade,
    Order,
    Problem,
    QuestionType,
    ReviewedOption,
)
from questions.types.choice import MultipleChoice, SingleChoice, TrueFalse
from questions.types.find_lines import FindLines
from questions.types.matching import Matching
from questions.types.numeric import Numeric
from questions.types.open import AssessmentForm, Open
from questions.types.ordering import Ordering
from questions.types.short_answer import ShortAnswer

__all__ = [
    "MOSTLY_RIGHT",
    "UNKNOWN",
    "Answer",
    "AnswerForm",
    "AssessmentForm",
    "Grade",
    "Order",
    "Problem",
    "QuestionType",
    "ReviewedOption",
    "get",
    "labels",
    "names",
]

_TYPES: tuple[QuestionType, ...] = (
    SingleChoice(),
    MultipleChoice(),
    TrueFalse(),
    ShortAnswer(),
    Numeric(),
    Ordering(),
    Matching(),
    FindLines(),
    Open(),
)
_BY_NAME = {question_type.name: question_type for question_type in _TYPES}


def get(name: str) -> QuestionType:
    """Return the type with that name. Raise KeyError if it is not registered."""
    return _BY_NAME[name]


def names(*, machine_graded: bool | None = None) -> list[str]:
    """Return the names of the types in display order: all of them, or only those that a machine grades or does not."""
    return [name for name, one in _BY_NAME.items() if machine_graded in (None, one.machine_graded)]


def labels() -> list[tuple[str, object]]:
    """Return (name, label) of all types, for form and model choices."""
    return [(question_type.name, question_type.label) for question_type in _TYPES]
