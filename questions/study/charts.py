"""Chart geometry for SVG templates, in units of the viewBox: the calibration scatter plot and the activity heat
maps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of an axis: its value and its coordinate."""

    value: int
    position: int


@dataclass(frozen=True, slots=True)
class Point:
    """A circle whose area is proportional to its number of answers; hollow if there are too few. The label is placed at
    its lower right, away from neighbours along the diagonal."""

    x: int
    y: int
    radius: int
    is_hollow: bool
    label: int
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class ScatterPlot:
    """A scatter plot of one percentage against another."""

    points: tuple[Point, ...]

    WIDTH, HEIGHT = 320, 316
    LEFT, TOP, SIDE = 40, 26, 252
    MIN_RADIUS, MAX_RADIUS = 4, 13
    LABEL_HEIGHT = 9

    @classmethod
    def of(cls, values: Iterable[tuple[int, int, int]], *, min_answers: int) -> "ScatterPlot":
        """Return the plot of (x percentage, y percentage, number of answers); points with fewer than `min_answers` are
        hollow."""
        shown = list(values)
        most = max((number for _across, _up, number in shown), default=1)
        return cls(tuple(cls._point(*value, most=most, min_answers=min_answers) for value in shown))

    @classmethod
    def _point(cls, across: int, up: int, number: int, *, most: int, min_answers: int) -> Point:
        x, y = cls.x(across), cls.y(up)
        radius = max(cls.MIN_RADIUS, round(cls.MAX_RADIUS * sqrt(number / most)))
        corner = round(radius * sqrt(0.5)) + 2
        below = y + corner + cls.LABEL_HEIGHT
        fits = below <= cls.TOP + cls.SIDE
        return Point(x, y, radius, number < min_answers, up, x + corner, below if fits else y - corner)

    @classmethod
    def x(cls, percent: int) -> int:
        """Return the x coordinate of a percentage."""
        return cls.LEFT + round(cls.SIDE * percent / 100)

    @classmethod
    def y(cls, percent: int) -> int:
        """Return the y coordinate of a percentage."""
        return cls.TOP + cls.SIDE - round(cls.SIDE * percent / 100)

    @property
    def right(self) -> int:
        return self.LEFT + self.SIDE

    @property
    def bottom(self) -> int:
        return self.TOP + self.SIDE

    @property
    def x_labels_y(self) -> int:
        """Return the y coordinate of the tick labels of the x axis."""
        return self.bottom + 18

    @property
    def y_labels_x(self) -> int:
        """Return the x coordinate of the tick labels of the y axis."""
        return self.LEFT - 8

    @property
    def x_ticks(self) -> list[Tick]:
        return [Tick(value, self.x(value)) for value in TICKS]

    @property
    def y_ticks(self) -> list[Tick]:
        return [Tick(value, self.y(value)) for value in TICKS]


STEP_MINIMUMS = (1, 10, 20, 40)  # answers at which a day gets the next darker colour


def step_of(answers: int) -> int:
    """Return the colour step of a day: 0 for no answers, up to the number of STEP_MINIMUMS."""
    return sum(answers >= least for least in STEP_MINIMUMS)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the heat map: a frame at `x`, `y` with a centred square that grows with the step."""

    x: int
    y: int
    step: int

    SIDE = 18
    SQUARE_SIDES = (0, 6, 10, 14, 18)  # by step

    @property
    def frame(self) -> str:
        """Return the SVG path of the frame."""
        return self._path(self.SIDE)

    @property
    def square(self) -> str:
        """Return the SVG path of the square."""
        return self._path(self.SQUARE_SIDES[self.step])

    def _path(self, side: int) -> str:
        inset = (self.SIDE - side) // 2
        return f"M{self.x + inset} {self.y + inset}h{side}v{side}h-{side}z"


@dataclass(frozen=True, slots=True)
class MonthLabel:
    """Label of a month, above the first week that starts in it."""

    x: int
    first: date


@dataclass(frozen=True, slots=True)
class WeekdayLabel:
    """Label of a weekday, beside its row."""

    y: int
    day: date


@dataclass(frozen=True, slots=True)
class Layer:
    """All squares of one step, as one SVG path."""

    step: int
    path: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A calendar heat map: weeks as columns, Monday first. `today` is the path of today's frame, empty if today is in
    another map."""

    first: date
    last: date
    cells: tuple[Cell, ...]
    today: str
    months: tuple[MonthLabel, ...]

    LEFT, TOP, PITCH = 36, 22, 22
    WEEKS = 13

    @classmethod
    def of(cls, weeks: Sequence[tuple[date, Sequence[int | None]]], *, today: date) -> "HeatMap":
        """Return the map of up to WEEKS weeks, each given as its Monday and the answers on its days; None leaves a day
        out."""
        cells = {
            monday + timedelta(days=row): Cell(
                cls.LEFT + column * cls.PITCH, cls.TOP + row * cls.PITCH, step_of(number)
            )
            for column, (monday, answers) in enumerate(weeks)
            for row, number in enumerate(answers)
            if number is not None
        }
        return cls(
            first=min(cells),
            last=max(cells),
            cells=tuple(cells.values()),
            today=cells[today].frame if today in cells else "",
            months=tuple(cls._months([monday for monday, _answers in weeks])),
        )

    @classmethod
    def _months(cls, mondays: Sequence[date]) -> Iterable[MonthLabel]:
        """Return a label for each column in which a month begins, and for the first column unless the next label is too
        close."""
        begins = [place for place in range(1, len(mondays)) if mondays[place].month != mondays[place - 1].month]
        if not begins or begins[0] > 1:
            begins.insert(0, 0)
        return [MonthLabel(cls.LEFT + place * cls.PITCH, mondays[place]) for place in begins]

    @property
    def frames(self) -> str:
        """Return the frames of all days as one SVG path."""
        return "".join(cell.frame for cell in self.cells)

    @property
    def layers(self) -> list[Layer]:
        return [
            Layer(step, "".join(cell.square for cell in self.cells if cell.step == step))
            for step in range(1, len(STEP_MINIMUMS) + 1)
        ]

    @property
    def width(self) -> int:
        """Return the width of a map with WEEKS weeks, so that all maps have the same width."""
        return self.LEFT + self.WEEKS * self.PITCH

    @property
    def height(self) -> int:
        return self.TOP + 7 * self.PITCH

    @property
    def weekdays(self) -> list[WeekdayLabel]:
        """Return the label of every other weekday."""
        return [
            WeekdayLabel(self.TOP + row * self.PITCH + 14, self.first + timedelta(days=row)) for row in (0, 2, 4, 6)
        ]


def heat_maps(weeks: Sequence[tuple[date, Sequence[int | None]]], *, today: date) -> list[HeatMap]:
    """Return the weeks as maps of HeatMap.WEEKS weeks, side by side on wide screens and stacked on a phone."""
    return [
        HeatMap.of(weeks[begin : begin + HeatMap.WEEKS], today=today) for begin in range(0, len(weeks), HeatMap.WEEKS)
    ]


@dataclass(frozen=True, slots=True)
class LegendStep:
    """An entry of the legend: days with `minimum` to `maximum` answers; None means no maximum."""

    number: int
    minimum: int
    maximum: int | None

    @property
    def cell(self) -> Cell:
        return Cell(1, 1, self.number)


LEGEND = (
    LegendStep(0, 0, 0),
    *(
        LegendStep(n, least, STEP_MINIMUMS[n] - 1 if n < len(STEP_MINIMUMS) else None)
        for n, least in enumerate(STEP_MINIMUMS, 1)
    ),
)
