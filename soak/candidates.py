"""Simulated candidates who take a timed exam over HTTP, and the log of their requests and answers."""

import html
import re
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from random import Random
from threading import Thread
from urllib.parse import urlencode

# Question types whose stored answers `ledger` can compare with the sent ones.
TYPES = ("single_choice", "multiple_choice", "true_false", "short_answer")
CHANGE_RATE = 0.15  # share of the answers that are changed afterwards
RETRY_DELAY = 0.25  # seconds
Fields = list[tuple[str, str]]
ResponseKey = tuple[uuid.UUID, int]  # the attempt and the position in it


@dataclass(frozen=True, slots=True)
class Crowd:
    """Number of candidates, length of their exam, and pace in seconds.

    They start within `begin_within`, think between the two bounds of `think` before each answer, and give up after
    `patience` without success.
    """

    candidates: int = 200
    questions: int = 20
    begin_within: float = 30
    think: tuple[float, float] = (2, 6)
    patience: float = 60

    def __str__(self) -> str:
        return (
            f"{self.candidates} candidates begin an exam of {self.questions} questions within {self.begin_within:g} s "
            f"and think for {self.think[0]:g} to {self.think[1]:g} s"
        )


@dataclass
class SentAnswer:
    """An answer that was sent, and whether the server acknowledged it."""

    fields: Fields
    acknowledged: bool = False


@dataclass
class RequestLog:
    """Log of all requests of the crowd; appending to a list or a dict is thread-safe."""

    answers: dict[ResponseKey, list[SentAnswer]] = field(default_factory=lambda: defaultdict(list))
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unavailable: list[str] = field(default_factory=list)  # 503 pages that offered to send the same again
    disconnected: list[str] = field(default_factory=list)  # no response: connection refused or closed
    refused: list[str] = field(default_factory=list)  # answers refused because the time was over
    errors: list[str] = field(default_factory=list)  # anything else
    finished: list[uuid.UUID] = field(default_factory=list)  # attempts whose result was read
    acknowledged_at: list[float] = field(default_factory=list)  # monotonic time of each acknowledged answer

    @property
    def acknowledged(self) -> int:
        """Return the number of acknowledged answers."""
        return len(self.acknowledged_at)

    @property
    def requests(self) -> int:
        """Return the number of requests sent."""
        return sum(map(len, self.milliseconds.values())) + len(self.disconnected)


@dataclass(frozen=True, slots=True)
class Response:
    """Response of the server."""

    status: int
    location: str
    retry_after: str | None
    text: str


class Browser:
    """HTTP client with one persistent connection and cookies."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address, timeout=60)
        self.cookies: dict[str, str] = {}

    def request(self, path: str, fields: Fields | None = None) -> Response:
        """Return the response, of any status; raise OSError or HTTPException if there is none."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if fields is None else urlencode(fields)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request("GET" if body is None else "POST", path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException):
            self.connection.close()
            raise
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Response(response.status, response.getheader("Location", ""), response.getheader("Retry-After"), text)


class GaveUp(Exception):
    """No request succeeded within the candidate's patience."""


