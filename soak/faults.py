"""Faults to inject while candidates take exams, and the scenarios that inject them."""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from soak import disks
from soak.candidates import Candidate, Crowd, RequestLog, start_candidates
from soak.ledger import ATTEMPTS, RESPONSES, Verdict, judge
from soak.sites import Database, PostgreSQL, Server, SQLite, served, wait_until
from soak.typists import Typist

Fault = Callable[[Server, RequestLog], None]
CLOCK_OFFSET_FILE = "clock-offset"  # in the site's folder: by how many seconds its clock is wrong
HOUR = 3600


def nothing(server: Server, log: RequestLog) -> None:
    """Inject no fault."""


def worker_killed(server: Server, log: RequestLog) -> None:
    """Kill a worker during writes, and check that another one replaces it."""
    before = server.workers()
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: before[0] not in server.workers() and len(server.workers()) == len(before), "no new worker")
    assert server.process
    assert server.process.poll() is None, "".join(server.log)


def server_killed(server: Server, log: RequestLog) -> None:
    """Kill all processes of the server during writes, and start it again."""
    server.kill()
    server.start()


def supervisor_killed(server: Server, log: RequestLog) -> None:
    """Kill the process that started the workers, check that they finish and exit, and start a new server."""
    assert server.process
    workers = server.workers()
    server.process.kill()
    server.process.wait(60)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), "workers stayed")
    server.start()


def disk_full(server: Server, log: RequestLog) -> None:
    """Fill the disk of the database until candidates got error pages, then free it."""
    folder = server.database.folder
    disks.fill(folder)
    try:
        _wait_for_error_pages(log)
    finally:
        disks.free(folder)


def files_full(server: Server, log: RequestLog) -> None:
    """Simulate a full disk with resource limits: no worker can write a file beyond its first page."""
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in server.workers()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    _wait_for_error_pages(log)
    for pid, before in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def file_read_only(server: Server, log: RequestLog) -> None:
    """Restart the server with a read-only database file, then make the file writable again."""
    assert isinstance(server.database, SQLite)
    server.stop()
    server.database.file.chmod(0o444)
    try:
        server.start()
        _wait_for_error_pages(log)
    finally:
        server.database.file.chmod(0o644)


def clock_ahead(server: Server, log: RequestLog) -> None:
    """Set the clock an hour ahead, past the deadline of every exam in progress."""
    _set_clock(server, HOUR)


def time_runs_out(server: Server, log: RequestLog) -> None:
    """Set the clock past the deadlines of exams and interviews in which nobody has submitted anything."""
    _set_clock(server, HOUR)


def clock_behind(server: Server, log: RequestLog) -> None:
    """Set the clock an hour back, before the start of every exam in progress."""
    _set_clock(server, -HOUR)


def database_crashed(server: Server, log: RequestLog) -> None:
    """Crash PostgreSQL, start it once candidates got error pages, then restart it cleanly."""
    assert isinstance(server.database, PostgreSQL)
    # If it came back at once, requests would only wait for it, and nobody would notice.
    server.database.restart("immediate", while_stopped=lambda: _wait_for_error_pages(log))
    _wait_for_answers(log)
    server.database.restart("fast")


def database_read_only(server: Server, log: RequestLog) -> None:
    """Make PostgreSQL read-only, as a standby is before a failover, then writable again."""
    assert isinstance(server.database, PostgreSQL)
    server.database.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        _wait_for_error_pages(log)
    finally:
        allow = ["SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only"]
        server.database.execute(*allow, "SELECT pg_reload_conf()")


COMMON = {
    "kill -9 of a worker": worker_killed,
    "kill -9 of the first process": supervisor_killed,
    "kill -9 of all processes": server_killed,
}
CLOCK = {
    "clock an hour ahead": clock_ahead,
    "clock an hour behind": clock_behind,
    "deadline in mid-sentence": time_runs_out,
}
CANDIDATES: dict[Fault, type[Candidate]] = {time_runs_out: Typist}  # of other faults: those who submit answers
ON_A_SMALL_DISK = {"full disk": disk_full}
FAULTS: dict[str, dict[str, Fault]] = {
    "SQLite": {**COMMON, **CLOCK, "full files": files_full, "read-only database file": file_read_only},
    "PostgreSQL": {**COMMON, **CLOCK, "PostgreSQL restarted": database_crashed, "read-only": database_read_only},
}


def run(name: str, folder: Path, database: Database, crowd: Crowd, fault: Fault = nothing) -> Verdict:
    """Return the verdict on a crowd that takes exams; inject the fault once a third of all answers is acknowledged."""
    variables: dict[str, str] = {}
    if fault in CLOCK.values():
        (folder / CLOCK_OFFSET_FILE).write_text("0")
        clock = str(Path(__file__).parent / "clock")
        variables = {"PYTHONPATH": clock, "CLOCK_OFFSET_FILE": str(folder / CLOCK_OFFSET_FILE)}
    log, failure = RequestLog(), ""
    with served(folder, database, **variables) as server:
        candidates = start_candidates(server.address, crowd, log, CANDIDATES.get(fault, Candidate))
        third = crowd.candidates * crowd.questions / 3
        try:
            if fault is not nothing:
                wait_until(
                    lambda: log.acknowledged >= third or not any(map(Thread.is_alive, candidates)), "no answers", 300
                )
                fault(server, log)
        except (AssertionError, TimeoutError) as error:
            failure = f"{name}: {error}"
        for candidate in candidates:
            candidate.join()
    verdict = judge(name, log, database.rows(RESPONSES), database.rows(ATTEMPTS))
    if failure:
        verdict = replace(verdict, errors=verdict.errors + 1, notes=(failure, *verdict.notes))
    return verdict


def _wait_for_error_pages(log: RequestLog, number: int = 10) -> None:
    """Wait for this number of further 503 pages."""
    before = len(log.unavailable)
    wait_until(lambda: len(log.unavailable) >= before + number, "nobody got a 503 page")


def _wait_for_answers(log: RequestLog) -> None:
    """Wait until answers are acknowledged again."""
    before = log.acknowledged
    wait_until(lambda: log.acknowledged > before + 5, "no answer was acknowledged")


def _set_clock(server: Server, seconds: int) -> None:
    """Set the clock of a server that was started with CLOCK_OFFSET_FILE, in one atomic step."""
    path = server.folder / CLOCK_OFFSET_FILE
    draft = path.with_suffix(".new")
    draft.write_text(str(seconds))
    draft.replace(path)
