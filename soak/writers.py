"""Compare three SQLite setups of the same site under 50 concurrent writers."""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from threading import Barrier, Event

from soak.candidates import Candidate, Crowd, RequestLog
from soak.ledger import ATTEMPTS, RESPONSES, Verdict, judge
from soak.sites import SQLite, prepare, served

SETUPS = {"defaults": "Django's defaults", "wal": "WAL, timeout of 20 s", "ours": "the same with IMMEDIATE: ours"}
WRITERS, WORKERS, THREADS = 50, 2, 8
SECONDS = 10.0


class Writer(Candidate):
    """Candidate who answers the same question of an exam repeatedly; each answer is a read and then a write."""

    def __init__(self, number: int, address: str, crowd: Crowd, log: RequestLog, ready: Barrier, over: Event) -> None:
        super().__init__(number, address, crowd, log)
        self.ready, self.over = ready, over

    def take(self) -> None:
        """Start an exam, wait for the other writers, and answer until the time is over."""
        attempt = self.begin()
        path = f"/attempts/{attempt}/1/"
        page = self.send("page", path).text
        self.ready.wait()
        while not self.over.is_set():
            form, sent = self.fill(page)
            self.log.answers[attempt, 1].append(sent)
            response = self.send_once("answer", path, form)
            if response and response.status == 302:
                sent.acknowledged = True
                self.log.acknowledged_at.append(time.monotonic())
            elif response:
                self.log.errors.append(f"answer {path}: {response.status}")


def measure(setup: str, folder: Path, seconds: float = SECONDS, number: int = WRITERS) -> Verdict:
    """Return the verdict on this setup of the site in the folder; any response but a redirect counts as an error."""
    database, log, over = SQLite(folder), RequestLog(), Event()
    crowd = Crowd(candidates=number, questions=1, begin_within=2, patience=120)
    if setup == "defaults":  # the file would keep WAL otherwise
        with closing(sqlite3.connect(database.file)) as file:
            file.execute("PRAGMA journal_mode = DELETE")
    variables = {"SQLITE_SETUP": setup, "DJANGO_SETTINGS_MODULE": "soak.settings_compared"}

    def clear_log() -> None:  # of what the writers needed to start
        for entries in (log.milliseconds, log.unavailable, log.disconnected, log.errors):
            entries.clear()

    with served(folder, database, workers=WORKERS, threads=THREADS, **variables) as server:
        ready = Barrier(number + 1, action=clear_log)
        writers = [Writer(each, server.address, crowd, log, ready, over) for each in range(number)]
        for writer in writers:
            writer.start()
        ready.wait(300)
        over.wait(seconds)
        over.set()
        for writer in writers:
            writer.join()
    return judge(SETUPS[setup], log, database.rows(RESPONSES), database.rows(ATTEMPTS))


def compare() -> bool:
    """Print the results of all setups; return whether ours had no failures."""
    print(
        f"{WRITERS} writers without a pause for {SECONDS:g} s against {WORKERS} workers of {THREADS} threads:\n\n"
        f"{'':32}{'answers':>10}{'failed':>10}{'lost':>10}{'p50 ms':>10}{'p99 ms':>10}"
    )
    with tempfile.TemporaryDirectory(prefix="quizsite-soak-") as path:
        folder = Path(path)
        prepare(folder, SQLite(folder))
        for setup, name in SETUPS.items():
            verdict = measure(setup, folder)
            failed = verdict.errors + verdict.disconnected
            figures = (verdict.requests, failed, verdict.lost, round(verdict.p50), round(verdict.p99))
            print(f"{name:32}" + "".join(f"{figure:>10}" for figure in figures), flush=True)
    return verdict.keeps_all and not verdict.disconnected
