"""Runs the scenarios and prints a line for each: `make soak`."""

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

LONGEST = 500.0  # milliseconds, the 99th percentile of an answer under load
LOAD = "load"
MEGABYTES = 256  # of the disk that is filled


def main() -> None:
    """Puts the site under load and breaks things meanwhile; exits with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="make soak", description=main.__doc__)
    parser.add_argument("--database", choices=[*FAULTS], action="append", help="only on that one")
    parser.add_argument("--only", default="", help="only scenarios whose name contains that")
    parser.add_argument("--candidates", type=int, default=200, help="under load")
    parser.add_argument("--think", type=float, nargs=2, default=(2, 6), metavar=("FROM", "TO"), help="seconds")
    parser.add_argument("--within", type=float, default=30, help="seconds in which all of them begin")
    parser.add_argument("--writers", action="store_true", help="only compare settings of SQLite with 50 writers")
    given = parser.parse_args()
    if given.writers:
        sys.exit(not writers.compare())
    loaded = Crowd(candidates=given.candidates, think=tuple(given.think), begin_within=given.within)
    broken = replace(loaded, candidates=min(40, given.candidates), questions=12, think=(0.2, 1), begin_within=2)
    print(
        f"Load: {loaded}\nWith faults: {broken}\n"
        f"2 workers of 4 threads; candidates and server share {os.cpu_count()} cores, whose load was "
        f"{os.getloadavg()[0]:.1f} before.\n\n{heading()}",
        flush=True,
    )
    missed = []
    for name in given.database or FAULTS:
        for title, verdict in scenarios(name, given.only, loaded, broken):
            print(line(verdict), *verdict.notes, sep="\n    ", flush=True)
            if not (verdict.is_undisturbed and verdict.p99 < LONGEST if title == LOAD else verdict.keeps_all):
                missed.append(verdict.name)
    print(f"\nGoals missed: {', '.join(missed)}" if missed else "\nAll goals met.")
    sys.exit(bool(missed))


def scenarios(name: str, only: str, loaded: Crowd, broken: Crowd) -> Iterator[tuple[str, Verdict]]:
    """What to do on that kind of database, each done when it is asked for."""
    chosen = {title: fault for title, fault in {LOAD: nothing, **FAULTS[name]}.items() if only in title}
    if chosen:
        with site(name) as place:
            for title, fault in chosen.items():
                yield title, run(f"{name}: {title}", *place, loaded if title == LOAD else broken, fault)
    for title, fault in ON_A_SMALL_DISK.items():
        if only not in title:
            continue
        with disk(MEGABYTES) as folder:
            if not folder:
                print(f"{name}: {title} is left out, for no disk can be mounted here.")
                continue
            with site(name, folder) as place:
                yield title, run(f"{name}: {title}", *place, broken, fault)


@contextmanager
def site(name: str, within: Path | None = None) -> Iterator[tuple[Path, Database]]:
    """A fresh site on that kind of database, all of its files within that folder."""
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
