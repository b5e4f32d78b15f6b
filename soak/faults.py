"""What breaks while a crowd answers, and what is judged afterwards."""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from soak import disks
from soak.candidates import Crowd, Diary, gather
from soak.ledger import ATTEMPTS, RESPONSES, Verdict, judge
from soak.sites import Database, PostgreSQL, Server, SQLite, served, until

Fault = Callable[[Server, Diary], None]
STEP = "step"  # the file in the site's folder that says how wrong its clock is
HOUR = 3600


def nothing(server: Server, diary: Diary) -> None:
    """All goes well."""


def worker_killed(server: Server, diary: Diary) -> None:
    """A worker is killed amid writes; another takes its place."""
    before = server.workers()
    os.kill(before[0], signal.SIGKILL)
    until(lambda: before[0] not in server.workers() and len(server.workers()) == len(before), "no new worker")
    assert server.process
    assert server.process.poll() is None, "".join(server.log)


def server_killed(server: Server, diary: Diary) -> None:
    """All processes of the server are killed amid writes, and it is started again."""
    server.kill()
    server.start()


def first_killed(server: Server, diary: Diary) -> None:
    """The process that started the workers is killed. They finish what they do and make room for a new server."""
    assert server.process
    workers = server.workers()
    server.process.kill()
    server.process.wait(60)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), "workers stayed")
    server.start()


def disk_full(server: Server, diary: Diary) -> None:
    """Nothing more can be written to the disk of the database, which is a small one, until there is room again."""
    folder = server.database.folder
    disks.fill(folder)
    try:
        _all_are_told(diary)
    finally:
        disks.free(folder)


def files_full(server: Server, diary: Diary) -> None:
    """As on a full disk, but without one: no file of the workers can be written beyond its first page."""
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in server.workers()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    _all_are_told(diary)
    for pid, before in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def file_read_only(server: Server, diary: Diary) -> None:
    """The server comes back to a database file that it may only read, until somebody mends that."""
    assert isinstance(server.database, SQLite)
    server.stop()
    server.database.file.chmod(0o444)
    try:
        server.start()
        _all_are_told(diary)
    finally:
        server.database.file.chmod(0o644)


def clock_ahead(server: Server, diary: Diary) -> None:
    """The clock is set an hour ahead: beyond the end of every exam that runs."""
    _set_clock(server, HOUR)


def clock_behind(server: Server, diary: Diary) -> None:
    """The clock is set an hour back: before the beginning of every exam that runs."""
    _set_clock(server, -HOUR)


def database_crashed(server: Server, diary: Diary) -> None:
    """PostgreSQL breaks off, recovers, and is then restarted in good order."""
    assert isinstance(server.database, PostgreSQL)
    server.database.restart("immediate")
    _goes_on(diary)
    server.database.restart("fast")


def database_read_only(server: Server, diary: Diary) -> None:
    """PostgreSQL takes no writes, as a standby that has not taken over yet."""
    assert isinstance(server.database, PostgreSQL)
    server.database.do("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        _all_are_told(diary)
    finally:
        allow = ["SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only"]
        server.database.do(*allow, "SELECT pg_reload_conf()")


COMMON = {
    "kill -9 of a worker": worker_killed,
    "kill -9 of the first process": first_killed,
    "kill -9 of all processes": server_killed,
}
CLOCK = {"clock an hour ahead": clock_ahead, "clock an hour behind": clock_behind}
ON_A_SMALL_DISK = {"full disk": disk_full}
FAULTS: dict[str, dict[str, Fault]] = {
    "SQLite": {**COMMON, **CLOCK, "full files": files_full, "read-only database file": file_read_only},
    "PostgreSQL": {**COMMON, **CLOCK, "PostgreSQL restarted": database_crashed, "read-only": database_read_only},
}


def run(name: str, folder: Path, database: Database, crowd: Crowd, fault: Fault = nothing) -> Verdict:
    """The verdict on a crowd that takes exams while that happens, once a third of all answers is in."""
    more: dict[str, str] = {}
    if fault in CLOCK.values():
        (folder / STEP).write_text("0")
        more = {"PYTHONPATH": str(Path(__file__).parent / "clock"), "CLOCK_STEP": str(folder / STEP)}
    diary, failure = Diary(), ""
    with served(folder, database, **more) as server:
        people = gather(server.address, crowd, diary)
        third = crowd.candidates * crowd.questions / 3
        try:
            if fault is not nothing:
                until(lambda: diary.acknowledged >= third or not any(map(Thread.is_alive, people)), "no answers", 300)
                fault(server, diary)
        except (AssertionError, TimeoutError) as error:
            failure = f"{name}: {error}"
        for each in people:
            each.join()
    verdict = judge(name, diary, database.rows(RESPONSES), database.rows(ATTEMPTS))
    if failure:
        verdict = replace(verdict, bare=verdict.bare + 1, notes=(failure, *verdict.notes))
    return verdict


def _all_are_told(diary: Diary, times: int = 10) -> None:
    """Waits until so many more were told that nothing can be saved."""
    before = len(diary.told)
    until(lambda: len(diary.told) >= before + times, "nobody was told")


def _goes_on(diary: Diary) -> None:
    """Waits until answers are acknowledged again."""
    before = diary.acknowledged
    until(lambda: diary.acknowledged > before + 5, "no answer went through")


def _set_clock(server: Server, seconds: int) -> None:
    """Sets the clock of a server that was started for it, at one stroke."""
    path = server.folder / STEP
    draft = path.with_suffix(".new")
    draft.write_text(str(seconds))
    draft.replace(path)
