"""Units of numeric questions: what authors may write, and how typed quantities are read; docs/grading.md has rows."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from questions import types
from questions.content.item import Item, Option
from questions.types.numeric import NumberForm
from questions.types.units import InvalidUnits, Unit, find_unit, format_units, parse_units, read_quantity, split_unit

TIME = "ms, milliseconds = ms, s = 1000 ms, sec = s, min = 60 s"
SPACES = st.sampled_from(["", " ", "  ", "\u00a0", "\u2009", "\u202f", "\t", "\u200b", "\u2060 "])
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=3)
names = st.text(st.characters(categories=["L", "Sc", "So"], include_characters="%/·^²° "), min_size=1, max_size=8)


def form(units: str, text: str) -> NumberForm:
    item = Item("numeric", "?", units=units, options=(Option("250", 1.0),))
    return types.get("numeric").form(item, [], {"text": text})  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("", {}),
        (" , ", {}),
        ("%", {"%": 1}),
        (TIME, {"ms": 1, "milliseconds": 1, "s": 1000, "sec": 1000, "min": 60_000}),
        ("ms=1; s=1e3", {"ms": 1, "s": 1000}),
        ("requests per  second,\nrpm = 0.5", {"requests per second": 1, "rpm": Decimal("0.5")}),
        ("MB, Mb = 0.125 MB", {"MB": 1, "Mb": Decimal("0.125")}),
    ],
)
def test_list_of_units_is_read(text: str, sizes: dict) -> None:
    assert {unit.name: unit.size for unit in parse_units(text)} == sizes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ms, s", "Define “s”: for example, “s = 1000 ms”, or “s = ms” for another name of the same unit."),
        ("ms, s = 0,5", "Define “s”: for example, "),
        ("ms, s = -1", "Define “s”: for example, "),
        ("ms, s = much", "Define “s”: for example, "),
        ("ms, min = 60 s, s = 1000", "Define “min”: for example, "),
        ("ms, s = 1,000", "“000” cannot be a unit"),
        ("5", "“5” cannot be a unit"),
        ("ms, = 5", "“” cannot be a unit"),
        ("ms, e3 = 5", "“e3” cannot be a unit"),
        ("ms = 5, s = 1", "“ms” is the first unit"),
        ("ms, ms. = 2", "“ms.” is listed twice"),
    ],
)
def test_list_with_a_mistake_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidUnits) as raised:
        parse_units(text)
    assert message in str(raised.value)


@given(st.text(max_size=40) | st.text("ms,;= 10e.-%", max_size=40))
def test_any_list_is_read_or_refused(text: str) -> None:
    try:
        units = parse_units(text)
    except InvalidUnits:
        return
    assert all(unit.size > 0 for unit in units)
    assert [unit.size for unit in units[:1]] in ([], [1])
    assert all(find_unit(unit.name, units) == unit for unit in units)


@given(st.lists(st.tuples(names, st.sampled_from(["1", "1000", "0.001", "60", "1e6"])), min_size=1, max_size=5))
def test_written_list_reads_the_same(found: list[tuple[str, str]]) -> None:
    listed = ", ".join(f"{name} = {size}" if place else name for place, (name, size) in enumerate(found))
    try:
        units = parse_units(listed)
    except InvalidUnits:
        assume(False)
    assert parse_units(format_units(units)) == units


@given(NUMBERS, names, SPACES, st.sampled_from(["1", "1000", "0.001", "60"]), st.booleans())
def test_quantity_is_number_times_size(number: Decimal, name: str, space: str, size: str, before: bool) -> None:
    try:
        units = parse_units(f"ms, {name} = {size} ms")
    except InvalidUnits:
        assume(False)
    text = f"{name}{space}{number:f}" if before else f"{number:f}{space}{name}"
    assert read_quantity(text, units) == number * Decimal(size)


@given(NUMBERS)
def test_number_without_a_unit_is_in_the_first(number: Decimal) -> None:
    assert read_quantity(f"{number:f}", parse_units(TIME)) == number


@given(st.integers(-(10**6), 10**6))
def test_equal_quantities_in_two_units_are_equal(thousandths: int) -> None:
    units = parse_units(TIME)
    assert read_quantity(f"{Decimal(thousandths) / 1000} s", units) == read_quantity(f"{thousandths} ms", units)


@example(" ")
@given(st.text(max_size=30) | st.text("0123456789.,'_ +-eE%ms/", max_size=30))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    value = read_quantity(text, parse_units(TIME))
    assert value is None or value.is_finite()
    filled = form(TIME, text)
    is_valid = filled.is_valid()  # fills cleaned_data, without the text if it is refused
    is_blank = not filled.cleaned_data.get("text", "x").strip()
    assert is_valid == (value is not None or is_blank)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("250 ms", ("250", "ms")),
        ("1 000.5ms", ("1 000.5", "ms")),
        ("1.2345 s", ("1.2345", "s")),
        ("2e3s", ("2e3", "s")),
        ("5 m2", ("5", "m2")),
        ("5'", ("5", "'")),
        ("$ −5", ("$", "-5")[::-1]),
        ("ms", ("", "ms")),
    ],
)
def test_text_is_split_where_the_number_ends(text: str, pieces: tuple[str, str]) -> None:
    assert split_unit(text) == pieces


@pytest.mark.parametrize(
    ("listed", "typed"),
    [
        ("µs", "μs"),
        ("μs", "µs"),
        ("Ω", "Ω"),
        ("°C", "℃"),
        ("°", "º"),
        ("%", "％"),
        ("%", "٪"),
        ("per cent", "percent"),
        ("MB/s", "MB / s"),
        ("sec.", "sec"),
        ("Å", "Å"),
        ("″", '"'),
        ("ms", "Ms"),
    ],
)
def test_unit_is_recognized_however_it_is_typed(listed: str, typed: str) -> None:
    assert read_quantity(f"5 {typed}", parse_units(listed)) == 5


def test_case_counts_only_where_it_tells_units_apart() -> None:
    units = parse_units("MB, Mb = 0.125 MB, B = 0.000001 MB, byte = B")
    sizes = [unit.size if (unit := find_unit(name, units)) else None for name in ("MB", "Mb", "mb", "b", "BYTE")]
    assert sizes == [1, Decimal("0.125"), None, Decimal("0.000001"), Decimal("0.000001")]
    assert find_unit("mb", [Unit("MB", Decimal(1)), Unit("Mb", Decimal(1))]) is not None


@pytest.mark.parametrize(
    ("units", "text", "message"),
    [
        (
            TIME,
            "5 kg",
            "“kg” is not a unit that this question takes. Write one of these: ms, milliseconds, s, sec, min.",
        ),
        (TIME, "5 kg", "Without a unit, the number is in ms."),
        (TIME, "€5", "“€” is not a unit"),
        ("MB, Mb = 0.125 MB", "5 mb", "“mb” is not a unit that this question takes. Write one of these: MB, Mb."),
        (TIME, "1,000 ms", "“1,000 ms” is not a valid number"),
        (TIME, "3 4 ms", "“3 4 ms” is not a valid number"),
        (TIME, "1/2 s", "“1/2 s” is not a valid number"),
        (TIME, "10² ms", "“10² ms” is not a valid number"),
        (TIME, "ms", "“ms” is not a valid number"),
        ("", "5 ms", "“5 ms” has a unit, and this question takes none. Write the number alone"),
        ("", "5 %", "“5 %” has a unit"),
        ("ms, s", "5 ms", "“5 ms” has a unit"),
    ],
)
def test_refusal_says_what_to_write_and_keeps_the_text(units: str, text: str, message: str) -> None:
    filled = form(units, text)
    assert not filled.is_valid()
    assert message in filled.errors["text"][0]
    assert filled["text"].value() == text


def test_form_names_the_units_and_has_a_keyboard_with_letters() -> None:
    asked = types.get("numeric").form(Item("numeric", "?", units=TIME), [])
    assert asked.fields["text"].help_text == (
        "You may add a unit: ms, milliseconds, s, sec, min. Without one, the number is in ms."
    )
    assert asked.fields["text"].widget.attrs["inputmode"] == "text"
    assert types.get("numeric").form(Item("numeric", "?"), []).fields["text"].help_text == ""


def test_longest_text_is_read_at_once() -> None:
    for text in (f"a{' ' * 498}b", f"{'-' * 499}x", f"{'1 ' * 249}x", f"x{'1' * 499}", f"{chr(39) * 499}x"):
        assert read_quantity(text, parse_units(TIME)) is None
