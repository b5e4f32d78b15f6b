"""Chart geometry; no database, no template."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.study.charts import LEGEND, STEP_MINIMUMS, Cell, HeatMap, ScatterPlot, heat_maps, step_of

PERCENT = st.integers(0, 100)
VALUES = st.lists(st.tuples(PERCENT, PERCENT, st.integers(1, 100_000)), min_size=1, max_size=5)
MONDAY = date(2026, 6, 1)


class TestScatterPlot:
    def test_percentages_run_to_the_right_and_upwards(self) -> None:
        assert (ScatterPlot.x(0), ScatterPlot.x(100)) == (40, 292)
        assert (ScatterPlot.y(0), ScatterPlot.y(100)) == (278, 26)
        square = ScatterPlot(())
        assert [(tick.value, tick.position) for tick in square.x_ticks][::4] == [(0, square.LEFT), (100, square.right)]
        assert [(tick.value, tick.position) for tick in square.y_ticks][::4] == [(0, square.bottom), (100, square.TOP)]

    @given(PERCENT)
    def test_the_same_percentage_lies_on_the_diagonal(self, percent: int) -> None:
        assert ScatterPlot.x(percent) - ScatterPlot.LEFT == ScatterPlot.TOP + ScatterPlot.SIDE - ScatterPlot.y(percent)

    @given(VALUES)
    def test_a_larger_number_never_makes_a_smaller_circle(self, values: list[tuple[int, int, int]]) -> None:
        points = ScatterPlot.of(values, min_answers=20).points
        by_number = sorted(zip((number for _across, _up, number in values), points, strict=True), key=lambda p: p[0])
        radii = [point.radius for _number, point in by_number]
        assert radii == sorted(radii)
        assert radii[-1] == ScatterPlot.MAX_RADIUS
        assert radii[0] >= ScatterPlot.MIN_RADIUS

    @given(VALUES)
    def test_every_label_stays_inside_the_axes_and_off_its_circle(self, values: list[tuple[int, int, int]]) -> None:
        for point in ScatterPlot.of(values, min_answers=20).points:
            assert ScatterPlot.TOP <= point.label_y <= ScatterPlot.TOP + ScatterPlot.SIDE
            assert point.label_x > point.x + 0.7 * point.radius
            assert point.label_x < ScatterPlot.WIDTH + ScatterPlot.MAX_RADIUS

    def test_circles_of_few_answers_are_hollow(self) -> None:
        points = ScatterPlot.of([(90, 80, 19), (80, 70, 20)], min_answers=20).points
        assert [point.is_hollow for point in points] == [True, False]
        assert [point.label for point in points] == [80, 70]

    def test_no_values_make_an_empty_plot(self) -> None:
        assert ScatterPlot.of([], min_answers=20).points == ()


class TestSteps:
    @given(st.integers(0, 10_000))
    def test_the_legend_covers_every_number_with_its_step(self, answers: int) -> None:
        fitting = [s.number for s in LEGEND if s.minimum <= answers and (s.maximum is None or answers <= s.maximum)]
        assert fitting == [step_of(answers)]

    def test_squares_grow_with_the_step_from_zero(self) -> None:
        sides = [int(re.findall(r"h(\d+)", Cell(0, 0, step).square)[0]) for step in range(len(STEP_MINIMUMS) + 1)]
        assert sides[0] == 0
        assert sides == sorted(set(sides))
        assert sides[-1] == Cell.SIDE

    @pytest.mark.parametrize("step", range(len(STEP_MINIMUMS) + 1))
    def test_the_square_is_centred_in_its_frame(self, step: int) -> None:
        x, y, side = map(int, re.match(r"M(\d+) (\d+)h(\d+)", Cell(50, 70, step).square).groups())
        assert (2 * x + side, 2 * y + side) == (2 * 50 + Cell.SIDE, 2 * 70 + Cell.SIDE)


def weeks_up_to(today: date, number: int = 26) -> list[tuple[date, list[int | None]]]:
    """Return the weeks up to that day; each day has as many answers as its day of the month."""
    last = today - timedelta(days=today.weekday())
    mondays = [last - timedelta(weeks=back) for back in reversed(range(number))]
    days = [[monday + timedelta(days=row) for row in range(7)] for monday in mondays]
    return [(week[0], [day.day if day <= today else None for day in week]) for week in days]


class TestHeatMap:
    def test_weeks_are_columns_and_monday_comes_first(self) -> None:
        heat_map = HeatMap.of([(MONDAY, [0, 1, 10, 20, 40, 0, 0]), (date(2026, 6, 8), [1, *[None] * 6])], today=MONDAY)
        assert [(cell.x, cell.y, cell.step) for cell in heat_map.cells[:5]] == [
            *((36, 22, 0), (36, 44, 1), (36, 66, 2), (36, 88, 3), (36, 110, 4))
        ]
        assert (heat_map.cells[7].x, heat_map.cells[7].y) == (58, 22)
        assert len(heat_map.cells) == 8
        assert (heat_map.first, heat_map.last) == (MONDAY, date(2026, 6, 8))
        assert heat_map.today == heat_map.cells[0].frame
        assert [weekday.day for weekday in heat_map.weekdays] == [MONDAY + timedelta(days=row) for row in (0, 2, 4, 6)]

    def test_each_square_is_in_the_layer_of_its_step(self) -> None:
        heat_map = HeatMap.of([(MONDAY, [0, 1, 10, 20, 40, 41, None])], today=MONDAY)
        assert [layer.path.count("M") for layer in heat_map.layers] == [1, 1, 1, 2]
        assert heat_map.frames.count("M") == 6

    @given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    def test_26_weeks_make_two_maps_with_every_day_once(self, today: date) -> None:
        maps = heat_maps(weeks_up_to(today), today=today)
        assert [(one.width, one.height) for one in maps] == [(322, 176)] * 2
        assert [len(one.cells) for one in maps] == [91, 84 + today.weekday() + 1]
        assert maps[0].last + timedelta(days=1) == maps[1].first
        assert [bool(one.today) for one in maps] == [False, True]
        for one in maps:
            assert len({(cell.x, cell.y) for cell in one.cells}) == len(one.cells)
            assert all(cell.x + Cell.SIDE <= one.width and cell.y + Cell.SIDE <= one.height for cell in one.cells)

    @given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    def test_month_labels_do_not_overlap(self, today: date) -> None:
        for one in heat_maps(weeks_up_to(today), today=today):
            places = [month.x for month in one.months]
            assert places[0] <= one.LEFT + one.PITCH
            assert all(after - before >= 2 * one.PITCH for before, after in pairwise(places))
            names = [(month.first.year, month.first.month) for month in one.months]
            assert len(set(names)) == len(names)
