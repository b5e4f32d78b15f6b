"""How fast the pages are, against two floors that are measured in the same run: `make bench`; and how much slower on a
large site: `make bench ARGS=--growth`.

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
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CSRF = "b" * 32
RUNS = 3
CONNECTIONS = 4
PORT = 8790
STARTS = 3_000  # more than a run can send
AT_LEAST = 0.9  # of the small site's rate
AT_MOST = 30  # ms, to start a quiz


@dataclass
class Case:
    """A kind of request: the server that answers it, the requests to send, how many of them make one of it and how many
    of those are redirected, whether each can be sent only once, whether they are sent one after the other because what
    counts is how long one takes, and which floor it is held against."""

    name: str
    server: str
    plan: list[str]
    per: int = 1
    moved: int = 0
    once: bool = False
    timed: bool = False
    floor: str = ""
    goal: float = 0.0
    rates: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """A second, the median."""
        return statistics.median(self.rates)


def line(path: str, *, session: str = "", body: str = "", htmx: bool = False) -> str:
    """A request as load.lua reads it."""
    cookie = f"sessionid={session}; csrftoken={CSRF}" if session else ""
    return "\t".join(["POST" if body else "GET", path, cookie, "htmx" if htmx else "", body])


def floors(data: dict[str, Any]) -> list[Case]:
    """The two floors."""
    session = data["sessions"][0]
    pages = [line(f"/questions/{data['first'] + n}/", session=session) for n in range(300)]
    return [
        Case("floor a: page", "floor", pages),
        Case("floor b: answer", "floor", [line("/answers/", session=session, body="choice=2")]),
    ]


def cases(data: dict[str, Any], server: str) -> list[Case]:
    """The site's pages, as they are held against the floors."""
    people = list(zip(data["sessions"], data["attempts"], strict=True))
    pages = [[(f"{attempt}{n}/", session) for session, attempt in people] for n in range(1, data["asked"] + 1)]
    # Of each attempt, the last page is only looked at; an answer is given once, with htmx on half of the others.
    *answered, looked = pages
    half = len(answered) // 2
    body = f"csrfmiddlewaretoken={CSRF}&go=check&choice=1&confidence=unsure&shown_at={int(time.time())}"
    by_htmx = [
        line(address, session=session, body=body, htmx=True) for page in answered[:half] for address, session in page
    ]
    by_form = [
        sent
        for page in answered[half:]
        for address, session in page
        for sent in (line(address, session=session, body=body), line(address, session=session))
    ]
    page, answer = {"floor": "floor a: page"}, {"floor": "floor b: answer", "goal": 0.5, "once": True}
    return [
        Case("question", server, [line(address, session=session) for address, session in looked], **page, goal=0.8),
        Case("answer + feedback", server, by_htmx, **answer),
        Case("the same without JavaScript", server, by_form, per=2, moved=1, **answer),
        Case("home, visitor", server, [line("/")], **page, goal=1.5),
        Case("topics, visitor", server, [line("/topics/")], **page, goal=1.5),
        Case("guide, visitor", server, [line(data["topic"])], **page, goal=1.5),
    ]


