"""Classical item analysis: discrimination index and discriminative efficiency, from sums that the database computes.

The formulas follow Moodle's quiz statistics (`question/classes/statistics/questions/calculator.php`). Covariances and
variances divide by n - 1. A figure is None, never 0, if a variance is 0 or fewer than two answers count.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Sums:
    """Sums over the answers whose attempt has other graded answers: their count, fraction x, mean fraction y of the
    other answers, x², y² and xy. `xy_sorted` is the sum of products after sorting both: the maximum that these values
    allow."""

    count: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float
    xy_sorted: float

    def covariance(self, product: float) -> float | None:
        """Return the covariance of x and y for that sum of products, or None for fewer than two answers."""
        return (product - self.x * self.y / self.count) / (self.count - 1) if self.count > 1 else None

    def variances(self) -> tuple[float, float]:
        """Return the variances of x and y, with rounding errors set to 0."""
        n = self.count
        raw = ((self.xx - self.x**2 / n) / (n - 1), (self.yy - self.y**2 / n) / (n - 1))
        return (raw[0] if raw[0] > 1e-12 else 0.0, raw[1] if raw[1] > 1e-12 else 0.0)

    def discrimination(self) -> float | None:
        """Return the discrimination index: 100 times the correlation of the item with the rest of the attempt."""
        covariance = self.covariance(self.xy)
        if covariance is None:
            return None
        x, y = self.variances()
        return 100 * covariance / sqrt(x * y) if x and y else None

    def efficiency(self) -> float | None:
        """Return the discriminative efficiency: 100 times the covariance, divided by its maximum for the same marks."""
        covariance, largest = self.covariance(self.xy), self.covariance(self.xy_sorted)
        if covariance is None or largest is None or largest < 1e-12:
            return None
        return 100 * covariance / largest
