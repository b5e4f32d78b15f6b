"""The formulas match their textbook definitions."""

import statistics as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions import types
from questions.bank.item_analysis import Sums
from questions.content.item import Item, Option

FRACTIONS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from([0.0, 0.125, 0.5, 0.75, 1.0])), min_size=1
)


def sums_of(pairs: list[tuple[float, float]]) -> Sums:
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    return Sums(
        count=len(pairs),
        x=sum(xs),
        y=sum(ys),
        xx=sum(x * x for x in xs),
        yy=sum(y * y for y in ys),
        xy=sum(x * y for x, y in pairs),
        xy_sorted=sum(x * y for x, y in zip(sorted(xs), sorted(ys), strict=True)),
    )


@given(FRACTIONS)
def test_discrimination_is_the_correlation_with_the_rest_times_100(pairs: list[tuple[float, float]]) -> None:
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    found = sums_of(pairs).discrimination()
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(100 * standard.correlation(xs, ys), abs=1e-6)


@given(FRACTIONS)
def test_efficiency_is_relative_to_the_maximum_covariance(pairs: list[tuple[float, float]]) -> None:
    found = sums_of(pairs).efficiency()
    if found is not None:
        assert found <= 100 + 1e-6
        xs, ys = sorted(x for x, _ in pairs), sorted(y for _, y in pairs)
        best = standard.covariance(xs, ys)
        given_ = standard.covariance([x for x, _ in pairs], [y for _, y in pairs])
        assert found == pytest.approx(100 * given_ / best, abs=1e-6)


@given(FRACTIONS.filter(lambda pairs: len(set(pairs)) > 1))
def test_sorted_marks_have_full_efficiency(pairs: list[tuple[float, float]]) -> None:
    xs, ys = sorted(x for x, _ in pairs), sorted(y for _, y in pairs)
    assert sums_of(list(zip(xs, ys, strict=True))).efficiency() in (None, pytest.approx(100))


def options(*weights: float) -> tuple[Option, ...]:
    return tuple(Option(str(place), weight, match=f"m{place}") for place, weight in enumerate(weights))


@pytest.mark.parametrize(
    ("name", "weights", "score"),
    [
        ("single_choice", (1, 0, 0), 1 / 3),
        ("single_choice", (1, 0.5, 0, 0), 1.5 / 4),
        ("true_false", (0, 1), 0.5),
        ("multiple_choice", (1, 0), 1 / 3),  # of {right}, {wrong}, {both} only the first earns
        ("short_answer", (1,), 0),
        ("numeric", (1,), 0),
        ("ordering", (0, 0, 0), 0.5),
        ("matching", (0, 0, 0, 0), 0.25),
        ("open", (), None),
    ],
)
def test_guess_score(name: str, weights: tuple[float, ...], score: float | None) -> None:
    item = Item(name, "?", options=options(*weights))
    assert types.get(name).guess_score(item) == (None if score is None else pytest.approx(score))
