"""Geometry of the chart of readiness over time, in units of its viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass

from questions.study.charts import Tick
from questions.study.readiness_history import ReadinessPoint


@dataclass(frozen=True, slots=True)
class ReadinessChart:
    """A line of the most likely readiness on each day, within the band from the low to the high end of its range."""

    points: tuple[ReadinessPoint, ...]

    WIDTH, HEIGHT = 320, 150
    LEFT, TOP, RIGHT, BOTTOM = 32, 10, 312, 122

    @property
    def band(self) -> str:
        """Return the SVG path of the band."""
        upper = [f"{self._x(place)} {self.y(point.forecast.high)}" for place, point in enumerate(self.points)]
        lower = [f"{self._x(place)} {self.y(point.forecast.low)}" for place, point in enumerate(self.points)]
        return f"M{'L'.join([*upper, *reversed(lower)])}z"

    @property
    def line(self) -> str:
        """Return the SVG path of the line."""
        places = [f"{self._x(place)} {self.y(point.forecast.middle)}" for place, point in enumerate(self.points)]
        return f"M{'L'.join(places)}"

    @property
    def last_y(self) -> int:
        """Return the y coordinate at which the line ends, today."""
        return self.y(self.points[-1].forecast.middle)

    @property
    def ticks(self) -> list[Tick]:
        return [Tick(value, self.y(value)) for value in (0, 50, 100)]

    @classmethod
    def y(cls, percent: int) -> int:
        """Return the y coordinate of a percentage."""
        return cls.BOTTOM - round((cls.BOTTOM - cls.TOP) * percent / 100)

    def _x(self, place: int) -> int:
        return self.LEFT + round((self.RIGHT - self.LEFT) * place / max(1, len(self.points) - 1))


def readiness_chart(points: Sequence[ReadinessPoint]) -> ReadinessChart | None:
    """Return the chart, or None if there are fewer than two days to compare."""
    return ReadinessChart(tuple(points)) if len(points) > 1 else None
