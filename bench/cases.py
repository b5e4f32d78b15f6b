"""The requests that are measured: of two floors, and of the site's pages."""

import statistics
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

CSRF = "b" * 32
STARTS = 3_000  # more than a run can send
VERSIONS = 10  # of what a candidate writes or chooses on a page before the first one is sent again
EACH = (  # cases that a part is measured by
    *("question", "answer + feedback", "home, visitor", "topics, visitor", "guide, visitor"),
    *("home, logged in", "guide, logged in", "start of a quiz"),
)


@dataclass
class Case:
    """A kind of request to one server, and what was measured."""

    name: str
    server: str
    plan: list[str]  # the requests, as `line` writes them
    per: int = 1  # requests that count as one
    moved: int = 0  # how many of these are redirected
    once: bool = False  # each request of the plan can be sent only once
    timed: bool = False  # requests are sent one after the other, since what counts is how long one takes
    floor: str = ""  # the case that its rate is compared with
    goal: float = 0.0  # for the ratio to its floor
    rates: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return how many were answered in a second: the median of the runs."""
        return statistics.median(self.rates)

    @property
    def slowest(self) -> float:
        """Return the 99th percentile of the time in milliseconds: the median of the runs."""
        return statistics.median(self.p99)

    @property
    def cost(self) -> float:
        """Return the milliseconds of CPU time that the server needed for one: the median of the runs."""
        return statistics.median(self.cpu)


def line(path: str, *, session: str = "", body: str = "", htmx: bool = False) -> str:
    """Return a request as load.lua reads it."""
    cookie = f"sessionid={session}; csrftoken={CSRF}" if session else ""
    return "\t".join(["POST" if body else "GET", path, cookie, "htmx" if htmx else "", body])


def body(**fields: object) -> str:
    """Return what a question page sends: these fields, and those that all pages have."""
    page = {"csrfmiddlewaretoken": CSRF, "shown_at": int(time.time()), "seen": "", "page": uuid.uuid4(), "number": 1}
    return urlencode(page | {"based_on": "", "note": "", "note_seen": ""} | fields)


def drafts(data: dict[str, Any], writers: str) -> list[str]:
    """Return the saves of pages on which candidates write an answer or choose an option; the page's form reads one."""
    people = zip(data[f"{writers}_sessions"], data[f"{writers}_attempts"], strict=True)
    pages = [
        (f"{attempt}{n}/draft/", session, uuid.uuid4())
        for session, attempt in people
        for n in range(1, data["asked"] + 1)
    ]
    text = "The server promises nothing yet, and version {} of this says so in a few words. " * 5
    return [
        line(address, session=session, body=body(page=page, text=text.format(*[n] * 5), choice=n % 3 + 1))
        for n in range(VERSIONS)
        for address, session, page in pages
    ]


def floors(data: dict[str, Any]) -> list[Case]:
    """Return the cases of the two floors."""
    session = data["sessions"][0]
    pages = [line(f"/questions/{data['first'] + n}/", session=session) for n in range(300)]
    return [
        Case("floor a: page", "floor", pages),
        Case("floor b: answer", "floor", [line("/answers/", session=session, body="choice=2")]),
    ]


def cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the cases that are compared with the floors."""
    people = list(zip(data["sessions"], data["attempts"], strict=True))
    pages = [[(f"{attempt}{n}/", session) for session, attempt in people] for n in range(1, data["asked"] + 1)]
    # Of each attempt, the last page is only looked at; an answer is given once, with htmx on half of the others.
    *answered, looked = pages
    half = len(answered) // 2
    checked = {"go": "check", "choice": 1, "confidence": "unsure"}
    by_htmx = [
        line(address, session=session, body=body(**checked), htmx=True)
        for page in answered[:half]
        for address, session in page
    ]
    by_form = [
        sent
        for page in answered[half:]
        for address, session in page
        for sent in (line(address, session=session, body=body(**checked)), line(address, session=session))
    ]
    page: dict[str, Any] = {"floor": "floor a: page"}
    answer: dict[str, Any] = {"floor": "floor b: answer", "goal": 0.5, "once": True}
    return [
        Case("question", server, [line(address, session=session) for address, session in looked], **page, goal=0.8),
        Case("answer + feedback", server, by_htmx, **answer),
        Case("the same without JavaScript", server, by_form, per=2, moved=1, **answer),
        Case("draft", server, drafts(data, "writing"), floor="answer + feedback", goal=3),
        Case("draft, exam", server, drafts(data, "examined"), floor="answer + feedback", goal=3),
        Case("home, visitor", server, [line("/")], **page, goal=1.5),
        Case("topics, visitor", server, [line("/topics/")], **page, goal=1.5),
        Case("guide, visitor", server, [line(data["topic"])], **page, goal=1.5),
    ]


def more_cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the other cases of a site: questions drawn at random, pages of members, and the start of a quiz."""
    drawn = zip(data["drawn_sessions"], data["drawn_attempts"], strict=True)
    looked = [
        line(f"{attempt}{n}/", session=session) for session, attempt in drawn for n in range(1, data["asked"] + 1)
    ]
    chosen = f"csrfmiddlewaretoken={CSRF}&number={data['asked']}&mode=practice&start_id="
    starts = [
        line("/practice/", session=data["sessions"][n % len(data["sessions"])], body=chosen + str(uuid.uuid4()))
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


def each_cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the cases by which the parts of the speed code are measured."""
    every = {case.name: case for case in (*cases(data, server), *more_cases(data, server))}
    return [every[name] for name in EACH]
