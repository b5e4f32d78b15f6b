"""How fast the pages are, against two floors that are measured in the same run: `make bench`.

The production server is pinned to one core and driven by wrk from another. Figures are medians of three runs, as
requests a second and as ratios; the runs of all pages take turns, so that a machine that slows down slows all of them.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CSRF = "b" * 32
RUNS = 3
CONNECTIONS = 4
PORT = 8790


@dataclass
class Case:
    """A kind of request: the server that answers it, the requests to send, how many of them make one of it, and which
    floor it is held against."""

    name: str
    server: str
    plan: list[str]
    per: int = 1
    floor: str = ""
    goal: float = 0.0
    rates: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """A second, the median."""
        return statistics.median(self.rates)


def line(path: str, *, session: str = "", body: str = "") -> str:
    """A request as load.lua reads it."""
    cookie = f"sessionid={session}; csrftoken={CSRF}" if session else ""
    return "\t".join(["POST" if body else "GET", path, cookie, body])


def floors(data: dict[str, Any]) -> list[Case]:
    """The two floors."""
    session = data["sessions"][0]
    pages = [line(f"/questions/{data['first'] + n}/", session=session) for n in range(300)]
    return [
        Case("floor a: page", "floor", pages),
        Case("floor b: answer", "floor", [line("/answers/", session=session, body="choice=2")]),
    ]


def cases(data: dict[str, Any], server: str = "site") -> list[Case]:
    """The site's pages."""
    people = list(zip(data["sessions"], data["attempts"], strict=True))
    last = data["asked"]
    # The first half of each attempt is answered by the second case, the second half is only looked at.
    looked = [
        line(f"{attempt}{n}/", session=session) for n in range(last // 2 + 1, last + 1) for session, attempt in people
    ]
    body = f"csrfmiddlewaretoken={CSRF}&go=check&choice=1&confidence=unsure&shown_at={int(time.time())}"
    answered = []
    for n in range(1, last // 2 + 1):
        for session, attempt in people:
            address = f"{attempt}{n}/"
            answered += [line(address, session=session, body=body), line(address, session=session)]
    return [
        Case("question", server, looked, floor="floor a: page", goal=0.8),
        Case("answer + feedback", server, answered, per=2, floor="floor b: answer", goal=0.5),
        Case("home, visitor", server, [line("/")], floor="floor a: page", goal=1.5),
        Case("topics, visitor", server, [line("/topics/")], floor="floor a: page", goal=1.5),
        Case("guide, visitor", server, [line(data["topic"])], floor="floor a: page", goal=1.5),
    ]


@contextmanager
def served(folder: str, application: str, port: int) -> Iterator[None]:
    """Serves from the folder on one core while it is open."""
    environment = os.environ | {"VAR_DIR": folder, "PYTHONPATH": str(ROOT)}
    server = ["taskset", "-c", "0", str(Path(sys.executable).parent / "granian"), application]
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "--log-level", "warning"]
    with subprocess.Popen([*server, *options, "--no-ws"], cwd=ROOT, env=environment) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Returns once something answers there."""
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


def filled(folder: str, *options: str) -> dict[str, Any]:
    """What the folder's database was filled with."""
    environment = os.environ | {"VAR_DIR": folder}
    command = [sys.executable, str(ROOT / "bench" / "data.py"), *options]
    made = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    if "--floor" not in options:
        collect = [sys.executable, str(ROOT / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, env=environment, check=True)
    return json.loads(made.stdout)


def drive(case: Case, port: int, seconds: int, folder: str) -> None:
    """One run: adds its rate to the case."""
    plan = Path(folder) / "plan"
    plan.write_text("\n".join(case.plan) + "\n")
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(ROOT / "bench" / "load.lua")]
    environment = os.environ | {"BENCH_PLAN": str(plan)}
    command = ["taskset", "-c", "1", *wrk, f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    assert found, said
    requests, microseconds, errors, _median, p99 = map(int, found.groups())
    assert not errors, f"{case.name}: {errors} of {requests} requests failed\n{said}"
    assert case.per == 1 or requests <= len(case.plan), f"{case.name}: the plan was sent more than once"
    case.rates.append(requests / case.per / microseconds * 1e6)
    case.p99.append(p99 / 1000)
    if case.per > 1:
        case.plan = case.plan[requests - requests % case.per :]


def report(found: list[Case]) -> None:
    """Prints a line for each case."""
    rates = {case.name: case.rate for case in found}
    print(f"{'':26}{'a second':>9}  {'p99 ms':>7}  ratio to its floor")
    for case in found:
        ratio = case.rate / rates[case.floor] if case.floor else None
        verdict = "" if ratio is None else f"{ratio:5.2f}  {'goal' if ratio >= case.goal else 'MISSES'} {case.goal}"
        print(f"{case.name:26}{case.rate:9.0f}  {statistics.median(case.p99):7.1f}  {verdict}")


def main() -> None:
    """Measures the pages of a site with 300 questions and 1,000 responses."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="of each run")
    seconds = parser.parse_args().seconds
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed: Debian has it in the package {'wrk' if tool == 'wrk' else 'util-linux'}.")
    with tempfile.TemporaryDirectory(prefix="quizsite-bench-") as folder:
        paths = {name: str(Path(folder) / name) for name in ("floor", "site")}
        for path in paths.values():
            Path(path).mkdir()
        floor, site = filled(paths["floor"], "--floor"), filled(paths["site"])
        found = [*floors(floor), *cases(site)]
        with (
            served(paths["floor"], "bench.floor.wsgi:application", PORT),
            served(paths["site"], "quizsite.wsgi:application", PORT + 1),
        ):
            ports = {"floor": PORT, "site": PORT + 1}
            for _ in range(RUNS):
                for case in found:
                    drive(case, ports[case.server], seconds, folder)
        report(found)


if __name__ == "__main__":
    main()