class Candidate(Thread):
    """Thread that starts an exam, answers every question, changes some answers, hands in and reads the result."""

    def __init__(self, number: int, address: str, crowd: Crowd, log: RequestLog) -> None:
        super().__init__(daemon=True)
        self.crowd, self.log = crowd, log
        self.random, self.number = Random(number), number
        self.browser = Browser(address)

    def run(self) -> None:
        """Take the exam and log what ends it early."""
        try:
            time.sleep(self.crowd.begin_within * self.number / self.crowd.candidates)
            self.take()
        except GaveUp as reason:
            self.log.errors.append(f"gave up: {reason}")
        except Exception as error:
            self.log.errors.append(f"failed: {error!r}")
        finally:
            self.browser.connection.close()

    def take(self) -> None:
        """Take the exam from the start page to the result."""
        attempt = self.begin()
        path = f"/attempts/{attempt}/"
        for position in range(1, self.crowd.questions + 1):
            if not self.answer(attempt, position):
                break
            if position > 1 and self.random.random() < CHANGE_RATE and not self.answer(attempt, position - 1):
                break
        else:
            overview = self.send("page", f"{path}overview/")
            if not overview.location:  # it redirects to the result if time has run out
                self.send("hand in", f"{path}hand-in/", hidden(overview.text, "/hand-in/"))
        self.send("result", f"{path}result/")
        self.log.finished.append(attempt)

    def begin(self) -> uuid.UUID:
        """Start an exam and return its public id."""
        start = self.send("start page", "/practice/").text
        choices = [("mode", "exam"), ("number", str(self.crowd.questions)), ("time_limit", "25")]
        form = hidden(start, 'action="/practice/"') + choices + [("types", name) for name in TYPES]
        return started(self.send("start", "/practice/", form))

    def answer(self, attempt: uuid.UUID, position: int) -> bool:
        """Answer a question; return False if the exam is over."""
        path = f"/attempts/{attempt}/{position}/"
        response = self.send("page", path)
        if response.location:
            self.log.refused.append(path)
            return False
        time.sleep(self.random.uniform(*self.crowd.think))
        form, sent = self.fill(response.text)
        self.log.answers[attempt, position].append(sent)
        response = self.send("answer", path, form)
        if "/result/" in response.location:
            self.log.refused.append(path)
            return False
        sent.acknowledged = True
        self.log.acknowledged_at.append(time.monotonic())
        return True

    def fill(self, page: str) -> tuple[Fields, SentAnswer]:
        """Return the fields of the page's form with a random answer, and that answer."""
        filled = self.random_answer(page)
        rest = hidden(page, 'id="turn"')
        return [*rest, *filled, ("confidence", "unsure"), ("go", "save")], SentAnswer(filled)

    def random_answer(self, page: str) -> Fields:
        """Return a random answer to the question on the page."""
        form = page.partition('id="turn"')[2].partition("</form>")[0]
        if 'name="text"' in form:
            return [("text", f"{self.number}: {self.random.random()}")]
        positions = re.findall(r'name="choice" value="(\d+)"', form)
        many = 'type="checkbox" name="choice"' in form
        return [("choice", position) for position in self.random.sample(positions, 2 if many else 1)]

    def send(self, kind: str, path: str, fields: Fields | None = None) -> Response:
        """Return the successful response; repeat the request until then, and raise GaveUp after the patience."""
        until = time.monotonic() + self.crowd.patience
        while time.monotonic() < until:
            response = self.send_once(kind, path, fields)
            if response is None:
                pass
            elif response.status < 400:
                return response
            elif response.status == 503 and response.retry_after and offers_retry(response.text, path, fields):
                self.log.unavailable.append(f"{kind} {path}")
            else:
                self.log.errors.append(f"{kind} {path}: {response.status} {response.text[:300]}")
            time.sleep(RETRY_DELAY)
        raise GaveUp(f"{kind} {path}")

    def send_once(self, kind: str, path: str, fields: Fields | None) -> Response | None:
        """Return the response, or None if there is none."""
        started = time.perf_counter()
        try:
            response = self.browser.request(path, fields)
        except (OSError, HTTPException) as error:
            self.log.disconnected.append(f"{kind} {path}: {error!r}")
            return None
        self.log.milliseconds[kind].append((time.perf_counter() - started) * 1000)
        return response


def started(response: Response) -> uuid.UUID:
    """Return the public id of the attempt that a start redirects to."""
    return uuid.UUID(response.location.strip("/").partition("/")[2])


def hidden(page: str, mark: str) -> Fields:
    """Return the hidden fields of the form that contains the mark."""
    form = page.partition(mark)[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return [(name, html.unescape(value)) for name, value in found]


def offers_retry(page: str, path: str, fields: Fields | None) -> bool:
    """Return whether an error page explains the outage and has a form that sends the same fields again."""
    if fields is None:
        return "Site temporarily unavailable" in page
    retry = hidden(page, f'action="{path}"')
    return "Not saved yet" in page and sorted(retry) == sorted(fields)


def start_candidates(address: str, crowd: Crowd, log: RequestLog, kind: type[Candidate] = Candidate) -> list[Candidate]:
    """Start a thread for each candidate and return them."""
    candidates = [kind(number, address, crowd, log) for number in range(crowd.candidates)]
    for candidate in candidates:
        candidate.start()
    return candidates


def percentile(values: list[float], share: float) -> float:
    """Return the percentile of the values for a share of 0 to 1; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
