"""How fast the pages are: `make bench`, with ARGS= for one of these.

--growth        a large site as well
--each          the site without each part of the speed code, to see what the part gains
--against DIR   this checkout and another one, such as the version before a change

The production server is pinned to one core and wrk sends it requests from another. Figures are medians of three runs.
All runs of one case follow each other, so that a machine that slows down slows everything that is compared.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench.cases import Case, cases, each_cases, floors, more_cases
from bench.report import report, report_against, report_each, report_growth
from bench.sites import Site, drive
from questions.performance.switches import PARTS, parts_named

PORT = 8790
RUNS = 3
SECONDS, SECONDS_OF_EACH = 4, 3


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options; end the program if they make no sense."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure how fast the pages are.")
    parser.add_argument("--seconds", type=int, help=f"of each run; {SECONDS}, or {SECONDS_OF_EACH} with --each")
    parser.add_argument("--runs", type=int, default=RUNS, help="of each case; the median counts")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--growth", action="store_true", help="measure a large site as well")
    what.add_argument("--each", action="store_true", help="measure what each part of the speed code gains")
    what.add_argument("--against", type=_checkout, metavar="DIR", help="compare with another checkout")
    parser.add_argument("--questions", default="30000", help="of the large site")
    parser.add_argument("--responses", default="1000000", help="of the large site")
    parser.add_argument(
        "--without",
        type=_parts,
        action="append",
        default=[],
        metavar="PART",
        help=f"turn a part of the speed code off; can be repeated, or list several: {','.join(PARTS)}",
    )
    options = parser.parse_args(arguments)
    options.without = ",".join(sorted(frozenset().union(*options.without)))
    if options.each and options.without:
        parser.error("--each turns one part off at a time; leave out --without.")
    options.seconds = options.seconds or (SECONDS_OF_EACH if options.each else SECONDS)
    return options


def _parts(text: str) -> frozenset[str]:
    """Return the parts that an argument names; raise ArgumentTypeError if there is no such part."""
    try:
        return parts_named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _checkout(text: str) -> Path:
    """Return the folder of a checkout; raise ArgumentTypeError if it is none."""
    folder = Path(text).resolve()
    if not (folder / "bench" / "run.py").exists():
        raise argparse.ArgumentTypeError(f"{text} is no checkout with a folder bench")
    return folder


def measure(sites: Sequence[Site], found: Sequence[Sequence[Case]], options: argparse.Namespace) -> None:
    """Serve all sites and drive their cases, each case on one site right after it on the other."""
    with tempfile.TemporaryDirectory(prefix="quizsite-bench-") as folder, ExitStack() as servers:
        ports = {site.name: PORT + number for number, site in enumerate(sites)}
        processes = {site.name: servers.enter_context(site.served(ports[site.name])) for site in sites}
        for run in range(options.runs):
            for same in found:
                first = run % len(same)  # no site is always the first
                for case in (*same[first:], *same[:first]):
                    drive(case, ports[case.server], processes[case.server], options.seconds, Path(folder))


def against_floors(options: argparse.Namespace, folder: Path) -> None:
    """Measure a small site against the floors, and a large site as well if that is asked for."""
    floor = Site("floor", folder / "floor", ("--floor",))
    sites = [Site("small", folder / "small", without=options.without)]
    if options.growth:
        size = ("--questions", options.questions, "--responses", options.responses)
        sites.append(Site("large", folder / "large", size, options.without))
    first = floors(floor.filled())
    data = [site.filled() for site in sites]
    found = [cases(one, site.name) for one, site in zip(data, sites, strict=True)]
    compared = [*first, *found[0]]
    if options.growth:
        for one, site, own in zip(data, sites, found, strict=True):
            own += more_cases(one, site.name)
    measure([floor, *sites], [first, *zip(*found, strict=True)], options)
    report(compared)
    if options.growth:
        report_growth(*found)


def with_each_part_off(options: argparse.Namespace, folder: Path) -> None:
    """Measure copies of one site: with everything, then without each part of the speed code."""
    everything = Site("everything", folder / "everything")
    data = everything.filled()
    sites = [everything, *(replace(everything, name=part, folder=folder / part, without=part) for part in PARTS)]
    for site in sites[1:]:
        shutil.copytree(everything.folder, site.folder)
    first, *others = found = [each_cases(data, site.name) for site in sites]
    measure(sites, list(zip(*found, strict=True)), options)
    report_each(first, dict(zip(PARTS, others, strict=True)))


def against_checkout(options: argparse.Namespace, folder: Path) -> None:
    """Measure this checkout and another one, each with its own data, addresses and forms."""
    here = Site("here", folder / "here", without=options.without)
    there = Site("there", folder / "there", root=options.against)
    found = [{case.name: case for case in site.cases(site.filled())} for site in (here, there)]
    both = [name for name in found[0] if name in found[1]]
    measure([there, here], [[one[name] for one in reversed(found)] for name in both], options)
    report_against(*([one[name] for name in both] for one in found))


def main() -> None:
    """Measure what the arguments ask for."""
    options = parse()
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed: Debian has it in the package {'wrk' if tool == 'wrk' else 'util-linux'}.")
    with tempfile.TemporaryDirectory(prefix="quizsite-bench-") as name:
        folder = Path(name)
        if options.each:
            with_each_part_off(options, folder)
        elif options.against:
            against_checkout(options, folder)
        else:
            against_floors(options, folder)


if __name__ == "__main__":
    main()
