"""The forecast of one day of a study plan."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayAhead:
    """Forecast of one day: new questions, reviews, and the minutes that they take; and the minutes of a mock interview,
    0 if there is none."""

    day: date
    new: int
    reviews: int
    off: bool
    minutes: float
    interview_minutes: int = 0

    @property
    def questions(self) -> int:
        return self.new + self.reviews

    @property
    def whole_minutes(self) -> int:
        """Return the minutes of the questions, rounded; at least one if there is a question."""
        return max(round(self.minutes), min(1, self.questions))

    @property
    def total_minutes(self) -> int:
        """Return the minutes of the questions and of the mock interview."""
        return self.whole_minutes + self.interview_minutes

    @property
    def has_work(self) -> bool:
        return bool(self.questions or self.interview_minutes)
