"""Shares in whole percent, never without the number that they are of."""

from dataclasses import dataclass

from questions.percent import percent
from questions.scheduling.readiness import Range

TOO_FEW = 20  # answers below which a share says nothing


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
    def is_telling(self) -> bool:
        """Whether it is of enough to say something."""
        return self.of >= TOO_FEW


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
    def told(self) -> str:
        """The range in short, as 71–83 %; a dash of nothing."""
        if not self.of:
            return "–"
        return f"{self.low}\N{NO-BREAK SPACE}%" if self.is_point else f"{self.low}–{self.high}\N{NO-BREAK SPACE}%"

    @property
    def unseen(self) -> int:
        """How many count as not remembered, since they were never seen."""
        return self.of - self.seen
