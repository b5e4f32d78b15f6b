"""Where the parts of a plot stand: pure geometry, in units of the viewBox. Templates draw, style sheets colour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis, and how far along it stands."""

    value: int
    position: int


@dataclass(frozen=True, slots=True)
class Point:
    """A circle whose area grows with the number that it stands for; hollow where that says little. Its label begins
    beside it, where neighbours along the diagonal are not."""

    x: int
    y: int
    radius: int
    is_hollow: bool
    label: int
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class ScatterPlot:
    """A plot of one percentage against another."""

    points: tuple[Point, ...]

    WIDTH, HEIGHT = 320, 316
    LEFT, TOP, SIDE = 40, 26, 252
    MIN_RADIUS, MAX_RADIUS = 4, 13  # radius of a point
    LABEL_HEIGHT = 9  # height of a label

    @classmethod
    def of(cls, values: Iterable[tuple[int, int, int]], *, min_answers: int) -> "ScatterPlot":
        """The plot of values: percentage across, percentage upwards, number; those of fewer than `min_answers` are
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
        """How far from the left a percentage stands."""
        return cls.LEFT + round(cls.SIDE * percent / 100)

    @classmethod
    def y(cls, percent: int) -> int:
        """How far from the top a percentage stands."""
        return cls.TOP + cls.SIDE - round(cls.SIDE * percent / 100)

    @property
    def right(self) -> int:
        """Where the axis across ends."""
        return self.LEFT + self.SIDE

    @property
    def bottom(self) -> int:
        """Where the axis upwards begins."""
        return self.TOP + self.SIDE

    @property
    def x_labels_y(self) -> int:
        """Where the numbers of the axis across stand."""
        return self.bottom + 18

    @property
    def y_labels_x(self) -> int:
        """Where the numbers of the axis upwards end."""
        return self.LEFT - 8

    @property
    def x_ticks(self) -> list[Tick]:
        """Marks of the axis across."""
        return [Tick(value, self.x(value)) for value in TICKS]

    @property
    def y_ticks(self) -> list[Tick]:
        """Marks of the axis upwards."""
        return [Tick(value, self.y(value)) for value in TICKS]


STEP_MINIMUMS = (1, 10, 20, 40)  # answers from which on a day is drawn darker


def step_of(answers: int) -> int:
    """How dark a day is drawn: 0 for nothing, up to the number of STEP_MINIMUMS."""
    return sum(answers >= least for least in STEP_MINIMUMS)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: a frame at `x`, `y`, and in its middle a square that grows with the step."""

    x: int
    y: int
    step: int

    SIDE = 18
    SQUARE_SIDES = (0, 6, 10, 14, 18)  # side of the square by step

    @property
    def frame(self) -> str:
        """The path of its frame."""
        return self._path(self.SIDE)

    @property
    def square(self) -> str:
        """The path of its square."""
        return self._path(self.SQUARE_SIDES[self.step])

    def _path(self, side: int) -> str:
        inset = (self.SIDE - side) // 2
        return f"M{self.x + inset} {self.y + inset}h{side}v{side}h-{side}z"


@dataclass(frozen=True, slots=True)
class MonthLabel:
    """The name of a month, above the first week that begins in it."""

    x: int
    first: date


@dataclass(frozen=True, slots=True)
class WeekdayLabel:
    """The name of a day of the week, beside its row."""

    y: int
    day: date


@dataclass(frozen=True, slots=True)
class Layer:
    """The squares of one step, as one path."""

    step: int
    path: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Weeks as columns, Monday first; `today` is the frame of that day, empty where it is in another map."""

    first: date
    last: date
    cells: tuple[Cell, ...]
    today: str
    months: tuple[MonthLabel, ...]

    LEFT, TOP, PITCH = 36, 22, 22
    WEEKS = 13

    @classmethod
    def of(cls, weeks: Sequence[tuple[date, Sequence[int | None]]], *, today: date) -> "HeatMap":
        """The map of one to WEEKS weeks, each its Monday and the answers of its days; None is a day without a cell."""
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
        """A name at each column in which a month begins, and at the first one unless the next name is too near."""
        begins = [place for place in range(1, len(mondays)) if mondays[place].month != mondays[place - 1].month]
        if not begins or begins[0] > 1:
            begins.insert(0, 0)
        return [MonthLabel(cls.LEFT + place * cls.PITCH, mondays[place]) for place in begins]

    @property
    def frames(self) -> str:
        """The frames of all days, as one path."""
        return "".join(cell.frame for cell in self.cells)

    @property
    def layers(self) -> list[Layer]:
        """The squares, by step."""
        return [
            Layer(step, "".join(cell.square for cell in self.cells if cell.step == step))
            for step in range(1, len(STEP_MINIMUMS) + 1)
        ]

    @property
    def width(self) -> int:
        """As wide for few weeks as for all."""
        return self.LEFT + self.WEEKS * self.PITCH

    @property
    def height(self) -> int:
        """Seven days and the names of the months."""
        return self.TOP + 7 * self.PITCH

    @property
    def weekdays(self) -> list[WeekdayLabel]:
        """Every other day's name, on the line of its row."""
        return [
            WeekdayLabel(self.TOP + row * self.PITCH + 14, self.first + timedelta(days=row)) for row in (0, 2, 4, 6)
        ]


def heat_maps(weeks: Sequence[tuple[date, Sequence[int | None]]], *, today: date) -> list[HeatMap]:
    """The weeks in maps that stand side by side where there is room, and below each other on a phone."""
    return [
        HeatMap.of(weeks[begin : begin + HeatMap.WEEKS], today=today) for begin in range(0, len(weeks), HeatMap.WEEKS)
    ]


@dataclass(frozen=True, slots=True)
class LegendStep:
    """A step of the legend: answers from `least` to `most` on a day; None is without end."""

    number: int
    minimum: int
    maximum: int | None

    @property
    def cell(self) -> Cell:
        """How it is drawn."""
        return Cell(1, 1, self.number)


LEGEND = (
    LegendStep(0, 0, 0),
    *(
        LegendStep(n, least, STEP_MINIMUMS[n] - 1 if n < len(STEP_MINIMUMS) else None)
        for n, least in enumerate(STEP_MINIMUMS, 1)
    ),
)
