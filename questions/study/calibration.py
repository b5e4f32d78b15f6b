"""Calibration: predicted recall against the share remembered, in bins of predicted recall."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from questions.percent import percent
from questions.scheduling.readiness import Record
from questions.study.percentages import Share

# Bounds of the groups: predicted recall from (inclusive) and to (exclusive); the last one has no upper bound.
BOUNDS: tuple[tuple[float, float | None], ...] = ((0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, None))
Z_95 = 1.96  # two-sided 5 % quantile of the normal distribution

Verdict = Literal["none", "too few", "right", "less", "more"]


@dataclass(frozen=True, slots=True)
class Group:
    """Reviews with a predicted recall of at least `low` and less than `high`, in whole percent; None means no upper
    bound."""

    low: int
    high: int | None
    record: Record

    @property
    def expected(self) -> int | None:
        """Return the mean predicted recall in whole percent, or None without reviews."""
        return percent(self.record.predicted / self.record.answers) if self.record.answers else None

    @property
    def remembered(self) -> Share:
        return Share(round(self.record.remembered), self.record.answers)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of all groups, the lowest first."""

    groups: tuple[Group, ...]

    @classmethod
    def from_records(cls, records: Sequence[Record]) -> "Calibration":
        """Return the calibration of records in the order of BOUNDS."""
        return cls(
            tuple(
                Group(percent(low), None if high is None else percent(high), record)
                for (low, high), record in zip(BOUNDS, records, strict=True)
            )
        )

    @property
    def record(self) -> Record:
        """Return the totals over all groups."""
        records = [group.record for group in self.groups]
        return Record(
            answers=sum(record.answers for record in records),
            predicted=sum(record.predicted for record in records),
            remembered=sum(record.remembered for record in records),
            variance=sum(record.variance for record in records),
        )

    @property
    def overall(self) -> Group:
        """Return all reviews as one group."""
        return Group(0, None, self.record)

    @property
    def points(self) -> list[tuple[int, int, int]]:
        """Return (percent expected, percent remembered, number of reviews) for each group that has reviews."""
        return [
            (group.expected, group.remembered.percent, group.remembered.of)
            for group in self.groups
            if group.expected is not None and group.remembered.percent is not None
        ]

    @property
    def verdict(self) -> Verdict:
        """Return how the share remembered compares with the prediction: "none" without reviews, "too few", "right" if
        the difference can be chance at the 5 % level, otherwise "less" or "more"."""
        record = self.record
        if not record.answers:
            return "none"
        if not self.overall.remembered.has_enough_answers:
            return "too few"
        off = record.remembered - record.predicted
        if abs(off) <= Z_95 * sqrt(record.variance):
            return "right"
        return "more" if off > 0 else "less"
