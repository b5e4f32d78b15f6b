"""A candidate who takes a timed exam over HTTP alone, and the diary of what was sent and what came back."""

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

TYPES = ("single_choice", "multiple_choice", "true_false", "short_answer")  # those whose answers the ledger can read
CHANGES = 0.15  # of the answers are changed once more afterwards
AGAIN = 0.25  # seconds until somebody sends again what did not go through
Fields = list[tuple[str, str]]
Place = tuple[uuid.UUID, int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many take how long an exam, how fast: they begin within so many seconds, think for a time between those two
    bounds before each answer, and give up after so many seconds in which nothing went through."""

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
class Sent:
    """An answer as it was sent, and whether the server said that it is in."""

    fields: Fields
    acknowledged: bool = False


@dataclass
class Diary:
    """What the whole crowd met. Each list and dict grows by single steps, which threads may take at once."""

    answers: dict[Place, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: list[str] = field(default_factory=list)  # asked to send again, with what was sent
    cut: list[str] = field(default_factory=list)  # no response: the connection was refused or broke off
    refused: list[str] = field(default_factory=list)  # told that the time was over
    bare: list[str] = field(default_factory=list)  # anything else
    finished: list[uuid.UUID] = field(default_factory=list)  # attempts whose result was read
    acks: list[float] = field(default_factory=list)  # when answers were acknowledged

    @property
    def acknowledged(self) -> int:
        """How many answers were."""
        return len(self.acks)

    @property
    def requests(self) -> int:
        """All that were sent."""
        return sum(map(len, self.milliseconds.values())) + len(self.cut)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status: int
    location: str
    retry_after: str | None
    text: str


class Browser:
    """One connection that is kept open, and cookies."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: Fields | None = None) -> Reply:
        """The reply, of whatever status; raises OSError or HTTPException where there is none."""
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
        return Reply(response.status, response.getheader("Location", ""), response.getheader("Retry-After"), text)


class GaveUp(Exception):
    """Nothing went through for longer than somebody waits."""


class Candidate(Thread):
    """Starts an exam, answers every question, changes some answers, hands in and reads the result."""

    def __init__(self, number: int, address: str, crowd: Crowd, diary: Diary) -> None:
        super().__init__(daemon=True)
        self.crowd, self.diary = crowd, diary
        self.random, self.number = Random(number), number
        self.browser = Browser(address)

    def run(self) -> None:
        """The whole exam; what ends it early stands in the diary."""
        try:
            time.sleep(self.crowd.begin_within * self.number / self.crowd.candidates)
            self.take()
        except GaveUp as reason:
            self.diary.bare.append(f"gave up: {reason}")
        except Exception as error:
            self.diary.bare.append(f"lost the way: {error!r}")
        finally:
            self.browser.connection.close()

    def take(self) -> None:
        """From the start button to the result."""
        attempt = self.begin()
        path = f"/attempts/{attempt}/"
        for position in range(1, self.crowd.questions + 1):
            if not self.answer(attempt, position):
                break
            if position > 1 and self.random.random() < CHANGES and not self.answer(attempt, position - 1):
                break
        else:
            overview = self.send("page", f"{path}overview/")
            if not overview.location:  # it leads to the result where time ran out meanwhile
                self.send("hand in", f"{path}hand-in/", hidden(overview.text, "/hand-in/"))
        self.send("result", f"{path}result/")
        self.diary.finished.append(attempt)

    def begin(self) -> uuid.UUID:
        """An exam just started."""
        start = self.send("start page", "/practice/").text
        wishes = [("mode", "exam"), ("number", str(self.crowd.questions)), ("time_limit", "25")]
        form = hidden(start, 'action="/practice/"') + wishes + [("types", name) for name in TYPES]
        return uuid.UUID(self.send("start", "/practice/", form).location.strip("/").partition("/")[2])

    def answer(self, attempt: uuid.UUID, position: int) -> bool:
        """Whether the answer is in; where it is not, the exam is over."""
        path = f"/attempts/{attempt}/{position}/"
        reply = self.send("page", path)
        if reply.location:
            self.diary.refused.append(path)
            return False
        time.sleep(self.random.uniform(*self.crowd.think))
        form, sent = self.fill(reply.text)
        self.diary.answers[attempt, position].append(sent)
        reply = self.send("answer", path, form)
        if "/result/" in reply.location:
            self.diary.refused.append(path)
            return False
        sent.acknowledged = True
        self.diary.acks.append(time.monotonic())
        return True

    def fill(self, page: str) -> tuple[Fields, Sent]:
        """The page's form with some answer, and that answer."""
        form = page.partition('id="turn"')[2].partition("</form>")[0]
        if 'name="text"' in form:
            filled = [("text", f"{self.number}: {self.random.random()}")]
        else:
            places = re.findall(r'name="choice" value="(\d+)"', form)
            many = 'type="checkbox" name="choice"' in form
            filled = [("choice", place) for place in self.random.sample(places, 2 if many else 1)]
        rest = hidden(page, 'id="turn"')
        return [*rest, *filled, ("confidence", "unsure"), ("go", "save")], Sent(filled)

    def send(self, kind: str, path: str, fields: Fields | None = None) -> Reply:
        """The reply that the candidate goes on from; what does not go through is sent again, as the page offers it."""
        until = time.monotonic() + self.crowd.patience
        while time.monotonic() < until:
            reply = self.once(kind, path, fields)
            if reply is None:
                pass
            elif reply.status < 400:
                return reply
            elif reply.status == 503 and reply.retry_after and is_offered(reply.text, path, fields):
                self.diary.told.append(f"{kind} {path}")
            else:
                self.diary.bare.append(f"{kind} {path}: {reply.status} {reply.text[:300]}")
            time.sleep(AGAIN)
        raise GaveUp(f"{kind} {path}")

    def once(self, kind: str, path: str, fields: Fields | None) -> Reply | None:
        """The reply, if any came."""
        began = time.perf_counter()
        try:
            reply = self.browser.ask(path, fields)
        except (OSError, HTTPException) as error:
            self.diary.cut.append(f"{kind} {path}: {error!r}")
            return None
        self.diary.milliseconds[kind].append((time.perf_counter() - began) * 1000)
        return reply


def hidden(page: str, mark: str) -> Fields:
    """The hidden fields of the form that the mark stands in the beginning of."""
    form = page.partition(mark)[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return [(name, html.unescape(value)) for name, value in found]


def is_offered(page: str, path: str, fields: Fields | None) -> bool:
    """Whether a page that refuses says so in words, with what was sent to send it again."""
    if fields is None:
        return "Out of order for a moment" in page
    again = hidden(page, f'action="{path}"')
    return "This was not saved yet" in page and sorted(again) == sorted(fields)


def gather(address: str, crowd: Crowd, diary: Diary) -> list[Candidate]:
    """The candidates, who have begun to come."""
    people = [Candidate(number, address, crowd, diary) for number in range(crowd.candidates)]
    for each in people:
        each.start()
    return people


def percentile(values: list[float], share: float) -> float:
    """The value that the share of them does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
