"""Shares and forecasts in whole percent, always together with the number that they refer to."""

from dataclasses import dataclass

from questions.percent import percent
from questions.scheduling.readiness import Range

MIN_ANSWERS = 20  # sample size from which a share is conclusive


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `of` items."""

    part: int
    of: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole percent, or None if `of` is 0."""
        return percent(self.part / self.of) if self.of else None

    @property
    def has_enough_answers(self) -> bool:
        """Return whether the sample is large enough to draw a conclusion."""
        return self.of >= MIN_ANSWERS


@dataclass(frozen=True, slots=True)
class Forecast:
    """Forecast of the share of `of` questions that will be remembered, in whole percent; `seen` of them were seen."""

    low: int
    middle: int
    high: int
    seen: int
    of: int

    @classmethod
    def from_range(cls, found: Range, *, seen: int, of: int) -> "Forecast":
        """Return the forecast of a range of shares from 0 to 1."""
        return cls(percent(found.low), percent(found.middle), percent(found.high), seen, of)

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    @property
    def label(self) -> str:
        """Return the range as text, such as 71–83 %, or a dash if there are no questions."""
        if not self.of:
            return "–"
        return f"{self.low}\N{NO-BREAK SPACE}%" if self.is_point else f"{self.low}–{self.high}\N{NO-BREAK SPACE}%"

    @property
    def unseen(self) -> int:
        """Return the number of unseen questions, which count as not remembered."""
        return self.of - self.seen
