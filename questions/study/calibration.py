"""What was predicted against what then happened, in groups of reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from questions.percent import percent
from questions.scheduling.readiness import Record
from questions.study.percentages import Share

# The least predicted recall of a group, and what is too much for it; the last has no end.
BOUNDS: tuple[tuple[float, float | None], ...] = ((0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, None))
SURPRISE = 1.96  # standard deviations that chance exceeds in 5 of 100 cases

Verdict = Literal["none", "too few", "right", "less", "more"]


@dataclass(frozen=True, slots=True)
class Group:
    """The reviews whose predicted recall was at least `low` and less than `high`, in whole percent; None is no end."""

    low: int
    high: int | None
    record: Record

    @property
    def expected(self) -> int | None:
        """The recall predicted in the mean, in whole percent; None without reviews."""
        return percent(self.record.predicted / self.record.answers) if self.record.answers else None

    @property
    def known(self) -> Share:
        """How many were remembered."""
        return Share(round(self.record.remembered), self.record.answers)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All groups, the lowest first, and what they come to."""

    groups: tuple[Group, ...]

    @classmethod
    def from_records(cls, records: Sequence[Record]) -> "Calibration":
        """The calibration of records in the order of BOUNDS."""
        return cls(
            tuple(
                Group(percent(low), None if high is None else percent(high), record)
                for (low, high), record in zip(BOUNDS, records, strict=True)
            )
        )

    @property
    def record(self) -> Record:
        """All reviews that had a prediction."""
        records = [group.record for group in self.groups]
        return Record(
            answers=sum(record.answers for record in records),
            predicted=sum(record.predicted for record in records),
            remembered=sum(record.remembered for record in records),
            variance=sum(record.variance for record in records),
        )

    @property
    def whole(self) -> Group:
        """All of them as one group."""
        return Group(0, None, self.record)

    @property
    def points(self) -> list[tuple[int, int, int]]:
        """For each group with reviews: percent expected, percent known, how many reviews."""
        return [
            (group.expected, group.known.percent, group.known.of)
            for group in self.groups
            if group.expected is not None and group.known.percent is not None
        ]

    @property
    def verdict(self) -> Verdict:
        """Whether what was remembered is what was predicted, but for chance."""
        record = self.record
        if not record.answers:
            return "none"
        if not self.whole.known.is_telling:
            return "too few"
        off = record.remembered - record.predicted
        if abs(off) <= SURPRISE * sqrt(record.variance):
            return "right"
        return "more" if off > 0 else "less"
