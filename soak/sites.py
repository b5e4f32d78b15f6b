"""A temporary site with its own database, and the production server that serves it."""

import os
import shlex
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
    """SQLite database in the site's folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "quizsite.sqlite3"
        self.environment: dict[str, str] = {}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of the query."""
        with closing(sqlite3.connect(self.file)) as database:
            return database.execute(query).fetchall()


class PostgreSQL:
    """Database on a private PostgreSQL server with its files in `folder`."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self.environment = {"DATABASE_URL": address}
        found = urlsplit(address)
        socket_folder, _, self.database = found.path[1:].rpartition("/")
        self.folder, self.user = Path(socket_folder), found.username

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of the query."""
        with self.connect() as database:
            return database.execute(query.encode()).fetchall()

    def execute(self, *statements: str) -> None:
        """Execute the statements, each with autocommit."""
        with self.connect() as database:
            for statement in statements:
                database.execute(statement.encode())

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Provide a connection of its own, with autocommit."""
        options = {"host": str(self.folder), "user": self.user, "dbname": self.database}
        with psycopg.connect(**options, autocommit=True) as connection:  # type: ignore[arg-type]
            yield connection

    def restart(self, mode: str, *, while_stopped: Callable[[], None] = lambda: None) -> None:
        """Restart the server: "fast" stops it cleanly, "immediate" as in a crash."""
        # Of its own accord the server would start without its options, the folder of its socket among them.
        _program, *options = shlex.split((self.folder / "data" / "postmaster.opts").read_text())
        self._control("stop", "--mode", mode)
        try:
            while_stopped()
        finally:
            self._control("start", "--options", shlex.join(options))

    def _control(self, *arguments: str) -> None:
        program = [os.environ.get("PG_BIN") or _newest_postgresql(), "pg_ctl"]
        owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*owner, "/".join(program), "--pgdata", str(self.folder / "data"), "--wait", *arguments]
        with (self.folder / "restart.log").open("a") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=self.folder)


Database = SQLite | PostgreSQL


@contextmanager
def postgresql(within: Path | None = None) -> Iterator[PostgreSQL]:
    """Provide a private server with its files in a temporary folder inside `within`.

    It has synchronous_commit on, since a crash could undo acknowledged commits otherwise.
    """
    command = [str(ROOT / ".ci" / "postgres"), "sh", "-c", 'echo "$DATABASE_URL"; read -r _']
    variables = os.environ | ({"TMPDIR": str(within)} if within else {})
    with subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as wrapper:
        assert wrapper.stdin
        assert wrapper.stdout
        server = PostgreSQL(wrapper.stdout.readline().strip())
        try:
            server.execute("ALTER ROLE quizsite SET synchronous_commit = on")
            yield server
        finally:
            wrapper.stdin.close()


def _newest_postgresql() -> str:
    """Return the folder with the programs of the newest PostgreSQL, as .ci/postgres does."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return str(max(folders, key=lambda folder: int(folder.parent.name)))


def environment(folder: Path, database: Database, **more: str) -> dict[str, str]:
    """Return the environment for a process of the site, independent of this process's settings."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return inherited | database.environment | {"VAR_DIR": str(folder)} | more


def prepare(folder: Path, database: Database) -> None:
    """Run `manage.py prepare` for the site."""
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(
        command, cwd=ROOT, env=environment(folder, database), check=True, stdout=subprocess.DEVNULL, text=True
    )


class Server:
    """`manage.py serve` with its workers; restarts keep the address."""

    def __init__(self, folder: Path, database: Database, *, workers: int = 2, threads: int = 4, **more: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as found:
            self.address = f"127.0.0.1:{found.getsockname()[1]}"
        self.folder, self.database = folder, database
        scale = {"WORKERS": str(workers), "THREADS": str(threads), "PORT": self.address.rpartition(":")[2]}
        self.environment = environment(folder, database, **scale, **more)
        self.number, self.log = workers, list[str]()
        self.process: subprocess.Popen[str] | None = None
        self.groups: list[int] = []  # process groups, one per start
        self.reader = Thread()

    def start(self) -> None:
        """Start the server, and return once it has printed its address; raise RuntimeError if it does not start."""
        process = subprocess.Popen(
            [sys.executable, "-m", "soak.enforce_permissions", "manage.py", "serve"],
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
        """Return the process ids of the workers."""
        assert self.process
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def stop(self) -> None:
        """Stop the server cleanly, if it is running."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
            self.reader.join(60)

    def kill(self) -> None:
        """Kill all processes of the server at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        self.reader.join(60)

    def kill_leftovers(self) -> None:
        """Kill processes of earlier starts that have not exited by themselves."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


@contextmanager
def served(folder: Path, database: Database, **options: Any) -> Iterator[Server]:
    """Provide a running server, and stop it at the end."""
    server = Server(folder, database, **options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.kill_leftovers()


def wait_until(condition: Callable[[], object], problem: str, seconds: float = 60) -> None:
    """Return once the condition is true; raise TimeoutError with the problem otherwise."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"After {seconds} seconds: {problem}.")
        time.sleep(0.02)
