"""Formulas of classical item analysis, from sums that a database has made.

They follow Moodle's statistics of a quiz (`question/classes/statistics/questions/calculator.php`): covariances and
variances with n - 1; None, never 0, where a variance is 0 or fewer than two answers count.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Sums:
    """Over answers with a rest: their count, fraction x, mean fraction y of the rest of the attempt, x², y², xy; and
    the sum of products when both are sorted, which is the largest that these values allow."""

    count: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float
    xy_sorted: float

    def covariance(self, product: float) -> float | None:
        """The covariance of x and y, given the sum of products; None for fewer than two."""
        return (product - self.x * self.y / self.count) / (self.count - 1) if self.count > 1 else None

    def variances(self) -> tuple[float, float]:
        """The variances of x and of y; 0 where rounding is all that is left."""
        n = self.count
        raw = ((self.xx - self.x**2 / n) / (n - 1), (self.yy - self.y**2 / n) / (n - 1))
        return (raw[0] if raw[0] > 1e-12 else 0.0, raw[1] if raw[1] > 1e-12 else 0.0)

    def discrimination(self) -> float | None:
        """100 times the correlation of an item with the rest of the attempt."""
        covariance = self.covariance(self.xy)
        if covariance is None:
            return None
        x, y = self.variances()
        return 100 * covariance / sqrt(x * y) if x and y else None

    def efficiency(self) -> float | None:
        """100 times the covariance over the largest that the same marks could have."""
        covariance, largest = self.covariance(self.xy), self.covariance(self.xy_sorted)
        if covariance is None or largest is None or largest < 1e-12:
            return None
        return 100 * covariance / largest
