"""Tables of what was measured."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from bench.cases import Case

AT_LEAST = 0.9  # of the small site's rate
AT_MOST = 30  # ms, to start a quiz
WORTH = 10  # percent that a part has to gain in at least one case


def report(found: Sequence[Case]) -> None:
    """Print a line for each case, with its ratio to its floor."""
    rates = {case.name: case.rate for case in found}
    print(f"{'':30}{'a second':>9}  {'p99 ms':>7}  {'CPU ms':>7}  ratio to its floor, of drafts to answers")
    for case in found:
        ratio = case.rate / rates[case.floor] if case.floor else None
        verdict = "" if ratio is None else f"{ratio:5.2f}  {'goal' if ratio >= case.goal else 'MISSES'} {case.goal}"
        print(f"{case.name:30}{case.rate:9.0f}  {case.slowest:7.1f}  {case.cost:7.2f}  {verdict}")


def report_growth(small: Sequence[Case], large: Sequence[Case]) -> None:
    """Print a line for each case of both sites: rates, or times where those count."""
    print(f"\n{'':30}{'small/s':>8}{'large/s':>9}  large to small")
    for one, other in zip(small, large, strict=True):
        if not one.timed:
            ratio = other.rate / one.rate
            verdict = f"{ratio:5.2f}  {'goal' if ratio >= AT_LEAST else 'MISSES'} {AT_LEAST}"
            print(f"{one.name:30}{one.rate:8.0f}{other.rate:9.0f}  {verdict}")
    print(f"\n{'':30}{'median ms':>10}{'p99 ms':>8}")
    for case in (*small, *large):
        if case.timed:
            middle = statistics.median(case.middle)
            verdict = f"{'goal' if middle < AT_MOST else 'MISSES'} {AT_MOST} ms"
            print(f"{f'{case.name}, {case.server}':30}{middle:10.1f}{case.slowest:8.1f}  {verdict}")


def report_against(here: Sequence[Case], there: Sequence[Case]) -> None:
    """Print a line for each case that both checkouts have: rates, their ratio, slowest responses, and CPU times."""
    theirs = {case.name: case for case in there}
    columns = f"{'p99 ms there':>12}{'here':>7}   {'CPU ms there':>12}{'here':>7}"
    print(f"{'':30}{'there/s':>8}{'here/s':>8}{'ratio':>7}   {columns}")
    for case in here:
        if other := theirs.get(case.name):
            rates = f"{other.rate:8.0f}{case.rate:8.0f}{case.rate / other.rate:7.2f}"
            slowest = f"{other.slowest:12.1f}{case.slowest:7.1f}"
            print(f"{case.name:30}{rates}   {slowest}   {other.cost:12.2f}{case.cost:7.2f}")


def gain_in_rate(everything: Case, without: Case) -> float:
    """Return by how many percent a part raises the rate of a case."""
    return (everything.rate / without.rate - 1) * 100


def gain_in_time(everything: Case, without: Case) -> float:
    """Return by how many percent the slowest responses take longer without the part."""
    return (without.slowest / everything.slowest - 1) * 100


def report_each(everything: Sequence[Case], without: Mapping[str, Sequence[Case]]) -> None:
    """Print the gain of each part in every case as Markdown tables, and the parts that gain too little in all rates."""
    print("\nRequests per second, and what the part gains:\n")
    _table(everything, without, lambda case: f"{case.rate:.0f}", gain_in_rate)
    print("\n99th percentile in ms, and how much longer it is without the part:\n")
    _table(everything, without, lambda case: f"{case.slowest:.1f}", gain_in_time)
    little = [part for part, found in without.items() if max(map(gain_in_rate, everything, found)) < WORTH]
    print(f"\nLess than {WORTH} % in every rate: {', '.join(little) or 'none'}.")


def _table(
    everything: Sequence[Case],
    without: Mapping[str, Sequence[Case]],
    shown: Callable[[Case], str],
    gain: Callable[[Case, Case], float],
) -> None:
    """Print a Markdown table with a row for each part that was off and a column for each case."""
    rows = [["", *(case.name for case in everything)], ["everything", *map(shown, everything)]]
    for part, found in without.items():
        pairs = zip(everything, found, strict=True)
        rows.append([f"without {part}", *(f"{shown(other)} ({gain(one, other):+.0f} %)" for one, other in pairs)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print("\n".join(lines))
