"""The real server: graceful stop on signals, log format and metrics."""

import json
import re
import signal
import socket
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from questions.tests.processes import run
from questions.tests.server_process import Visitor, free_port, hidden, served


def rows(site: Path, query: str) -> list[tuple]:
    """Return the result of a query on the site's database."""
    with closing(sqlite3.connect(site / "quizsite.sqlite3")) as database, database:
        return database.execute(query).fetchall()


class TestStop:
    """A stopping server finishes its requests."""

    @pytest.fixture
    def begun(self, prepared_site: Path) -> Iterator[tuple]:
        with served(prepared_site, LOG_FORMAT="json", LOG_REQUESTS="true", THREADS="1") as (process, address):
            visitor = Visitor(address)
            path, page = visitor.start_quiz()
            body = urlencode(hidden(page.partition('id="turn"')[2]) | {"choice": "1", "go": "check"}).encode()
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.cookies)
            host, port = address.removeprefix("http://").split(":")
            head = [
                f"POST {path} HTTP/1.1",
                f"Host: {host}:{port}",
                f"Cookie: {cookies}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                "Expect: 100-continue",
                "X-Request-ID: the-last-answer",
            ]
            with closing(socket.create_connection((host, int(port)), timeout=60)) as line:
                line.sendall("\r\n".join([*head, "", ""]).encode())
                # The server says so when the application begins to read the body: the request is in flight.
                assert line.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
                yield process, line, body, path

    def test_answer_in_flight_is_saved_and_its_response_sent(self, prepared_site: Path, begun):
        process, line, body, path = begun
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 30
        while takes_more(line.getpeername()):
            assert time.monotonic() < deadline, "the signal was not heard"
        line.sendall(body)
        answer = line.recv(10_000).decode()
        assert answer.startswith("HTTP/1.1 302")
        assert "x-request-id: the-last-answer" in answer.lower()
        attempt, position = re.fullmatch(r"/attempts/(.+)/(\d+)/", path).groups()
        kept = rows(
            prepared_site,
            "SELECT position FROM questions_response JOIN questions_attempt a ON a.id = attempt_id "
            f"WHERE answered_at IS NOT NULL AND a.public_id = '{attempt.replace('-', '')}'",
        )
        assert kept == [(int(position),)]

        line.close()
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0
        entries = [json.loads(each) for each in log.splitlines()]
        told = [
            (each["method"], each["status"], each["view"])
            for each in entries
            if each["request_id"] == "the-last-answer"
        ]
        assert told == [("POST", 302, "question")]


def takes_more(address: tuple[str, int]) -> bool:
    """Whether a server listens on the port."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


class TestMetrics:
    def test_metrics_are_summed_over_the_workers_on_their_own_port(self, prepared_site: Path):
        port = str(free_port())
        with served(prepared_site, METRICS_PORT=port, WORKERS="2") as (_, address):
            crowd = [Visitor(address) for _ in range(8)]
            for visitor in crowd:
                visitor.visit("/topics/")
            visitor.visit("/nowhere/")
            visitor.visit("/static/nothing.css")
            path, page = visitor.start_quiz()
            visitor.visit(path, hidden(page.partition('id="turn"')[2]) | {"choice": "1", "go": "check"})
            rows(prepared_site, "ALTER TABLE questions_quiz RENAME TO gone")
            assert visitor.visit("/")[0].status == 503
            rows(prepared_site, "ALTER TABLE gone RENAME TO questions_quiz")
            shown = scraped(port)
        assert shown['quizsite_request_seconds_count{method="GET",status="200",view="topics"}'] == len(crowd)
        assert shown['quizsite_request_seconds_count{method="GET",status="404",view="none"}'] == 1
        assert shown['quizsite_request_seconds_count{method="GET",status="404",view="static"}'] == 1
        assert shown['quizsite_request_seconds_count{method="GET",status="503",view="home"}'] == 1
        assert shown['quizsite_request_seconds_bucket{le="+Inf",method="POST",status="302",view="question"}'] == 1
        assert shown["quizsite_answers_total"] == 1
        assert shown['quizsite_database_errors_total{error="OperationalError"}'] == 1

    def test_metrics_are_off_and_local_by_default(self, settings):
        assert (settings.METRICS_PORT, settings.METRICS_HOST) == (0, "127.0.0.1")
        assert "quizsite.monitoring.metrics.MetricsMiddleware" not in settings.MIDDLEWARE

    def test_taken_metrics_port_is_refused(self, prepared_site: Path):
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = str(taken.getsockname()[1])
            code, _, errors = run(prepared_site, "serve", "--port", str(free_port()), METRICS_PORT=port)
        assert code == 1
        assert "METRICS_PORT=" in errors


def scraped(port: str) -> dict[str, float]:
    """Return every sample by name and labels, parsed as by Prometheus."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
        lines = response.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}
