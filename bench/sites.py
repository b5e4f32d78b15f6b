"""The sites that are measured: their data, their servers, and runs of wrk against them."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bench.cases import Case

ROOT = Path(__file__).parent.parent
CONNECTIONS = 4
# What a checkout measures, printed as JSON by its own code; the data of its site comes on standard input.
CASES_OF_CHECKOUT = """
import dataclasses, json, sys
from bench.run import cases, more_cases
data = json.load(sys.stdin)
print(json.dumps([dataclasses.asdict(case) for case in (*cases(data, ""), *more_cases(data, ""))]))
"""


@dataclass(frozen=True)
class Site:
    """A site in a folder: its data, the checkout that serves it, and the parts of the speed code that are off."""

    name: str
    folder: Path
    options: tuple[str, ...] = ()  # for bench/data.py
    without: str = ""
    root: Path = ROOT

    @property
    def python(self) -> Path:
        """Return the checkout's Python, or the one that runs this if the checkout has none."""
        own = self.root / ".venv" / "bin" / "python"
        return own if own.exists() else Path(sys.executable)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of the site's processes."""
        own = {"VAR_DIR": str(self.folder), "PYTHONPATH": str(self.root), "BENCH_WITHOUT": self.without}
        return os.environ | own

    def filled(self) -> dict[str, Any]:
        """Make the folder and its database; return what the cases need to know of the data."""
        self.folder.mkdir()
        made = self._run("bench/data.py", *self.options)
        if "--floor" not in self.options:
            self._run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        return json.loads(made)

    def cases(self, data: dict[str, Any]) -> list[Case]:
        """Return the cases as the site's own checkout has them."""
        known = {field.name for field in fields(Case)}
        made = json.loads(self._run("-c", CASES_OF_CHECKOUT, sent=json.dumps(data)))
        return [
            Case(**{name: value for name, value in case.items() if name in known} | {"server": self.name})
            for case in made
        ]

    def _run(self, *arguments: str, sent: str = "") -> str:
        command = [str(self.python), *arguments]
        ran = subprocess.run(
            command, cwd=self.root, env=self.environment, input=sent, check=True, stdout=subprocess.PIPE, text=True
        )
        return ran.stdout

    @contextmanager
    def served(self, port: int) -> Iterator[int]:
        """Serve the site on the first core while the context is open; provide the number of the server's process."""
        application = "bench.floor.wsgi" if "--floor" in self.options else "quizsite.wsgi"
        server = ["taskset", "-c", "0", str(self.python.parent / "granian"), f"{application}:application"]
        options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "--log-level", "warning"]
        with subprocess.Popen([*server, *options, "--no-ws"], cwd=self.root, env=self.environment) as process:
            try:
                wait_for(port)
                yield process.pid
            finally:
                process.terminate()


def wait_for(port: int) -> None:
    """Return once a server responds at the port; raise TimeoutError after 200 tries."""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"Nothing answers on port {port}.")


def cpu_seconds(process: int) -> float:
    """Return the CPU time that the process and its children have used."""
    folder = Path(f"/proc/{process}")
    user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    children = (folder / "task" / str(process) / "children").read_text().split()
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_seconds, map(int, children)))


def drive(case: Case, port: int, process: int, seconds: int, folder: Path) -> None:
    """Send the requests of a case from the second core for so many seconds, and add what was measured to the case."""
    plan = folder / "plan"
    plan.write_text("\n".join(case.plan) + "\n")
    load = ["-s", str(ROOT / "bench" / "load.lua")]
    wrk = ["wrk", "-t1", f"-c{1 if case.timed else CONNECTIONS}", f"-d{seconds}s", *load]
    environment = os.environ | {"BENCH_PLAN": str(plan)}
    command = ["taskset", "-c", "1", *wrk, f"http://127.0.0.1:{port}"]
    before = cpu_seconds(process)
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    assert found, said
    requests, microseconds, errors, moved, middle, p99 = map(int, found.groups())
    assert not errors, f"{case.name}: {errors} of {requests} requests failed\n{said}"
    expected = requests * case.moved / case.per
    assert abs(moved - expected) <= CONNECTIONS, f"{case.name}: {moved} of {requests} requests were redirected"
    assert not case.once or requests <= len(case.plan), f"{case.name}: the plan was sent more than once"
    case.cpu.append((cpu_seconds(process) - before) / requests * case.per * 1000)
    case.rates.append(requests / case.per / microseconds * 1e6)
    case.middle.append(middle / 1000)
    case.p99.append(p99 / 1000)
    if case.once:
        case.plan = case.plan[requests - requests % case.per :]
