"""What the settings of SQLite are worth: 50 writers without a pause against three set-ups of the same site."""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

from soak.candidates import Candidate, Crowd, Diary
from soak.ledger import ATTEMPTS, RESPONSES, Verdict, judge
from soak.sites import SQLite, prepare, served

SETUPS = {"defaults": "Django's defaults", "wal": "WAL, timeout of 20 s", "ours": "the same with IMMEDIATE: ours"}
WRITERS, WORKERS, THREADS = 50, 2, 8
SECONDS = 10.0


class Writer(Candidate):
    """Answers the same question of an exam again and again, which the site reads and then writes each time."""

    def __init__(self, number: int, address: str, crowd: Crowd, diary: Diary, ready: Barrier, over: Event) -> None:
        super().__init__(number, address, crowd, diary)
        self.ready, self.over = ready, over

    def take(self) -> None:
        """Until the time is over. What it took to begin is struck from the diary."""
        attempt = self.begin()
        path = f"/attempts/{attempt}/1/"
        page = self.send("page", path).text
        self.ready.wait()
        while not self.over.is_set():
            form, sent = self.fill(page)
            self.diary.answers[attempt, 1].append(sent)
            reply = self.once("answer", path, form)
            if reply and reply.status == 302:
                sent.acknowledged = True
                self.diary.acks.append(time.monotonic())
            elif reply:
                self.diary.bare.append(f"answer {path}: {reply.status}")


def measure(setup: str, folder: Path, seconds: float = SECONDS, number: int = WRITERS) -> Verdict:
    """The verdict on that set-up of the site in the folder; what was not answered with success counts as bare."""
    database, diary, over = SQLite(folder), Diary(), Event()
    crowd = Crowd(candidates=number, questions=1, begin_within=2, patience=120)
    if setup == "defaults":  # the file remembers WAL
        with closing(sqlite3.connect(database.file)) as file:
            file.execute("PRAGMA journal_mode = DELETE")
    more = {"SQLITE_SETUP": setup, "DJANGO_SETTINGS_MODULE": "soak.settings_compared"}

    def strike() -> None:
        for each in (diary.milliseconds, diary.told, diary.cut, diary.bare):
            each.clear()

    with served(folder, database, workers=WORKERS, threads=THREADS, **more) as server:
        ready = Barrier(number + 1, action=strike)
        people = [Writer(each, server.address, crowd, diary, ready, over) for each in range(number)]
        for each in people:
            each.start()
        ready.wait(300)
        over.wait(seconds)
        over.set()
        for each in people:
            each.join()
    return judge(SETUPS[setup], diary, database.rows(RESPONSES), database.rows(ATTEMPTS))


def compare() -> bool:
    """Prints how the set-ups do; returns whether ours fails nobody."""
    print(
        f"{WRITERS} writers without a pause for {SECONDS:g} s against {WORKERS} workers of {THREADS} threads:\n\n"
        f"{'':32}{'answers':>10}{'failed':>10}{'lost':>10}{'p50 ms':>10}{'p99 ms':>10}"
    )
    with tempfile.TemporaryDirectory(prefix="quizsite-soak-") as path:
        folder = Path(path)
        prepare(folder, SQLite(folder))
        for setup, name in SETUPS.items():
            found = measure(setup, folder)
            figures = (found.requests, found.bare + found.cut, found.lost, round(found.p50), round(found.p99))
            print(f"{name:32}" + "".join(f"{figure:>10}" for figure in figures), flush=True)
    return found.keeps_all and not found.cut
