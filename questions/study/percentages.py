"""Shares in whole percent, never without the number that they are of."""

from dataclasses import dataclass

from questions.scheduling.readiness import Range

MIN_ANSWERS = 20  # answers below which a share says nothing


def percent(share: float) -> int:
    """A share, 0..1, in whole percent; 100 means everything, 0 nothing."""
    rounded = round(100 * share)
    return min(99, max(1, rounded)) if 0 < share < 1 else rounded


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part: int
    of: int

    @property
    def percent(self) -> int | None:
        """In whole percent; None of nothing."""
        return percent(self.part / self.of) if self.of else None

    @property
    def has_enough_answers(self) -> bool:
        """Whether it is of enough to say something."""
        return self.of >= MIN_ANSWERS


@dataclass(frozen=True, slots=True)
class Forecast:
    """The range, in whole percent, of what will be remembered of so many questions, of which so many were seen."""

    low: int
    middle: int
    high: int
    seen: int
    of: int

    @classmethod
    def from_range(cls, found: Range, *, seen: int, of: int) -> "Forecast":
        """The forecast that says the same."""
        return cls(percent(found.low), percent(found.middle), percent(found.high), seen, of)

    @property
    def is_point(self) -> bool:
        """Whether both of its ends are the same."""
        return self.low == self.high

    @property
    def label(self) -> str:
        """The range in short, as 71–83 %; a dash of nothing."""
        if not self.of:
            return "–"
        return f"{self.low}\N{NO-BREAK SPACE}%" if self.is_point else f"{self.low}–{self.high}\N{NO-BREAK SPACE}%"

    @property
    def unseen(self) -> int:
        """How many count as not remembered, since they were never seen."""
        return self.of - self.seen
