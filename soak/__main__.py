"""Command line of the soak test: runs the scenarios and prints a row for each."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from soak import writers
from soak.candidates import Crowd
from soak.disks import disk
from soak.faults import FAULTS, ON_A_SMALL_DISK, nothing, run
from soak.ledger import Verdict, heading, line
from soak.sites import Database, SQLite, postgresql, prepare

MAX_P99 = 500.0  # milliseconds until an answer is saved, 99th percentile, under load
LOAD = "load"
DISK_MEGABYTES = 256  # size of the disk that "full disk" fills


def main() -> None:
    """Put the site under load and inject faults; exit with status 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="make soak", description=main.__doc__)
    parser.add_argument("--database", choices=[*FAULTS], action="append", help="run only on this database")
    parser.add_argument("--only", default="", help="run only scenarios whose name contains this")
    parser.add_argument("--candidates", type=int, default=200, help="number of candidates in the load scenario")
    parser.add_argument(
        "--think", type=float, nargs=2, default=(2, 6), metavar=("FROM", "TO"), help="seconds before an answer"
    )
    parser.add_argument("--within", type=float, default=30, help="seconds in which all candidates start")
    parser.add_argument("--writers", action="store_true", help="only compare settings of SQLite with 50 writers")
    options = parser.parse_args()
    if options.writers:
        sys.exit(not writers.compare())
    loaded = Crowd(candidates=options.candidates, think=tuple(options.think), begin_within=options.within)
    broken = replace(loaded, candidates=min(40, options.candidates), questions=12, think=(0.2, 1), begin_within=2)
    print(
        f"Load: {loaded}\nWith faults: {broken}\n"
        f"2 workers of 4 threads; candidates and server share {os.cpu_count()} cores, whose load was "
        f"{os.getloadavg()[0]:.1f} at the start.\n\n{heading()}",
        flush=True,
    )
    missed = []
    for name in options.database or FAULTS:
        for title, verdict in scenarios(name, options.only, loaded, broken):
            print(line(verdict), *verdict.notes, sep="\n    ", flush=True)
            if not (verdict.is_undisturbed and verdict.p99 < MAX_P99 if title == LOAD else verdict.keeps_all):
                missed.append(verdict.name)
    print(f"\nGoals missed: {', '.join(missed)}" if missed else "\nAll goals met.")
    sys.exit(bool(missed))


def scenarios(name: str, only: str, loaded: Crowd, broken: Crowd) -> Iterator[tuple[str, Verdict]]:
    """Run the scenarios for this database one by one, and yield the title and the verdict of each."""
    selected = {title: fault for title, fault in {LOAD: nothing, **FAULTS[name]}.items() if only in title}
    if selected:
        with site(name) as folder_and_database:
            for title, fault in selected.items():
                yield title, run(f"{name}: {title}", *folder_and_database, loaded if title == LOAD else broken, fault)
    for title, fault in ON_A_SMALL_DISK.items():
        if only not in title:
            continue
        with disk(DISK_MEGABYTES) as folder:
            if not folder:
                print(f"{name}: {title} is skipped: no disk can be mounted. Run as root on Linux.")
                continue
            with site(name, folder) as folder_and_database:
                yield title, run(f"{name}: {title}", *folder_and_database, broken, fault)


@contextmanager
def site(name: str, within: Path | None = None) -> Iterator[tuple[Path, Database]]:
    """Provide the folder and the database of a new site, with all of its files inside `within`."""
    with tempfile.TemporaryDirectory(prefix="quizsite-soak-", dir=within) as path:
        folder = Path(path)
        if name == SQLite.name:
            database = SQLite(folder)
            prepare(folder, database)
            yield folder, database
        else:
            with postgresql(within) as server:
                prepare(folder, server)
                yield folder, server


if __name__ == "__main__":
    main()