def more_cases(data: dict[str, Any], server: str) -> list[Case]:
    """What is measured on a small and a large site alone: pages of people who are logged in, and starting a quiz."""
    drawn = zip(data["drawn_sessions"], data["drawn"], strict=True)
    looked = [
        line(f"{attempt}{n}/", session=session) for session, attempt in drawn for n in range(1, data["asked"] + 1)
    ]
    body = f"csrfmiddlewaretoken={CSRF}&number={data['asked']}&mode=practice&start_id="
    starts = [
        line("/practice/", session=data["sessions"][n % len(data["sessions"])], body=body + str(uuid.uuid4()))
        for n in range(STARTS)
    ]
    return [
        Case("question, any of all", server, looked, once=True),  # hardly one of them was shown before
        *(
            Case(f"{name}, logged in", server, [line(path, session=session) for session in data["members"]])
            for name, path in (("home", "/"), ("topics", "/topics/"), ("guide", data["topic"]))
        ),
        Case("start of a quiz", server, starts, moved=1, once=True, timed=True),
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
    wrk = [
        "wrk",
        "-t1",
        f"-c{1 if case.timed else CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(ROOT / "bench" / "load.lua"),
    ]
    environment = os.environ | {"BENCH_PLAN": str(plan)}
    command = ["taskset", "-c", "1", *wrk, f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    assert found, said
    requests, microseconds, errors, moved, middle, p99 = map(int, found.groups())
    assert not errors, f"{case.name}: {errors} of {requests} requests failed\n{said}"
    expected = requests * case.moved / case.per
    assert abs(moved - expected) <= CONNECTIONS, f"{case.name}: {moved} of {requests} requests were redirected"
    assert not case.once or requests <= len(case.plan), f"{case.name}: the plan was sent more than once"
    case.rates.append(requests / case.per / microseconds * 1e6)
    case.middle.append(middle / 1000)
    case.p99.append(p99 / 1000)
    if case.once:
        case.plan = case.plan[requests - requests % case.per :]


def in_turns(found: dict[str, list[Case]]) -> list[Case]:
    """The floors, then each page on one site right after it on the other."""
    floor, *sites = found.values()
    return [*floor, *(case for same in zip(*sites, strict=True) for case in same)]


def report(found: list[Case]) -> None:
    """Prints a line for each case."""
    rates = {case.name: case.rate for case in found}
    print(f"{'':30}{'a second':>9}  {'p99 ms':>7}  ratio to its floor")
    for case in found:
        ratio = case.rate / rates[case.floor] if case.floor else None
        verdict = "" if ratio is None else f"{ratio:5.2f}  {'goal' if ratio >= case.goal else 'MISSES'} {case.goal}"
        print(f"{case.name:30}{case.rate:9.0f}  {statistics.median(case.p99):7.1f}  {verdict}")


def report_growth(small: list[Case], large: list[Case]) -> None:
    """Prints a line for each case of both sites: rates, or times where those count."""
    print(f"\n{'':30}{'small/s':>8}{'large/s':>9}  large to small")
    for one, other in zip(small, large, strict=True):
        if not one.timed:
            ratio = other.rate / one.rate
            verdict = f"{ratio:5.2f}  {'goal' if ratio >= AT_LEAST else 'MISSES'} {AT_LEAST}"
            print(f"{one.name:30}{one.rate:8.0f}{other.rate:9.0f}  {verdict}")
    print(f"\n{'':30}{'median ms':>10}{'p99 ms':>8}")
    for case in (*small, *large):
        if case.timed:
            middle, p99 = statistics.median(case.middle), statistics.median(case.p99)
            verdict = f"{'goal' if middle < AT_MOST else 'MISSES'} {AT_MOST} ms"
            print(f"{f'{case.name}, {case.server}':30}{middle:10.1f}{p99:8.1f}  {verdict}")


def main() -> None:
    """Measures the pages of a site with 300 questions and 1,000 responses, and of a large one where that is wished."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="of each run")
    parser.add_argument("--growth", action="store_true", help="measure a large site as well")
    parser.add_argument("--questions", default="30000", help="of the large site")
    parser.add_argument("--responses", default="1000000", help="of the large site")
    options = parser.parse_args()
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed: Debian has it in the package {'wrk' if tool == 'wrk' else 'util-linux'}.")
    content = {"floor": ["--floor"], "small": []}
    if options.growth:
        content["large"] = ["--questions", options.questions, "--responses", options.responses]
    with tempfile.TemporaryDirectory(prefix="quizsite-bench-") as folder, ExitStack() as servers:
        data, ports = {}, {}
        for number, (name, how) in enumerate(content.items()):
            path = Path(folder) / name
            path.mkdir()
            data[name], ports[name] = filled(str(path), *how), PORT + number
            application = "bench.floor.wsgi:application" if name == "floor" else "quizsite.wsgi:application"
            servers.enter_context(served(str(path), application, ports[name]))
        found = {name: floors(data[name]) if name == "floor" else cases(data[name], name) for name in content}
        first = [*found["floor"], *found["small"]]
        if options.growth:
            for name in ("small", "large"):
                found[name] += more_cases(data[name], name)
        for _ in range(RUNS):
            for case in in_turns(found):
                drive(case, ports[case.server], options.seconds, folder)
        report(first)
        if options.growth:
            report_growth(found["small"], found["large"])


if __name__ == "__main__":
    main()
