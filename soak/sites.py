"""A site on a database of its own, and the production server on it, to be broken."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).parent.parent
NOT_INHERITED = {"ALLOWED_HOSTS", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOST", "PORT", "THREADS", "WORKERS"}


class SQLite:
    """The database in a site's folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "quizsite.sqlite3"
        self.environment: dict[str, str] = {}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the query gives."""
        with closing(sqlite3.connect(self.file)) as database:
            return database.execute(query).fetchall()


class PostgreSQL:
    """A database on a private server, whose files are in `folder`."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self.environment = {"DATABASE_URL": address}
        found = urlsplit(address)
        socket_folder, _, self.database = found.path[1:].rpartition("/")
        self.folder, self.user = Path(socket_folder), found.username

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the query gives."""
        with self.opened() as database:
            return database.execute(query.encode()).fetchall()

    def do(self, *statements: str) -> None:
        """Executes them, each in a transaction of its own or in none."""
        with self.opened() as database:
            for statement in statements:
                database.execute(statement.encode())

    @contextmanager
    def opened(self) -> Iterator[psycopg.Connection]:
        """A connection beside the site's."""
        where = {"host": str(self.folder), "user": self.user, "dbname": self.database}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            yield connection

    def restart(self, how: str) -> None:
        """Stops the server, "fast" in good order or "immediate" as in a crash, and starts it again."""
        program = [os.environ.get("PG_BIN") or _newest_postgresql(), "pg_ctl"]
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*owner, "/".join(program), "--pgdata", str(self.folder / "data"), "--mode", how, "--wait"]
        with (self.folder / "restart.log").open("w") as log:
            subprocess.run([*command, "restart"], check=True, stdout=log, stderr=log, cwd=self.folder)


Database = SQLite | PostgreSQL


@contextmanager
def postgresql(within: Path | None = None) -> Iterator[PostgreSQL]:
    """A private server, its files in a folder of its own within that one, gone at the end. A commit is on its disk when
    it says so, or a crash could take it back."""
    command = [str(ROOT / ".ci" / "postgres"), "sh", "-c", 'echo "$DATABASE_URL"; read -r _']
    where = os.environ | ({"TMPDIR": str(within)} if within else {})
    with subprocess.Popen(command, env=where, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as wrapper:
        assert wrapper.stdin
        assert wrapper.stdout
        found = PostgreSQL(wrapper.stdout.readline().strip())
        try:
            found.do("ALTER ROLE quizsite SET synchronous_commit = on")
            yield found
        finally:
            wrapper.stdin.close()


def _newest_postgresql() -> str:
    """The folder of the newest PostgreSQL's programs, as .ci/postgres finds it."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return str(max(folders, key=lambda folder: int(folder.parent.name)))


def environment(folder: Path, database: Database, **more: str) -> dict[str, str]:
    """That of a process of the site, whatever this process was started with."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return inherited | database.environment | {"VAR_DIR": str(folder)} | more


def prepare(folder: Path, database: Database) -> None:
    """Makes the site ready to be served."""
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(
        command, cwd=ROOT, env=environment(folder, database), check=True, stdout=subprocess.DEVNULL, text=True
    )


class Server:
    """`manage.py serve` with its workers, at one address for as long as this lives."""

    def __init__(self, folder: Path, database: Database, *, workers: int = 2, threads: int = 4, **more: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as found:
            self.address = f"127.0.0.1:{found.getsockname()[1]}"
        self.folder, self.database = folder, database
        scale = {"WORKERS": str(workers), "THREADS": str(threads), "PORT": self.address.rpartition(":")[2]}
        self.environment = environment(folder, database, **scale, **more)
        self.number, self.log = workers, list[str]()
        self.process: subprocess.Popen[str] | None = None
        self.groups: list[int] = []  # of processes, one for each start
        self.reader = Thread()

    def start(self) -> None:
        """Returns once all workers are there and one answers."""
        process = subprocess.Popen(
            [sys.executable, "-m", "soak.obedient", "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        self.process = process
        self.groups.append(process.pid)
        self.reader = Thread(target=self._keep_log, args=(process,), daemon=True)
        self.reader.start()
        if not process.stdout.readline().startswith("http"):
            raise RuntimeError("The server did not start:\n" + "".join(self.log))

    def _keep_log(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        assert process.stderr
        with process.stdout, process.stderr:
            self.log.extend(process.stderr)

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        assert self.process
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def stop(self) -> None:
        """In good order, if it still runs."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
            self.reader.join(60)

    def kill(self) -> None:
        """All of its processes at once, without a warning."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        self.reader.join(60)

    def sweep(self) -> None:
        """Ends what should have ended by itself."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


@contextmanager
def served(folder: Path, database: Database, **options: Any) -> Iterator[Server]:
    """A server that answers, stopped at the end."""
    server = Server(folder, database, **options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.sweep()


def until(holds: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Returns once it holds; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"After {seconds} seconds: {what}.")
        time.sleep(0.02)
